"""The pages of a project as something that can be sealed: their cells run, so they can change what a reader sees."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sap.files import within
from sap.problems import UserError
from sap.yaml_file import YamlFile

PROJECT: Final = "_quarto.yml"
SUFFIXES: Final = frozenset({".css", ".js", ".lua", ".mplstyle", ".py", ".qmd", ".R", ".scss"})
"""What is looked for beside the pages: pages, those they include, and what runs or lays out with them."""


def page_files(project: Path) -> dict[str, Path]:
    """Return every page of a project and what renders it, by path from its folder, sorted.

    Parameters
    ----------
    project : Path
        Folder with ``_quarto.yml``.

    Returns
    -------
    dict of str to Path
        The configuration and its profiles; each page, and beside each page and the configuration every page, module,
        script and stylesheet; every other file the configuration names. Empty where there is neither a configuration
        nor a page.

    Raises
    ------
    UserError
        When a file is a link that leaves the project: what it leads to cannot be sealed.
    """
    configuration = project / PROJECT
    content = _content(configuration)
    pages = _pages(project, content)
    if not pages and not configuration.is_file():
        return {}
    found = {*pages, *project.glob("_quarto*.yml"), *_named(project, content)}
    for folder in {project, *(page.parent for page in pages)}:
        found |= {path for path in folder.iterdir() if path.suffix in SUFFIXES or path.name == "_metadata.yml"}
    names = sorted(path.relative_to(project).as_posix() for path in found if path.is_file())
    return {name: within(project, name) for name in names}


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
