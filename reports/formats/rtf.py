"""Tables, listings and figures as RTF files in the layout that is filed: landscape, a file each, by rtflite.

Titles, heads of columns and notes stand on every page, with "Page x of y" and the stamp at its top.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl
from rtflite import (
    RTFBody,
    RTFColumnHeader,
    RTFDocument,
    RTFFigure,
    RTFFootnote,
    RTFPage,
    RTFPageFooter,
    RTFPageHeader,
    RTFSource,
    RTFTitle,
)

from reports.formats.grid import Grid, GridCell
from reports.formats.rtf_rows import NO_SECTION, columns, lines_of_page, sectioned
from reports.formats.rtf_text import escaped, marked
from reports.formats.tlf import Filed
from reports.formats.typst_compiler import PIXELS_PER_INCH, to_png

WIDTH: Final = 11.69
HEIGHT: Final = 8.27
"""A4, landscape, in inches."""
MARGINS: Final = (0.9, 0.9, 1.0, 0.8, 0.45, 0.4)
"""Left, right, top, bottom, head and foot, in inches."""
TEXT: Final = WIDTH - MARGINS[0] - MARGINS[1]
SIZE: Final = 8
TITLE_SIZE: Final = 10
FONT: Final = 4
"""Arial, in rtflite's list of fonts."""
FIGURE_HEIGHT: Final = 4.4
FIGURE_LINES: Final = 40
_SIZED: Final = rf"\fs{2 * SIZE} "
_PAGE_OF: Final = rf"Page {{{_SIZED}\chpgn}} of {{\field{{\*\fldinst{{{_SIZED}NUMPAGES }}}}{{\fldrslt{{{_SIZED}1}}}}}}"


def rtf(output: Filed) -> str:
    """Return an output as RTF.

    Parameters
    ----------
    output : Filed
        A table, a listing or a figure.

    Returns
    -------
    str
        ASCII; the same each time.

    Raises
    ------
    RenderError
        When a picture cannot be read.
    """
    return _figure(output) if isinstance(output.content, Path) else _table(output, output.content)


def _table(output: Filed, grid: Grid) -> str:
    sections, rows = sectioned(grid)
    widths = columns(grid, rows)
    names = [f"c{i}" for i in range(grid.columns)]
    cells = [[section, *map(marked, row)] for section, row in zip(sections, rows, strict=True)]
    frame = pl.DataFrame(cells, schema=["section", *names], orient="row")
    headed = any(section != NO_SECTION for section in sections)
    document = RTFDocument(
        df=frame if headed else frame.drop("section"),
        rtf_page=_page(lines_of_page(grid, widths, output.notes, TEXT)),
        rtf_page_header=_head(output),
        rtf_page_footer=_foot(output),
        rtf_title=_title(output),
        rtf_column_header=[_heads(row, grid.columns, widths) for row in grid.heads],
        rtf_body=RTFBody(
            col_rel_width=[1.0, *widths] if headed else widths,
            text_justification=[["l"] * (grid.columns + headed)],
            page_by=["section"] if headed else None,
            **_look(top=False),
        ),
        rtf_footnote=_notes(output.notes),
        rtf_source=_source(output),
    )
    return str(document.rtf_encode())


def _figure(output: Filed) -> str:
    svg = Path(str(output.content))
    png = svg.with_suffix(".png")
    png.write_bytes(to_png(svg))
    wide, high = _pixels(png.read_bytes())
    scale = min(1.0, TEXT * PIXELS_PER_INCH / wide, FIGURE_HEIGHT * PIXELS_PER_INCH / high)
    document = RTFDocument(
        rtf_page=_page(FIGURE_LINES),
        rtf_page_header=_head(output),
        rtf_page_footer=_foot(output),
        rtf_title=_title(output),
        rtf_figure=RTFFigure(
            figures=[png], fig_width=wide * scale / PIXELS_PER_INCH, fig_height=high * scale / PIXELS_PER_INCH
        ),
        rtf_footnote=_notes(output.notes),
        rtf_source=_source(output),
    )
    return str(document.rtf_encode())


def _heads(row: Sequence[GridCell], columns: int, widths: Sequence[float]) -> RTFColumnHeader:
    text, wide, at = [], [], 0
    for cell in row:
        text.append(marked(cell))
        wide.append(sum(widths[at : at + cell.span]))
        at += cell.span
    if at < columns:  # a cell above reaches down
        text += [""] * (columns - at)
        wide += widths[at:]
    return RTFColumnHeader(
        text=text,
        col_rel_width=wide,
        text_justification=[["l"] * len(text)],
        text_format=[["b"] * len(text)],
        **_look(top=True),
    )


def _look(*, top: bool) -> dict[str, list[list[object]]]:
    return {
        "text_font": [[FONT]],
        "text_font_size": [[SIZE]],
        "text_convert": [[False]],
        "border_left": [[""]],
        "border_right": [[""]],
        "border_top": [["single" if top else ""]],
        "border_bottom": [["single" if top else ""]],
    }


def _page(lines: int) -> RTFPage:
    return RTFPage(
        orientation="landscape",
        width=WIDTH,
        height=HEIGHT,
        margin=list(MARGINS),
        nrow=lines,
        col_width=TEXT,
        border_first="single",
        border_last="single",
        page_title="all",
        page_footnote="all",
        page_source="all",
    )


def _head(output: Filed) -> RTFPageHeader:
    said = escaped(output.words.head)
    stamped = rf"{said}   {{\b {escaped(output.words.stamp)}}}" if output.words.stamp else said
    return RTFPageHeader(text=[stamped, _PAGE_OF], text_font=[FONT], text_font_size=[SIZE], text_justification=["r"])


def _foot(output: Filed) -> RTFPageFooter:
    return RTFPageFooter(
        text=[escaped(output.words.foot)], text_font=[FONT], text_font_size=[SIZE], text_justification=["l"]
    )


def _title(output: Filed) -> RTFTitle:
    lines = list(map(escaped, output.titles))
    return RTFTitle(
        text=lines,
        text_font=[FONT],
        text_font_size=[TITLE_SIZE],
        text_format=["b", "b", *[""] * (len(lines) - 2)],
        text_convert=[False],
        text_space_before=[0.0],
        text_space_after=[60.0],
    )


def _notes(notes: Sequence[GridCell]) -> RTFFootnote | None:
    if not notes:
        return None
    return RTFFootnote(
        text=list(map(marked, notes)),
        as_table=False,
        text_font=[[FONT]],
        text_font_size=[[SIZE]],
        text_convert=[[False]],
    )


def _source(output: Filed) -> RTFSource:
    return RTFSource(
        text=[escaped(output.source)],
        as_table=False,
        text_font=[[FONT]],
        text_font_size=[[SIZE]],
        text_justification=[["l"]],
        text_convert=[[False]],
    )


def _pixels(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, which stand at a fixed place in it."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
