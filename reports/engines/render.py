"""Renders the pages with Quarto where it is installed, with the embedded engine elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal

from analysis.results.folder import one_run_in, replacing
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import TOO_LONG, Executed, page_seconds
from reports.engines.embedded.links import check_beside, led_to
from reports.engines.embedded.site import Sited, execute_pages, render_site
from reports.engines.kept import ANEW, Keep, KeptPage, note_site
from reports.engines.process import run_program
from reports.engines.project import ChosenEngine, Engine, check_site, choose_engine
from reports.engines.workers import Work, side_by_side
from reports.words.file_names import HTML, LATER, LED_TO
from sap.seal.code import page_files
from sap.seal.results import write_manifest
from sap.text.files import replace_whole

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


@dataclass(frozen=True)
class OtherFormats:
    """What is made besides the pages of a site, in their environment.

    Attributes
    ----------
    beside : callable
        A function of a module: gives files that stand beside the pages and need none of them; made side by side.
    pages : collection of PurePosixPath
        Pages of which documents are made.
    make : callable
        Gives those documents.
    site : bool
        Whether there is a site.
    """

    beside: Callable[[], Mapping[str, bytes]] = dict
    pages: Collection[PurePosixPath] = ()
    make: Callable[[Sequence[Executed]], Mapping[str, bytes]] = lambda _: {}
    site: bool = True


def render(
    project: Path,
    out: Path,
    *,
    engine: Engine | ChosenEngine = "auto",
    env: Mapping[str, str] | None = None,
    progress: Callable[[str], None],
    only: PurePosixPath | None = None,
    others: OtherFormats | None = None,
    prepare: Callable[[], Sequence[Work[None]]] = tuple,
    keep: Keep = ANEW,
    whole: str = "",
) -> Rendered:
    """Render the website project in `project` into the folder `out`.

    What `prepare` imports and reads, pages of the embedded engine begin with; its works are done before them. What
    `keep` lets stand of the site that is there is taken over; `whole` is what the site is made of, for the next time.
    """
    project, out = project.resolve(), out.resolve()
    check_site(project, out, [HTML] if others is None or others.site else [])
    chosen = engine if isinstance(engine, ChosenEngine) else choose_engine(engine, env)
    environment = {**os.environ, **_FIXED, "SAP_ENGINE": str(chosen), **(env or {})}
    progress(f"rendering with {chosen}")
    with one_run_in(out, progress), _set(environment):
        if chosen.engine == "embedded":
            works = prepare()
            side_by_side(works, progress)
        kept: Mapping[PurePosixPath, KeptPage] = {}
        try:
            with replacing(out) as fresh:
                done = None
                if others is None or others.site:
                    later = LATER if others is not None else ()
                    along = others.beside if others is not None else dict
                    site = partial(render_site, only=only, later=later, before=out, keep=keep, along=along)
                    done = _site(chosen, project, fresh, environment, progress, embedded=site)
                if others is not None:
                    run = execute_pages(project, others.pages, environment, progress) if done is None else done.executed
                    beside = others.beside() if done is None else done.along
                    made = led_to({**beside, **others.make(run)}, fresh, whole=only is None)
                    for name, content in made.items():
                        replace_whole(fresh / name, content)
                    check_beside(fresh, LATER, whole=only is None)
                results = environment.get("SAP_RESULTS") if only is None else None
                write_manifest(fresh, Path(results) if results else None)
                kept = done.kept if done is not None else {}
        except OSError as error:
            raise RenderError(None, None, f"the site {out} could not be written: {error}") from error
        note_site(project, out, keep, whole, kept)
        aside = {"site_libs", *LED_TO}
        written = tuple(page for page in sorted(out.rglob("*.html")) if not aside.intersection(page.parts))
    index = out / "index.html"
    return Rendered(chosen.engine, chosen.version, tuple(page for page in written if page != index), index)


@contextmanager
def _set(environment: Mapping[str, str]) -> Iterator[None]:
    """Let this process have the environment of its pages for a while."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _site(
    chosen: ChosenEngine,
    project: Path,
    fresh: Path,
    environment: Mapping[str, str],
    progress: Callable[[str], None],
    *,
    embedded: Callable[..., Sited],
) -> Sited | None:
    """Render the pages; return them as they were run, which Quarto does not tell."""
    if chosen.engine == "quarto":
        _with_quarto(chosen, project, fresh, environment)
        return None
    return embedded(project, fresh, environment, progress)


def _with_quarto(chosen: ChosenEngine, project: Path, fresh: Path, environment: Mapping[str, str]) -> None:
    """Run ``quarto render`` with this interpreter into `fresh`; show what it said when it fails."""
    bin_folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([bin_folder, environment.get("PATH", "")])
    own = {**environment, "QUARTO_PYTHON": sys.executable, "PATH": path}
    # Quarto reads the folder as relative to the project; a sibling keeps the last good site in place.
    folder = os.path.relpath(fresh, project)
    seconds = page_seconds(environment) * sum(name.endswith(".qmd") for name in page_files(project))
    try:
        done = run_program([chosen.program, "render", "--output-dir", folder], project, env=own, seconds=seconds)
    except subprocess.TimeoutExpired as error:
        said = b"".join(text for text in (error.stdout, error.stderr) if text).decode("utf-8", errors="replace")
        named = _LOCATION.findall(said)
        file = Path(named[-1][0].strip()) if named else None
        message = f"Quarto did not end within {seconds:g} seconds, and was stopped; {TOO_LONG}. It said:"
        raise RenderError(file, None, message, said.strip()) from error
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


def _location(said: str, project: Path) -> tuple[Path | None, int | None]:
    """First page (and line, if given) named in Quarto's output, provided it is a page of the project."""
    for match in _LOCATION.finditer(said):
        file = Path(match["file"].strip())
        if (project / file).is_file():
            return file, int(match["line"]) if match["line"] else None
    return None, None
