"""Text that Markdown, Quarto, HTML, Typst or great_tables could take for more than text, in every text of plan and data."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree, ignore_patterns
from zipfile import ZipFile

import pytest
import yaml

from analysis.pipeline.analyse import analyse
from analysis.results.seal_state import SealState
from reports.commands.new import new
from reports.engines.embedded.links import check_beside
from reports.engines.embedded.site import render_site
from reports.formats.csv_files import csv_files
from reports.formats.documents import files_beside
from reports.pages.large import pages_apart
from reports.run.shown import read_run
from reports.words.file_names import LATER
from reports.words.numbers import shown
from sap.reading.post_hoc import read_whole_plan
from sap.text.files import replace_whole

MARKS = ("{{< x >}} [l](y) *b* `c` <i>&lt;", "{python} @r $m$ #h ~s^ --o", "\\e src=//z.org ![l](y) ``` w!")
"""One for each text in turn: a figure has no room for all."""
TERM = f"Rash {' '.join(MARKS)}"
NOT_TEXT = {"where", "value", "values", "codelist", "event", "order", "data_subset"}
"""Keys below which stand values of the data."""
RAW = re.compile(
    r"^(?P<fence>`{3,})\{=html\}\n.*?^(?P=fence)$|`[^`]*`\{=html\}|\{[^{}\n]*=\"(?:\\.|[^\"\\])*\"[^{}\n]*\}",
    re.MULTILINE | re.DOTALL,
)
"""What Quarto leaves alone: raw HTML, and attributes."""


def hostile(part, planted: list[str], path=()):
    """Return a part of a plan with the mark behind every text."""
    if isinstance(part, dict):
        return {key: hostile(value, planted, (*path, key)) for key, value in part.items()}
    if isinstance(part, list):
        return [hostile(value, planted, path) for value in part]
    if isinstance(part, str) and " " in part.strip() and not NOT_TEXT.intersection(path):
        mark = MARKS[len(planted) % len(MARKS)]
        planted.append(" ".join(f"{part.strip()} {mark}".split()))
        return f"{part.strip()} {mark}"
    return part


BESIDE_WORDS = frozenset({"a", "span", "em", "strong", "code", "sup", "u", "i", "b", "math"})
"""Tags that do not part words; each other one does."""


class Words(HTMLParser):
    """What a reader sees or hears of a page; the record of a number, which is cut short, is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.silent = "", False

    def handle_starttag(self, tag, attrs):
        self.silent = tag in {"style", "script"}
        self.text += " " if tag not in BESIDE_WORDS and ":" not in tag else ""
        self.text += "".join(f" {value} " for name, value in attrs if name in {"alt", "aria-label"})

    def handle_endtag(self, tag):
        self.silent = False
        self.text += " " if tag not in BESIDE_WORDS and ":" not in tag else ""

    def handle_data(self, data):
        self.text += "" if self.silent else data


@pytest.fixture(scope="module")
def made(plan_file, folder, tmp_path_factory):
    """The pages of a new study whose plan and data are hostile: what was planted, the pages as run, and the site."""
    home = tmp_path_factory.mktemp("hostile") / "study"
    new(home, render=False)
    planted: list[str] = []
    plan = hostile(yaml.safe_load(plan_file.read_text(encoding="utf-8")), planted)
    (home / "sap" / "plan.yml").write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for source in folder.glob("*.csv"):
        text = source.read_text(encoding="utf-8").replace(",Rash,", f',"{TERM}",')
        (home / "data" / source.name).write_text(text, encoding="utf-8")
    analyse(
        home / "sap" / "plan.yml", home / "data", home / "results", SealState("draft"), shown=shown, tell=lambda _: None
    )
    env = {**os.environ, "SAP_PRERENDER": "done", "SAP_DOWNLOADS": "csv"}
    pages = render_site(home, home / "_site", env, lambda _: None, later=LATER).executed
    run = read_run(read_whole_plan(home / "sap" / "plan.yml"), home / "results")
    for name, content in {**csv_files(run), **pages_apart(run)}.items():
        replace_whole(home / "_site" / name, content)
    check_beside(home / "_site", LATER)
    return planted, pages, home / "_site" / "reports", files_beside(run, pages, {"docx", "rtf"}, lambda _: None)


def visible(page: Path) -> str:
    words = Words()
    words.feed(page.read_text(encoding="utf-8"))
    return " ".join(words.text.split())


def whole(text: str) -> int:
    """Return how often a mark stands in a text, none of them hurt."""
    for mark in MARKS:
        for piece in mark.split():
            assert piece in {"[l](y)", "x"} or text.count(piece) == text.count(mark), (
                piece,
                text.count(piece),
                text.count(mark),
            )
    return sum(map(text.count, MARKS))


def test_every_text_of_plan_and_data_is_seen_as_it_was_written(made):
    planted, _, site, _ = made
    pages = {page.stem: visible(page) for page in sorted(site.glob("**/*.html"))}
    assert {name for name, text in pages.items() if whole(text)} >= {
        "index",
        "sap",
        "tables",
        "figures",
        "listings",
        "RESPONSE",
    }
    everything = " ".join(pages.values())
    assert len(planted) > 100
    assert [text for text in planted if text not in everything] == []


def test_nothing_of_it_is_left_for_quarto_to_carry_out(made):
    for page in made[1]:
        markdown = "".join(piece.text for piece in page.pieces if not piece.own)
        assert "{{<" not in RAW.sub("", markdown), page.page


def test_a_document_and_the_files_of_tables_show_it_too(made, tmp_path):
    files = made[3]
    for name in ("documents/manuscript.docx", "documents/analysis-plan.docx"):
        (tmp_path / "paper.docx").write_bytes(files[name])
        xml = ZipFile(tmp_path / "paper.docx").read("word/document.xml").decode()
        paragraphs = Words()
        paragraphs.feed(xml.replace("<w:noBreakHyphen/>", "-").replace("<w:p>", "<p>").replace("</w:p>", "</p>"))
        assert whole(" ".join(paragraphs.text.split()))
    for name, content in files.items():
        if name.endswith(".rtf"):
            assert content.count(rb"\{\{< x >\}\}") == content.count(b"*b* `c` <i>&lt;"), name


def test_after_quarto_the_records_stand_beside_the_pages_and_every_link_arrives(made, tmp_path):
    home = made[2].parents[1]
    script, site = home / "reports" / "postrender.py", tmp_path / "site"
    copytree(home / "_site", site, ignore=ignore_patterns("csv", "trace"))
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("SAP_", "QUARTO_"))}

    def after(**env):
        told = {**usual, "QUARTO_PROJECT_OUTPUT_DIR": str(site), **env}
        return subprocess.run([sys.executable, script], env=told, cwd=home, capture_output=True, text=True, check=False)

    for nothing in ({"SAP_PRERENDER": "done"}, {"QUARTO_PROFILE": "manuscript"}):
        assert after(**nothing).returncode == 0
        assert not (site / "csv").exists()
        assert not (site / "reports" / "trace").exists()
    done = after()
    assert done.returncode == 0, done.stderr
    for line in (site / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert sha256((site / name).read_bytes()).hexdigest() == digest
    records = sorted((home / "_site" / "reports" / "trace").iterdir())
    assert [p.read_bytes() for p in records] == [(site / "reports/trace" / p.name).read_bytes() for p in records] != []
    offered = set(
        re.findall(r'href="\.\./(csv/[^"]+)" download', (site / "reports" / "tables.html").read_text(encoding="utf-8"))
    )
    assert offered == {p.relative_to(site).as_posix() for p in (site / "csv").glob("TAB-*.csv")} != set()
    (home / "results" / "ard.csv").write_text("x", encoding="utf-8")
    assert "was changed after the run" in after().stderr
