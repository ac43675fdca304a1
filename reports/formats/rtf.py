"""Tables, listings and figures as RTF files in the layout that is filed: landscape, a file each, by rtflite.

Titles, heads of columns and notes stand on every page, with "Page x of y" and the stamp at its top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

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

from reports.formats.grid import DIGIT, Grid, GridCell, Mark
from reports.formats.pdf import to_png
from reports.formats.rtf_pages import (
    BELOW_TITLE,
    CELL_PADDING,
    LINE,
    SPARE,
    Line,
    Row,
    inches,
    pages,
    paragraph_height,
    row_height,
)
from reports.formats.tlf import FiledOutput

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
LONGEST: Final = 2.6
"""Inches of a column at most for the sake of its longest line."""
HEAD_LINES: Final = 2
"""Lines over which a head may go before its column is made wider."""
NO_SECTION: Final = "-----"
"""What rtflite takes for no heading."""
_UNPARTED: Final = 10_000
"""Rows rtflite may set on a page: pages are parted before it sees them."""
_SIZED: Final = rf"\fs{2 * SIZE} "
_PAGE_OF: Final = rf"Page {{{_SIZED}\chpgn}} of {{\field{{\*\fldinst{{{_SIZED}NUMPAGES }}}}{{\fldrslt{{{_SIZED}1}}}}}}"
_NEXT_PAGE: Final = r"{\pard\fs2\par}\page{\pard\fs2\par}"
_MARGIN: Final = re.compile(r"^\\margl.*\n", re.MULTILINE)
_SET: Final[Mapping[str, Any]] = {"text_font": [[FONT]], "text_font_size": [[SIZE]], "text_convert": [[False]]}
_RUNNING: Final[Mapping[str, Any]] = {"text_font": [FONT], "text_font_size": [SIZE]}
_DIGIT: Final = r"\~\~"
"""In Arial a blank is half as wide as a digit, and every machine has it; not every Arial has the space of a digit."""
_PLAIN: Final = range(32, 127)
NO_BREAK: Final = "\u2011"
_IDENTIFIER: Final = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")
"""What a program breaks at its hyphens although it is one name, or a date."""
_SPECIAL: Final = "\\{}"


def rtf(output: FiledOutput) -> str:
    """Return an output as RTF."""
    return _figure(output, output.content) if isinstance(output.content, Path) else _table(output, output.content)


def _table(output: FiledOutput, grid: Grid) -> str:
    """Set pages one by one, those of each part of the table, and put them into one file.

    No row is broken, and a program that breaks a page earlier repeats the heads.
    """
    first, bodies = "", []
    for part, heads in ((page, len(g.heads)) for g in (grid, *output.more) for page in _pages_of_part(output, g)):
        found = _MARGIN.search(part)
        end = found.end() if found else 0
        first = first or part[:end]
        body = part[end:].rstrip().removesuffix("}").rstrip().replace(r"\trowd", r"\trowd\trkeep")
        bodies.append(body.replace(r"\trowd", r"\trowd\trhdr", heads))
    return _with_info(first, output) + f"\n{_NEXT_PAGE}\n".join(bodies) + "\n}"


def _pages_of_part(output: FiledOutput, grid: Grid) -> Iterator[str]:
    """Yield the pages of a table, each a document."""
    lines = _lines(grid)
    widths = _columns(grid, lines)
    heights = [row_height(line.cells, widths, SIZE) for line in lines]
    heads = sum(row_height(row, widths, SIZE, bold=True) for row in grid.heads)
    parted = pages(lines, heights, row_height((), (), SIZE), _room(output) - heads)
    yield from (_page_of_table(output, grid, page, widths) for page in parted or [[]])


def _figure(output: FiledOutput, svg: Path) -> str:
    png = svg.with_suffix(".png")
    png.write_bytes(to_png(svg))
    content = png.read_bytes()
    # Width and height stand at a fixed place in a PNG.
    wide, high = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    scale = min(TEXT / wide, max(_room(output) / 72, FIGURE_LEAST) / high)
    set_ = _document(output, rtf_figure=RTFFigure(figures=[png], fig_width=wide * scale, fig_height=high * scale))
    words = rf"{{\*\picprop{{\sp{{\sn wzDescription}}{{\sv {escaped(output.alt)}}}}}}}"
    return _with_info(set_.replace(r"{\pict", rf"{{\pict{words}", 1), output)


def _with_info(content: str, output: FiledOutput) -> str:
    """Say in the properties of the file what it is; they hold no clock."""
    told = {"title": ". ".join(output.titles[:2]), "subject": output.words.head, "doccomm": output.source}
    info = "".join(rf"{{\{name} {escaped(text)}}}" for name, text in told.items())
    return content.replace(r"{\header", rf"{{\info{info}}}" + "\n" + r"{\header", 1)


def _room(output: FiledOutput) -> float:
    """Return the points of a page between its titles and its notes."""
    titles = LINE * TITLE_SIZE * len(output.titles)
    notes = paragraph_height([note.text for note in output.notes], TEXT, SIZE)
    return ROOM - titles - BELOW_TITLE - notes - paragraph_height([output.source], TEXT, SIZE) - SPARE


def _lines(grid: Grid) -> list[Line]:
    """Return the rows of a body with the heading each stands under, as RTF: a row over all columns heads some."""
    found: list[Line] = []
    blank = (GridCell(()),) * grid.columns
    heading, used = "", True
    for row in grid.rows:
        if len(row) == 1 and row[0].span > 1:
            # A heading without rows is a sentence in place of them, such as "No subject has such a record."
            found += [] if used else [Line(heading, blank)]
            # What follows an empty one stands under no heading.
            heading, used = marked(row[0]), not row[0].text
        else:
            found.append(Line(heading, tuple(part for c in row for part in (c, *blank[: c.span - 1]))))
            used = True
    return [*found, *([] if used else [Line(heading, blank)])]


def _columns(grid: Grid, lines: Sequence[Line]) -> list[float]:
    """Return how wide each column is, in inches: no word broken, then room for whole lines, then all of the page."""
    heads, rows = [_by_column(row) for row in grid.heads], [line.cells for line in lines]
    least, whole = [], []
    for i in range(grid.columns):
        texts = [row[i].text for row in rows if i < len(row)]
        above = [row[i].text for row in heads if i < len(row)]
        words = [inches(w, SIZE) for text in texts for w in text.split()]
        words += [inches(w, SIZE, bold=True) for text in above for w in text.split()]
        full = [inches(part, SIZE) for text in texts for part in text.split("\n")]
        full += [inches(part, SIZE, bold=True) / HEAD_LINES for text in above for part in text.split("\n")]
        least.append(max(words, default=0.0) + CELL_PADDING)
        whole.append(max(least[-1], min(max(full, default=0.0), LONGEST) + CELL_PADDING))
    room = TEXT - sum(least)
    if room <= 0:
        return [TEXT * wide / sum(least) for wide in least]
    wanted = [most - low for most, low in zip(whole, least, strict=True)]
    if sum(wanted) > room:
        return [low + room * more / sum(wanted) for low, more in zip(least, wanted, strict=True)]
    return [TEXT * wide / sum(whole) for wide in whole]


def _by_column(row: Row) -> Row:
    """Return the cells of a head by column; one over several columns is none of a column."""
    return tuple(part for cell in row for part in ((cell,) if cell.span == 1 else (GridCell(()),) * cell.span))


def _page_of_table(output: FiledOutput, grid: Grid, lines: Sequence[Line], widths: Sequence[float]) -> str:
    names = [f"c{i}" for i in range(grid.columns)]
    cells = [[rf"{{\b {line.heading}}}" if line.heading else NO_SECTION, *map(marked, line.cells)] for line in lines]
    frame = pl.DataFrame(cells, schema=["section", *names], orient="row")
    headed = any(line.heading for line in lines)
    body = RTFBody(
        col_rel_width=[0.05, *widths] if headed else list(widths),
        text_justification=[["l"] * (grid.columns + headed)],
        page_by=["section"] if headed else None,
        **_look(line=""),
    )
    heads = [_heads(row, grid.columns, widths) for row in grid.heads]
    return _document(output, df=frame if headed else frame.drop("section"), rtf_column_header=heads, rtf_body=body)


def _heads(row: Row, columns: int, widths: Sequence[float]) -> RTFColumnHeader:
    text, wide, at = [], [], 0
    for cell in row:
        text.append(marked(cell))
        wide.append(sum(widths[at : at + cell.span]))
        at += cell.span
    if at < columns:  # a cell above reaches down
        text += [""] * (columns - at)
        wide += widths[at:]
    look = _look(line="single")
    justified, bold = [["l"] * len(text)], [["b"] * len(text)]
    return RTFColumnHeader(text=text, col_rel_width=wide, text_justification=justified, text_format=bold, **look)


def _look(*, line: str) -> dict[str, Any]:
    """Return how cells look: with or without lines above and below."""
    edges = {"left": "", "right": "", "top": line, "bottom": line}
    return {**_SET, **{f"border_{edge}": [[kind]] for edge, kind in edges.items()}}


def _document(output: FiledOutput, **content: object) -> str:
    """Return a document of one page or picture with what stands on every page."""
    stamp = rf"   {{\b {escaped(output.words.stamp)}}}" if output.words.stamp else ""
    titles = list(map(escaped, output.titles))
    notes = list(map(marked, output.notes))
    source = [escaped(output.source)]
    document = RTFDocument(
        rtf_page=RTFPage(
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
        ),
        rtf_page_header=RTFPageHeader(
            text=[escaped(output.words.head) + stamp, _PAGE_OF], text_justification=["r"], **_RUNNING
        ),
        rtf_page_footer=RTFPageFooter(text=[escaped(output.words.foot)], text_justification=["l"], **_RUNNING),
        rtf_title=RTFTitle(
            text=titles,
            text_font=[FONT],
            text_font_size=[TITLE_SIZE],
            text_format=["b", "b", *[""] * (len(titles) - 2)],
            text_convert=[False],
            text_space_before=[0.0],
            text_space_after=[60.0],
        ),
        rtf_footnote=RTFFootnote(text=notes, as_table=False, **_SET) if notes else None,
        rtf_source=RTFSource(text=source, as_table=False, text_justification=[["l"]], **_SET),
        **content,
    )
    return str(document.rtf_encode())


def marked(cell: GridCell) -> str:
    """Return the text of a cell with its superscripts and what is bold."""
    return "".join(map(_marked, cell.marks))


def _marked(mark: Mark) -> str:
    text = escaped(mark.text)
    if mark.bold:
        text = rf"{{\b {text}}}"
    return rf"{{\super {text}}}" if mark.raised else text


def escaped(text: str) -> str:
    r"""Return text as RTF shows it: every character is ASCII, and none has a meaning.

    rtflite writes characters from 128 to 255 as they are, which a reader takes for another alphabet.
    """
    return "".join(map(_character, _IDENTIFIER.sub(lambda found: found[0].replace("-", NO_BREAK), text)))


def _character(character: str) -> str:
    if character == "\n":
        return "\\line "
    if character == DIGIT:
        return _DIGIT
    if character == NO_BREAK:
        return r"\_"
    if character in _SPECIAL:
        return f"\\{character}"
    if ord(character) in _PLAIN:
        return character
    units = character.encode("utf-16-le")
    codes = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
    return "".join(rf"\uc1\u{code}?" for code in codes)
