"""Typst: Markdown that pandoc has set becomes a PDF, and a picture of curves becomes one of pixels.

The compiler is the one that comes with the package `typst`, the fonts are its own and those of matplotlib: the same
document is the same file on every machine, and nothing is loaded from a network.
"""

from functools import cache
from pathlib import Path
from typing import Final, Literal

import matplotlib as mpl
import typst

from reports.engines.embedded.errors import RenderError

PIXELS_PER_INCH: Final = 200
_PICTURE: Final = '#set page(width: auto, height: auto, margin: 0pt)\n#image("/{name}")\n'


def to_pdf(source: Path, root: Path) -> bytes:
    """Return a document as PDF, tagged for screen readers."""
    try:
        return _compiled(source, root, "pdf", accessible=True)
    except RenderError:
        return _compiled(source, root, "pdf")


def to_png(svg: Path) -> bytes:
    """Return a vector picture as pixels."""
    source = svg.with_suffix(".typ")
    source.write_text(_PICTURE.format(name=svg.name), encoding="utf-8", newline="\n")
    return _compiled(source, svg.parent, "png")


def _compiled(source: Path, root: Path, to: Literal["pdf", "png"], *, accessible: bool = False) -> bytes:
    try:
        made = typst.compile(
            source,
            root=root,
            format=to,
            ppi=PIXELS_PER_INCH,
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"] if accessible else [],
        )
    except typst.TypstError as error:
        detail = str(getattr(error, "diagnostic", "") or error)
        raise RenderError(None, None, f"the {to.upper()} could not be made: {error}", detail) from error
    # A document of one page is bytes, one of several is a list of them.
    return made if isinstance(made, bytes) else b"".join(made or [])


@cache
def _fonts() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
