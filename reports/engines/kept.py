"""Which pages of a site stand as they would be made again, so that only the others are made.

A page is made of its text, of what all pages share (style, configuration, bibliography), of the run it is about, of
what its cells read, of the program with its libraries, and of the environment. Of each that was made it is noted what
it was made of and which files it became; a page stands when all of that is so still. A page whose cells start programs,
or of which something changed while it was made, is made anew each time. What a cell takes from a clock, a network, a
random number, the names in a folder, or a file that machine code opens is not seen: ``--fresh`` makes all anew.
"""

import os
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from importlib.util import source_from_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reports.engines.process import PREFIX
from sap.seal.code import code_files, page_files
from sap.seal.kept import changed_since, environment_state, forget, note, noted, program_state, state_of
from sap.seal.libraries import own_libraries
from sap.seal.results import MANIFEST, site_differences
from sap.text.files import canonical, digest

_TOLD: Final = ("SAP_", "QUARTO_")
"""What the variables begin with by which pages are told what they are about."""
_PASSING: Final = ("/proc/", "/sys/", "/dev/")


@dataclass
class PageLinks:
    """Identifiers, links, pictures and other loaded resources of one HTML page."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    inside: bool = False
    """Whether a picture is to be brought inside the page."""


@dataclass(frozen=True)
class Keep:
    """What may be taken of the site that stands.

    Attributes
    ----------
    made_of : str
        Digest of the run that pages are about; empty where every page is made anew.
    alone : PurePosixPath, optional
        The one page that is made, if it does not stand; the others stay as they are.
    anew : collection of PurePosixPath
        Pages that are made though they stand: something else is made of what their cells print.
    fresh : bool
        Whether every page is made anew, and what it is made of noted all the same.
    began : int
        When the command began, in nanoseconds: of what was changed since, nothing is noted.
    """

    made_of: str = ""
    alone: PurePosixPath | None = None
    anew: Collection[PurePosixPath] = ()
    fresh: bool = False
    began: int = field(default_factory=time.time_ns)


ANEW: Final = Keep()
"""Everything is made, and nothing is noted of it."""


@dataclass(frozen=True)
class KeptPage:
    """A page that stands: what it was made of, what its cells read, and the files it became, each with its digest."""

    made_of: str
    read: Mapping[str, str]
    files: Mapping[str, str]
    links: PageLinks

    @property
    def record(self) -> dict[str, Any]:
        """The same as JSON."""
        return {**asdict(self), "links": {**asdict(self.links), "ids": sorted(self.links.ids)}}


def shared_by_pages(project: Path, keep: Keep, env: Mapping[str, str]) -> str:
    """Return a digest of what all pages of a project are made of; empty where nothing is kept."""
    program = program_state() if keep.made_of else ""
    if not program:
        return ""
    files = [path for path in page_files(project).values() if path.suffix != ".qmd"]
    # The rest of the environment is looked at where the command begins: libraries change it when they are imported.
    told = environment_state({name: value for name, value in env.items() if name.startswith(_TOLD)})
    return digest(canonical([keep.made_of, program, told, state_of(files)]))


def kept_pages(out: Path, made_of: Mapping[PurePosixPath, str], keep: Keep) -> dict[PurePosixPath, KeptPage]:
    """Return the pages of a site that stand, by what each would be made of now."""
    before = noted(out)
    if not keep.made_of or before.get("made_of") != keep.made_of:
        return {}
    found = {}
    for page, now in made_of.items():
        kept = _page(before.get("pages", {}).get(str(page)))
        if kept is None or page in keep.anew or state_of(out / n for n in kept.files) != _below(out, kept.files):
            continue
        left_alone = keep.alone is not None and page != keep.alone
        as_it_would_be = now and not keep.fresh and kept.made_of == now and state_of(map(Path, kept.read)) == kept.read
        if left_alone or as_it_would_be:
            found[page] = kept
    return found


def _below(out: Path, files: Mapping[str, str]) -> dict[str, str]:
    return {str((out / name).absolute()): value for name, value in files.items()}


def _page(record: Any) -> KeptPage | None:
    try:
        links = PageLinks(**{**record["links"], "ids": set(record["links"]["ids"])})
        return KeptPage(record["made_of"], record["read"], record["files"], links)
    except (TypeError, KeyError):
        return None


def whole_site(project: Path, keep: Keep, env: Mapping[str, str], formats: Collection[str]) -> str:
    """Return a digest of all that a site and the documents beside it are made of; empty where nothing is kept."""
    shared = shared_by_pages(project, keep, env)
    pages = state_of(path for path in page_files(project).values() if path.suffix == ".qmd")
    return digest(canonical([shared, pages, sorted(formats)])) if shared else ""


def note_site(project: Path, out: Path, keep: Keep, whole: str, pages: Mapping[PurePosixPath, KeptPage]) -> None:
    """Note what a site that was just put in place was made of; nothing of one whose making changed meanwhile."""
    forget(out)
    if keep.made_of and pages and not changed_since(keep.began, page_files(project).values()):
        manifest = state_of([out / MANIFEST])
        records = {str(page): kept.record for page, kept in pages.items()}
        complete = whole if all(kept.made_of for kept in pages.values()) else ""
        note(out, {"made_of": keep.made_of, "whole": complete, "manifest": manifest, "pages": records})


def stands(out: Path, results: Path, whole: str) -> bool:
    """Return whether a site is, to the byte, what would be made again."""
    before = noted(out)
    if not whole or before.get("whole") != whole or before.get("manifest") != state_of([out / MANIFEST]):
        return False
    kept = [_page(record) for record in before.get("pages", {}).values()]
    read = all(page is not None and state_of(map(Path, page.read)) == page.read for page in kept)
    return read and next(site_differences(out, results), None) is None


def worth_noting(files: Collection[str], began: int) -> dict[str, str] | None:
    """Return what was read besides the program, its libraries and Python's, and what passes, each with its digest.

    Of a file that is not there the digest is empty. None where one was changed since reading began, in nanoseconds:
    what was read of it is not known.
    """
    looked_at = {path for library in own_libraries().values() for path in library.read}
    looked_at |= {str(path) for path in code_files().values()}
    passing = (*_PASSING, _scratch())
    sources = {_source(name) for name in files if not name.startswith(passing)} - looked_at
    wanted = sorted(name for name in sources if name and not name.startswith(passing) and not _of_python(name))
    return None if changed_since(began, map(Path, wanted)) else state_of(map(Path, wanted))


def _of_python(name: str) -> bool:
    """Return whether a file is of the standard library."""
    home = f"{Path(os.__file__).parent}{os.sep}"
    return name.startswith(home) and not {"site-packages", "dist-packages"}.intersection(Path(name).parts)


def _scratch() -> str:
    """Return how the names of what passes through begin, of this command or another."""
    folder = Path(tempfile.gettempdir())
    return str((folder.parent if folder.name.startswith(PREFIX) else folder) / PREFIX)


def _source(name: str) -> str:
    """Return the source of compiled code, which is what is noted of it."""
    prefix = sys.pycache_prefix or ""
    if not name.endswith(".pyc"):
        return name
    if prefix and name.startswith(prefix):
        return f"{name.removeprefix(prefix).rsplit('.', 2)[0]}.py"
    try:
        return source_from_cache(name)
    except ValueError:
        return name
