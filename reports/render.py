"""Renders the pages with Quarto where it is installed, with the embedded engine elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from reports.embedded.convert import pandoc_version
from reports.embedded.errors import RenderError
from reports.embedded.site import render_site
from reports.process import run_program

__all__ = ["RenderError", "Rendered", "render"]

Engine = Literal["auto", "quarto", "embedded"]

# The same input gives the same page: fixed hashing, and no dates in pictures.
_FIXED = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONIOENCODING": "utf-8"}
_UNRESOLVED = re.compile(r"\?@(?:fig|tbl|sec|eq)-")
_LOCATION = re.compile(r"(?P<file>[\w./ -]+\.qmd)(?:[:@]| line )(?P<line>\d+)?")


@dataclass(frozen=True)
class Rendered:
    """What was rendered, and by what."""

    engine: Literal["quarto", "embedded"]
    engine_version: str
    pages: tuple[Path, ...]
    index: Path


def render(
    project: Path,
    out: Path,
    *,
    engine: Engine = "auto",
    env: Mapping[str, str] | None = None,
    progress: Callable[[str], None],
) -> Rendered:
    """Render the website project in `project` into the folder `out`.

    Parameters
    ----------
    project : Path
        Folder with ``_quarto.yml``.
    out : Path
        Folder of the site. It is replaced as a whole when everything has been rendered, and left as it
        was when anything fails.
    engine : {"auto", "quarto", "embedded"}
        "auto" is Quarto when it is on the PATH, otherwise the embedded engine.
    env : mapping, optional
        Added to the environment of the cells.
    progress : callable
        Told, in one line each, what is being done; the first line names the engine.

    Returns
    -------
    Rendered
        Engine, its version, the pages and the page to open, as paths below `out`.

    Raises
    ------
    RenderError
        On everything a user can cause: a page's mistake, a missing Quarto, a folder that cannot be written.
    """
    project, out = project.resolve(), out.resolve()
    if out == project or out in project.parents:
        raise RenderError(None, None, f"{out} holds the project itself; choose another folder for the site")
    if out.exists() and not out.is_dir():
        raise RenderError(None, None, f"{out} is a file; choose a folder for the site")
    if out.is_dir() and any(out.iterdir()) and not (out / "index.html").is_file():
        # The folder is replaced as a whole: a mistyped name must not cost anyone their data.
        raise RenderError(None, None, f"{out} is not a rendered site (it has no index.html); choose another folder")
    environment = {**os.environ, **_FIXED, **(env or {})}
    quarto = shutil.which("quarto", path=environment.get("PATH"))
    if engine == "quarto" and quarto is None:
        message = "there is no quarto on the PATH; install it, or render with the embedded engine"
        raise RenderError(None, None, message)
    fresh = _prepare(out)
    try:
        if quarto is not None and engine != "embedded":
            version = _with_quarto(quarto, project, fresh, environment, progress)
            used: Literal["quarto", "embedded"] = "quarto"
        else:
            version = _embedded(project, fresh, environment, progress)
            used = "embedded"
        _swap(fresh, out)
    except OSError as error:
        raise RenderError(None, None, f"the site could not be written: {error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    pages = tuple(page for page in sorted(out.rglob("*.html")) if "site_libs" not in page.parts)
    index = out / "index.html"
    return Rendered(used, version, tuple(page for page in pages if page != index), index)


def _embedded(project: Path, fresh: Path, environment: Mapping[str, str], progress: Callable[[str], None]) -> str:
    version = pandoc_version()
    progress(f"rendering with the embedded engine (pandoc {version})")
    render_site(project, fresh, environment, progress)
    return version


def _with_quarto(
    quarto: str, project: Path, fresh: Path, environment: Mapping[str, str], progress: Callable[[str], None]
) -> str:
    """Run ``quarto render`` with this interpreter into `fresh`; show what it said when it fails."""
    bin_folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([bin_folder, environment.get("PATH", "")])
    own = {**environment, "QUARTO_PYTHON": sys.executable, "PATH": path}
    version = run_program([quarto, "--version"], project, env=own).stdout.strip()
    progress(f"rendering with Quarto {version}")
    # Quarto reads the folder as relative to the project; a sibling keeps the last good site in place.
    folder = os.path.relpath(fresh, project)
    done = run_program([quarto, "render", "--output-dir", folder], project, env=own)
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        file, line = _location(said, project)
        raise RenderError(file, line, "Quarto could not render the pages; it said:", said)
    if not (fresh / "index.html").is_file():
        raise RenderError(None, None, "Quarto ended well but wrote no index.html; it said:", said)
    unresolved = [p for p in sorted(fresh.rglob("*.html")) if _UNRESOLVED.search(p.read_text(encoding="utf-8"))]
    if unresolved:
        # Quarto only warns of a reference that leads nowhere, and prints it as ?@fig-x.
        name = PurePosixPath(unresolved[0].relative_to(fresh)).with_suffix(".qmd")
        raise RenderError(Path(name), None, "a cross-reference of this page leads nowhere; Quarto said:", said)
    return version


def _location(said: str, project: Path) -> tuple[Path | None, int | None]:
    """First page (and line, if given) named in Quarto's output, provided it is a page of the project."""
    for match in _LOCATION.finditer(said):
        file = Path(match["file"].strip())
        if (project / file).is_file():
            return file, int(match["line"]) if match["line"] else None
    return None, None


def _prepare(out: Path) -> Path:
    """Make the empty folder to render into; mend what a killed run left behind."""
    fresh, old = _siblings(out)
    if old.is_dir() and not out.exists():
        old.rename(out)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
    except OSError as error:
        raise RenderError(None, None, f"the site cannot be written beside {out}: {error}") from error
    return fresh


def _swap(fresh: Path, out: Path) -> None:
    """Put the finished site in place: old aside, new in, old removed."""
    _, old = _siblings(out)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _siblings(out: Path) -> tuple[Path, Path]:
    # Quarto passes over names that begin with an underscore when it looks for pages.
    return out.parent / f"_{out.name}.new", out.parent / f"_{out.name}.old"
