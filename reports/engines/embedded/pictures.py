"""Brings the pictures a page shows beside it, under the names it shows them by, as Quarto does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from reports.engines.embedded.assemble import Piece, line_of
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.links import belongs, read_links, resolve


def bring_pictures(root: Path, out: Path, page: PurePosixPath, pieces: Sequence[Piece]) -> None:
    """Copy the pictures of a page that was just written, before another page can draw over them."""
    for shown in dict.fromkeys(read_links(out / page.with_suffix(".html")).pictures):
        if shown.startswith("data:"):
            continue
        path = unquote(urlsplit(shown).path)
        problem = _bring(root, out, page.parent, path)
        if problem:
            raise RenderError(Path(page), line_of(pieces, shown) or line_of(pieces, path), problem)


def _bring(root: Path, out: Path, folder: PurePosixPath, path: str) -> str | None:
    """Copy one picture; return why it cannot be, or None when it was."""
    if path.startswith("/"):
        return f"the picture {path} is found on a web server only; name it relative to this page"
    target = resolve(folder, path)
    if target is None or ((root / target).is_file() and not belongs(root, target)):
        return f"the picture {path} is no file of this project; put it beside the page"
    if not belongs(root, target):
        return f"there is no file {path} to show; its path is relative to this page"
    content, copy = (root / target).read_bytes(), out / target
    if copy.is_file() and copy.read_bytes() != content:
        return f"the picture {path} is not the one a page before this shows by that name; give each its own"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(content)
    return None
