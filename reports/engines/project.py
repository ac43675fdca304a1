"""What is rendered, by which engine, into which folder: settled before anything is computed or imported for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from analysis.results.folder import one_run_in
from reports.engines.embedded.errors import RenderError
from reports.engines.process import run_program
from reports.words.file_names import HTML
from sap.seal.results import MANIFEST

Engine = Literal["auto", "quarto", "embedded"]


def pandoc_path() -> str:
    """Path of the pandoc that comes with pypandoc_binary, so that every machine renders with the same."""
    found = find_spec("pypandoc")
    for name in ("pandoc", "pandoc.exe"):
        program = Path(found.origin if found and found.origin else "").parent / "files" / name
        if program.is_file():
            return str(program)
    raise RenderError(None, None, "pandoc is not installed; python -m pip install pypandoc_binary brings it")


def pandoc_version() -> str:
    """Version of that pandoc, such as ``3.9``."""
    return run_program([pandoc_path(), "--version"], Path.cwd()).stdout.split()[1]


@dataclass(frozen=True)
class ChosenEngine:
    """The engine that renders, and its version; `program` is where Quarto is."""

    engine: Literal["quarto", "embedded"]
    version: str
    program: str = ""

    def __str__(self) -> str:
        """Return the engine as it is told to people and recorded in the provenance."""
        return f"Quarto {self.version}" if self.engine == "quarto" else f"the embedded engine (pandoc {self.version})"


def choose_engine(engine: Engine, env: Mapping[str, str] | None = None) -> ChosenEngine:
    """Return the engine to render with."""
    environment = {**os.environ, **(env or {})}
    quarto = shutil.which("quarto", path=environment.get("PATH"))
    if engine == "quarto" and quarto is None:
        message = "there is no quarto on the PATH; install it, or render with the embedded engine"
        raise RenderError(None, None, message)
    if quarto is None or engine == "embedded":
        return ChosenEngine("embedded", pandoc_version())
    version = run_program([quarto, "--version"], Path.cwd(), env=environment).stdout.strip()
    return ChosenEngine("quarto", version, quarto)


def holding_project(project: Path, tell: Callable[[str], None]) -> AbstractContextManager[None]:
    """Hold a project against other renders: figures are drawn beside its pages, whatever site they go to.

    Who renders holds the project first, then its results; `render` holds the site.
    """
    return one_run_in(project / "render", tell, f"the pages of {project}")


def check_project(project: Path) -> None:
    """Raise when a folder has no pages to render, before anything is computed for them."""
    if not (project / "_quarto.yml").is_file():
        message = f"there is no _quarto.yml in {project.resolve()}, so there are no pages to render"
        raise RenderError(None, None, message)


def check_site(project: Path, out: Path, formats: Collection[str] = (HTML,)) -> None:
    """Raise when a folder cannot be replaced by the site of a project, or by its documents."""
    project, out = project.resolve(), out.resolve()
    if out == project or out in project.parents:
        raise RenderError(None, None, f"{out} holds the project itself; choose another folder for the site")
    if out.exists() and not out.is_dir():
        raise RenderError(None, None, f"{out} is a file; choose a folder for the site")
    site, documents = ((out / name).is_file() for name in ("index.html", MANIFEST))
    if out.is_dir() and any(out.iterdir()) and not (site or documents):
        # The folder is replaced as a whole: a mistyped name must not cost anyone their data.
        raise RenderError(None, None, f"{out} is not a rendered site (it has no index.html); choose another folder")
    if site and HTML not in formats:
        message = f"{out} is a site, and documents alone would replace it as a whole; choose another folder with --out"
        raise RenderError(None, None, f"{message}, or add html to --to")
