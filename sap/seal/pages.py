"""The pages of a project as something that can be sealed: their cells run, so they can change what a reader sees."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sap.text.files import within
from sap.text.problems import UserError
from sap.text.yaml_file import YamlFile

PROJECT: Final = "_quarto.yml"
KINDS: Final = frozenset(
    {".R", ".bib", ".cfg", ".csl", ".css", ".csv", ".html", ".ini", ".js", ".json", ".lua", ".mplstyle", ".png", ".py"}
    | {".pyc", ".pyd", ".qmd", ".scss", ".so", ".svg", ".toml", ".typ", ".xml", ".yaml", ".yml"}
)
"""What takes part in pages when it stands beside the configuration, where prose stands too."""
BY_NAME: Final = ("matplotlibrc", "_environment")
"""What such files begin with when their kind does not tell."""
PROSE: Final = (".rst", ".txt")
"""What is for people alone."""
EXTENSIONS: Final = "_extensions"
EVIDENCE: Final = "tests/reference"
"""Where the quality page reads what the tests compared."""
DRAWN: Final = "fig"
"""Folder beside pages in which they draw."""
STUDY: Final = ("plan.yml", "post_hoc.yml", "history")
"""A plan and what stands beside it, sealed by itself."""
FACTS: Final = "published.yml"
MADE: Final = (".docx", ".html", ".pdf", ".quarto_ipynb", ".tex", ".typ", ".xml")
"""What Quarto makes of a page lies beside it until all are done, and stays when it is interrupted."""


def page_files(project: Path, data: Path | None = None) -> dict[str, Path]:
    """Return every page of a project and what takes part in it, by path from its folder, sorted."""
    configuration = project / PROJECT
    content = _content(configuration)
    pages = _pages(project, content)
    if not pages and not configuration.is_file():
        return {}
    found = {*pages, *project.glob("_quarto*.yml"), *_named(project, content), *_beside(project)}
    folders = {page.parent for page in pages} - {project} | {project / EXTENSIONS, project / EVIDENCE}
    found |= {path for folder in folders for path in _everything(folder)}
    names = sorted(path.relative_to(project).as_posix() for path in found if path.is_file())
    files = {name: within(project, name) for name in names}
    facts = (project / "data" if data is None else data) / FACTS
    return dict(sorted({**files, **({f"data/{FACTS}": facts} if facts.is_file() else {})}.items()))


def made_beside(names: Iterable[str]) -> frozenset[str]:
    """Return what Quarto makes of the pages among the names of a folder, and leaves beside them."""
    pages = [name.removesuffix(".qmd") for name in names if name.endswith(".qmd")]
    return frozenset(f"{page}{end}" for page in pages for end in (*MADE, "_files"))


def _beside(project: Path) -> Iterator[Path]:
    """Yield what stands beside the configuration and takes part; what is sealed by itself is not among it."""
    entries = [path for path in project.iterdir() if not path.name.startswith(".")]
    made = made_beside(path.name for path in entries)
    for path in entries:
        takes_part = path.suffix in KINDS or path.name.startswith(BY_NAME)
        if takes_part and path.name not in {*made, *STUDY}:
            yield path


def _everything(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, but for hidden ones, what is made there, and what is sealed by itself."""
    for place, below, names in os.walk(folder):
        made = made_beside(names)
        out = {*made, DRAWN, "__pycache__", *(STUDY if Path(place) == folder else ())}
        below[:] = [name for name in below if name not in out and not name.startswith(".")]
        yield from (Path(place, n) for n in names if n not in out and not n.startswith(".") and not n.endswith(PROSE))


def _content(configuration: Path) -> dict[str, Any]:
    """Return what a configuration says; nothing when it is missing or damaged, which rendering will say."""
    try:
        content = YamlFile(configuration).content
    except UserError:
        return {}
    return content if isinstance(content, dict) else {}


def _pages(project: Path, content: dict[str, Any]) -> set[Path]:
    """Return the pages the configuration names; without a list, every page beside it and in its ``reports`` folder."""
    section = content.get("project")
    listed = section.get("render") if isinstance(section, dict) else None
    patterns = [p for p in _texts(listed) if not p.startswith("!")] or ["*.qmd", "reports/*.qmd"]
    return {path for pattern in patterns for path in _matching(project, pattern) if path.suffix == ".qmd"}


def _named(project: Path, content: dict[str, Any]) -> Iterator[Path]:
    """Yield the files a configuration names: a script may stand behind its interpreter ("python tools/before.py")."""
    for word in {word for text in _texts(content) for word in text.split()}:
        with suppress(OSError, ValueError):  # too long, or no name of a file
            path = Path(word)
            if not path.is_absolute() and ".." not in path.parts and (project / path).is_file():
                yield project / path


def _matching(project: Path, pattern: str) -> Iterable[Path]:
    try:
        return list(project.glob(pattern))
    except (ValueError, NotImplementedError):  # no pattern of this folder: rendering refuses it
        return []


def _texts(value: object) -> Iterator[str]:
    """Yield every text in the content of a YAML file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
