"""Brings pictures and files beside the pages, and checks the pages: nothing else is loaded, and every link arrives."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import Executed, Piece, line_of
from reports.engines.kept import PageLinks
from reports.words.file_names import LED_TO, PAGES_FOLDER

EXTERNAL: Final = ' data-external="1"'
"""By which crossref.lua tells pandoc that a picture stays a file; a page has no other use for it."""
_ID: Final = re.compile(r'\sid="([^"]+)"')
_LINK: Final = re.compile(r'<a\s(?:[^>]*\s)?href="([^"]+)"')
_LOADS = {"src", "srcset", "poster", "data"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = PageLinks()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what one element names, links to and loads."""
        for name, value in attrs:
            if value is None:
                continue
            if name == "id":
                self.found.ids.add(value)
            elif name == "href" and tag == "a":
                self.found.links.append(value)
            elif name == "src" and tag == "img":
                self.found.pictures.append(value)
                self.found.inside |= ("data-external", "1") not in attrs and not value.startswith("data:")
            elif name in _LOADS or (name == "href" and tag == "link"):
                self.found.loads.append(value)


def read_links(html: str) -> PageLinks:
    """Return what one HTML page names and leads to."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


@dataclass(frozen=True)
class Site:
    """A rendered site: its project, its folder, the anchors of every page, and the folders that are filled later."""

    root: Path
    out: Path
    anchors: Mapping[PurePosixPath, set[str]]
    later: frozenset[str] = frozenset()


def bring_pictures(root: Path, out: Path, page: Executed, links: PageLinks) -> tuple[str, ...]:
    """Copy the pictures of a page beside it; return their names in the site."""
    brought = []
    for shown in dict.fromkeys(links.pictures):
        path = unquote(urlsplit(shown).path)
        if not shown.startswith("data:"):
            problem = _bring(root, out, page.page.parent, path)
            if problem:
                raise RenderError(page.file, line_of(page.pieces, shown) or line_of(page.pieces, path), problem)
            brought.append(str(_resolve(page.page.parent, path)))
    return tuple(brought)


def _bring(root: Path, out: Path, folder: PurePosixPath, path: str) -> str | None:
    """Copy one picture; return why it cannot be, or None when it was."""
    if path.startswith("/"):
        return f"the picture {path} is found on a web server only; name it relative to this page"
    target = _resolve(folder, path)
    if target is None or ((root / target).is_file() and not _belongs(root, target)):
        return f"the picture {path} is no file of this project; put it beside the page"
    if not _belongs(root, target):
        return f"there is no file {path} to show; its path is relative to this page"
    if not put(out / target, (root / target).read_bytes()):
        return f"the picture {path} is not the one a page before this shows by that name; give each its own"
    return None


def put(copy: Path, content: bytes) -> bool:
    """Write a file of the site unless it is there; return False where another is."""
    if copy.is_file():
        return copy.read_bytes() == content
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(content)
    return True


def check_links(
    root: Path,
    out: Path,
    pages: Mapping[PurePosixPath, tuple[PageLinks, Sequence[Piece]]],
    later: Collection[str] = (),
) -> None:
    """Check every page, and copy the project's files that pages offer for download."""
    site = Site(
        root, out, {page.with_suffix(".html"): links.ids for page, (links, _) in pages.items()}, frozenset(later)
    )
    for page, (links, pieces) in pages.items():
        outside = [load for load in links.loads if not load.startswith("data:")]
        if outside:
            message = f"this page loads {outside[0]}, which is not inside the page"
            raise RenderError(Path(page), line_of(pieces, outside[0]), message)
        for link in links.links:
            problem = _follow(site, page.with_suffix(".html"), link)
            if problem:
                line = line_of(pieces, link) or line_of(pieces, f"#{urlsplit(link).fragment}")
                raise RenderError(Path(page), line, problem)


def led_to(made: Mapping[str, bytes], site: Path, *, whole: bool = True) -> dict[str, bytes]:
    """Return what stands beside the pages of a site, without what a page would lead to that it has not."""
    gone = [f"{PAGES_FOLDER}/{name}" for name in LED_TO if not (site / PAGES_FOLDER / f"{name}.html").is_file()]
    return {n: content for n, content in made.items() if not (whole and _within(PurePosixPath(n), gone))}


def check_beside(out: Path, folders: Collection[str], *, whole: bool = True) -> None:
    """Check that every link of a finished site to what stands beside its pages arrives; either engine's pages.

    Of pages beside the pages every link is followed; to a page that is left out, where the site is not `whole`, none.
    """
    texts = {
        PurePosixPath(page.relative_to(out).as_posix()): page.read_text(encoding="utf-8")
        for page in sorted((out / "reports").rglob("*.html"))
    }
    ids = {page: set(_ID.findall(text)) for page, text in texts.items()}
    for here, text in texts.items():
        inside = _within(here, folders)
        for link in map(unescape, dict.fromkeys(_LINK.findall(text))):
            path, _, fragment = link.partition("#")
            target = _target(here, path)
            beside = target is not None and _within(target, folders)
            if target is None or not (beside or inside):
                continue
            if (beside or whole) and target not in texts and not (out / target).is_file():
                raise RenderError(Path(here), None, f"this page offers {target}, which was not made")
            if fragment and target in ids and unquote(fragment) not in ids[target]:
                raise RenderError(Path(here), None, f"the link to #{fragment} leads nowhere: {target} has none")


@lru_cache(maxsize=4096)
def _elsewhere(path: str) -> bool:
    """Return whether a link leads out of the site, to another."""
    parts = urlsplit(path)
    return bool(parts.scheme or parts.netloc)


@lru_cache(maxsize=4096)
def _target(here: PurePosixPath, path: str) -> PurePosixPath | None:
    """Return the file of a site that a link from a page leads to, without its fragment; None out of the site."""
    if _elsewhere(path):
        return None
    parts = urlsplit(path)
    return _resolve(here.parent, unquote(parts.path)) if parts.path else here


def _within(target: PurePosixPath, folders: Collection[str]) -> bool:
    """Whether a file of a site is in one of some folders of it."""
    name = str(target)
    return any(name == folder or name.startswith(f"{folder}/") for folder in folders)


def _follow(site: Site, here: PurePosixPath, link: str) -> str | None:
    """Say why a link from the page `here` does not arrive, or None when it does."""
    path, _, fragment = link.partition("#")
    if link in {"", "#"} or _elsewhere(path):
        return None
    if link.startswith("/"):
        return f"the link to {link} works on a web server only; write it relative to this page"
    target = _target(here, path)
    if target is not None and _within(target, site.later):
        return None
    if target is None or not (target in site.anchors or _belongs(site.root, target)):
        return f"the link to {link} leads to no file of this project"
    if target not in site.anchors:
        (site.out / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site.root / target, site.out / target)
        return None
    fragment = unquote(fragment)
    if fragment and fragment not in site.anchors[target]:
        return f"the link to #{fragment} leads nowhere: {target.with_suffix('.qmd')} has no such label"
    return None


def _belongs(root: Path, target: PurePosixPath) -> bool:
    """Whether a path below the project is a file of it, and no link to one outside."""
    file = root / target
    return file.is_file() and file.resolve().is_relative_to(root.resolve())


def _resolve(folder: PurePosixPath, path: str) -> PurePosixPath | None:
    """Path relative to the root, or None when it leaves the root."""
    parts = list(folder.parts)
    for part in PurePosixPath(path).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return PurePosixPath(*parts)
