"""Each command of the documentation is run, and prints what its page says; each plan it shows is one."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
import yaml

from sap.plan.json_schema import plan_schema

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BESIDE = ("examples", "tests/other_trial", "tests/new_method")
"""What of the repository the commands of the pages use."""
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)
MARK = "@@command"


@dataclass(frozen=True)
class Command:
    text: str
    printed: str
    """What the page prints below it; … stands for anything."""

    def agrees(self, output: str) -> bool:
        lines = [line.rstrip() for line in self.printed.splitlines()]
        pattern = "".join(
            "(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n" for line in lines
        )
        told = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
        return re.fullmatch(pattern, told) is not None


def blocks(page: Path) -> list[tuple[str, str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[Command]:
    """Return what a page has a reader do, in its order: write a file, run Python, type a command."""
    found = []
    for language, title, body in blocks(page):
        if title:
            found.append(Command(f"mkdir -p \"$(dirname '{title}')\" && cat > '{title}' <<'@@end'\n{body}@@end", ""))
        elif language == "python":
            found.append(Command(f"python - <<'@@end'\n{body}@@end", "…"))
        elif language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                text, _, printed = part.partition("\n")
                if (
                    text.startswith("Rscript")
                    and shutil.which("Rscript") is None
                    and "SAP_SKIP_NOTHING" not in os.environ
                ):
                    continue
                found.append(Command(text, printed.strip("\n")))
    return found


def run(typed: list[Command], folder: Path) -> list[tuple[str, int]]:
    """Type the commands into one shell; return what each printed, and its exit code."""
    script = "".join(f"echo; echo '{MARK}'\n{c.text}\n__code=$?; echo; echo \"{MARK} $__code\"\n" for c in typed)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAP_", "PYTHONPATH"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**kept, "PATH": path, "COLUMNS": "400", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    told = re.findall(rf"\n{MARK}\n(.*?)\n{MARK} (\d+)\n", done.stdout, re.DOTALL)
    return [(output.strip("\n"), int(code)) for output, code in told]


@pytest.mark.parametrize("page", [p for p in PAGES if commands(p)], ids=lambda p: p.stem)
def test_the_commands_of_a_page_print_what_it_says(page, tmp_path):
    for name in BESIDE:
        shutil.copytree(ROOT / name, tmp_path / name)
    typed = commands(page)
    told = run(typed, tmp_path)
    assert len(told) == len(typed), told[-1:]
    wrong = [
        f"$ {c.text}\n{output}" for c, (output, code) in zip(typed, told, strict=True) if code or not c.agrees(output)
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_file_of_yaml_that_a_page_shows_is_yaml(page):
    for language, title, body in blocks(page):
        assert language != "yaml" or isinstance(yaml.safe_load(body), dict), title


def plan_snippets():
    return [
        pytest.param(body, id=f"{page.stem}-{n}")
        for page in PAGES
        for n, (language, title, body) in enumerate(blocks(page))
        if language == "yaml" and not title
    ]


@pytest.mark.parametrize("text", plan_snippets())
def test_a_part_of_a_plan_that_a_page_shows_is_one_by_the_schema(text):
    schema = plan_schema()
    stated = yaml.safe_load(text)
    assert set(stated) <= set(schema["properties"])
    for key, value in stated.items():
        jsonschema.validate(value, {"$defs": schema["$defs"], **schema["properties"][key]})


def test_every_block_of_a_page_is_of_a_kind_that_is_tested():
    kinds = {(language, page.name) for page in PAGES for language, title, _ in blocks(page) if not title}
    untested = {(kind, page) for kind, page in kinds if kind not in {"console", "python", "yaml"}}
    assert untested == set(), "mark it console, python or yaml, or give it the title of a file"
