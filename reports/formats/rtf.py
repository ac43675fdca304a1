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
from reports.formats.rtf_file import joined, with_info
from reports.formats.rtf_pages import (
    BELOW_TITLE,
    LINE,
    SPARE,
    Line,
    pages,
    paragraph_height,
    row_height,
)
from reports.formats.rtf_rows import NO_SECTION, columns, sectioned
from reports.formats.rtf_text import escaped, marked
from reports.formats.tlf import Filed
from reports.formats.typst_compiler import to_png

WIDTH: Final = 11.69
HEIGHT: Final = 8.27
"""A4, landscape, in inches."""
MARGINS: Final = (0.9, 0.9, 1.0, 0.7, 0.45, 0.4)
"""Left, right, top, bottom, head and foot, in inches."""
TEXT: Final = WIDTH - MARGINS[0] - MARGINS[1]
SIZE: Final = 8
TITLE_SIZE: Final = 10
FONT: Final = 4
"""Arial, in rtflite's list of fonts."""
FIGURE_LEAST: Final = 2.5
"""Inches a figure is high at least, however long its notes are."""
ROOM: Final = 72 * (HEIGHT - MARGINS[2] - MARGINS[3])
"""Points between the upper and the lower margin."""
_UNPARTED: Final = 10_000
"""Rows rtflite may set on a page: pages are parted before it sees them."""
_SIZED: Final = rf"\fs{2 * SIZE} "
_PAGE_OF: Final = rf"Page {{{_SIZED}\chpgn}} of {{\field{{\*\fldinst{{{_SIZED}NUMPAGES }}}}{{\fldrslt{{{_SIZED}1}}}}}}"


def rtf(output: Filed) -> str:
    """Return an output as RTF."""
    return _figure(output) if isinstance(output.content, Path) else _table(output, output.content)


def _table(output: Filed, grid: Grid) -> str:
    headings, rows = sectioned(grid)
    widths = columns(grid, rows)
    inches = [TEXT * wide / sum(widths) for wide in widths]
    lines = [Line(heading, row) for heading, row in zip(headings, rows, strict=True)]
    heights = [row_height(row, inches, SIZE) for row in rows]
    heads = sum(row_height(row, inches, SIZE, bold=True) for row in grid.heads)
    parted = pages(lines, heights, row_height((), (), SIZE), _room(output) - heads)
    return joined([_page_of_table(output, grid, page, widths) for page in parted or [[]]], len(grid.heads), output)


def _room(output: Filed) -> float:
    """Return the points of a page between its titles and its notes."""
    titles = LINE * TITLE_SIZE * len(output.titles)
    notes = paragraph_height([note.text for note in output.notes], TEXT, SIZE)
    return ROOM - titles - BELOW_TITLE - notes - paragraph_height([output.source], TEXT, SIZE) - SPARE


def _page_of_table(output: Filed, grid: Grid, lines: Sequence[Line], widths: Sequence[float]) -> str:
    names = [f"c{i}" for i in range(grid.columns)]
    cells = [[_bold(line.heading), *map(marked, line.cells)] for line in lines]
    frame = pl.DataFrame(cells, schema=["section", *names], orient="row")
    headed = any(line.heading for line in lines)
    document = RTFDocument(
        df=frame if headed else frame.drop("section"),
        rtf_page=_page(),
        rtf_page_header=_head(output),
        rtf_page_footer=_foot(output),
        rtf_title=_title(output),
        rtf_column_header=[_heads(row, grid.columns, widths) for row in grid.heads],
        rtf_body=RTFBody(
            col_rel_width=[1.0, *widths] if headed else list(widths),
            text_justification=[["l"] * (grid.columns + headed)],
            page_by=["section"] if headed else None,
            **_look(top=False),
        ),
        rtf_footnote=_notes(output.notes),
        rtf_source=_source(output),
    )
    return str(document.rtf_encode())


def _bold(heading: str) -> str:
    return rf"{{\b {heading}}}" if heading else NO_SECTION


def _figure(output: Filed) -> str:
    svg = Path(str(output.content))
    png = svg.with_suffix(".png")
    png.write_bytes(to_png(svg))
    wide, high = _pixels(png.read_bytes())
    room = max(_room(output) / 72, FIGURE_LEAST)
    scale = min(TEXT / wide, room / high)
    document = RTFDocument(
        rtf_page=_page(),
        rtf_page_header=_head(output),
        rtf_page_footer=_foot(output),
        rtf_title=_title(output),
        rtf_figure=RTFFigure(figures=[png], fig_width=wide * scale, fig_height=high * scale),
        rtf_footnote=_notes(output.notes),
        rtf_source=_source(output),
    )
    words = rf"{{\*\picprop{{\sp{{\sn wzDescription}}{{\sv {escaped(output.alt)}}}}}}}"
    return with_info(str(document.rtf_encode()).replace(r"{\pict", rf"{{\pict{words}", 1), output)


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


def _page() -> RTFPage:
    return RTFPage(
        orientation="landscape",
        width=WIDTH,
        height=HEIGHT,
        margin=list(MARGINS),
        nrow=_UNPARTED,
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
