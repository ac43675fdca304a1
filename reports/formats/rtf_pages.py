"""Which rows of a table stand on which page of RTF: as many as there is room for, measured in their own font."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from rtflite.strwidth import get_string_width

from reports.formats.grid import DIGIT, GridCell, Mark

LINE: Final = 1.15
"""Height of a line, as a share of the size of its text."""
AROUND: Final = 1.5
"""Points above and below the text of a row or a paragraph."""
BELOW_TITLE: Final = 26.0
"""Points between the titles and what they stand over."""
SPARE: Final = 14.0
"""Points of a page that stay empty, for programs that set lines less tightly."""
BOLD: Final = 1.08
"""How much wider bold text is."""
CELL_PADDING: Final = 0.15
"""Inches of a cell's width that its text does not have."""
LAST: Final = 4
"""Rows that stand on the last page at least."""
SECTION: Final = 0.6
GROUP: Final = 0.8
"""Shares of a page after which it may end early, so that a section or the rows of a subject stay together."""
CONTINUED: Final = " (continued)"
_FONT: Final = 4
_DIGIT: Final = "0"

Row = tuple[GridCell, ...]


@dataclass(frozen=True)
class Line:
    """A row of the body and the heading it stands under."""

    heading: str
    cells: Row


def height(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes."""
    share = BOLD if bold else 1.0
    return sum(_wrapped(line, room, size, share) for line in text.split("\n"))


def _wrapped(line: str, room: float, size: float, share: float) -> int:
    lines, used, blank = 1, 0.0, _width(" ", size) * share
    for word in line.split(" "):
        wide = sum(_width(character, size) for character in word) * share
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        lines += max(math.ceil(wide / room) - 1, 0) if room > 0 else 0
        used += wide + blank
    return lines


@cache
def _width(character: str, size: float) -> float:
    return float(get_string_width(_DIGIT if character == DIGIT else character, font=_FONT, font_size=size))


def inches(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text in one line is."""
    return sum(_width(character, size) for character in text) * (BOLD if bold else 1.0)


def row_height(row: Sequence[GridCell], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    """Return the height of a row, in points, whose columns are as wide as `widths` says, in inches."""
    lines, at = 1, 0
    for cell in row:
        room = sum(widths[at : at + cell.span]) - CELL_PADDING
        lines = max(lines, height(cell.text, room, size, bold=bold))
        at += cell.span
    return LINE * size * lines + AROUND


def paragraph_height(texts: Sequence[str], room: float, size: float) -> float:
    """Return the height of a paragraph, in points, in which each text has lines of its own."""
    return sum(LINE * size * height(text, room, size) for text in texts) + AROUND


def pages(lines: Sequence[Line], heights: Sequence[float], heading: float, room: float) -> list[list[Line]]:
    """Part rows into pages."""
    starts, used = [0], 0.0
    for i, line in enumerate(lines):
        first = i == starts[-1]
        headed = bool(line.heading) and (first or line.heading != lines[i - 1].heading)
        wanted = heights[i] + heading * headed
        if not first and used + wanted > room:
            starts.append(_earlier(lines, starts[-1], i))
            used = sum(heights[starts[-1] : i]) + heading * bool(lines[starts[-1]].heading)
            wanted = heights[i]
        used += wanted
    if len(starts) > 1 and len(lines) - starts[-1] < LAST:
        starts[-1] = _earlier(lines, starts[-2], max(starts[-2] + 1, len(lines) - LAST))
    ends = [*starts[1:], len(lines)]
    return [_page(lines, start, end) for start, end in zip(starts, ends, strict=True)]


def _earlier(lines: Sequence[Line], start: int, end: int) -> int:
    """Return where a page ends: before a section or a group that would be parted, if that leaves it mostly full."""

    def back_to(share: float) -> range:
        return range(end, start + math.ceil(share * (end - start)), -1)

    sections = (i for i in back_to(SECTION) if lines[i].heading != lines[i - 1].heading)
    groups = (i for i in back_to(GROUP) if _begins(lines, i))
    return next(sections, next(groups, end))


def _begins(lines: Sequence[Line], i: int) -> bool:
    """Return whether a row is not part of what the rows above are about."""
    text, before = lines[i].cells[0].text, lines[i - 1].cells[0].text
    return not _within(text) and text != before


def _within(text: str) -> bool:
    return text.startswith(DIGIT)


def _page(lines: Sequence[Line], start: int, end: int) -> list[Line]:
    found = list(lines[start:end])
    if start == 0 or not found:
        return found
    heading = found[0].heading
    if _within(found[0].cells[0].text) and (above := _above(lines, start)) is not None:
        blank = (GridCell(()),) * (len(above.cells) - 1)
        label = GridCell((*above.cells[0].marks, Mark(CONTINUED)))
        found.insert(0, Line(heading, (label, *blank)))
    if not heading or heading != lines[start - 1].heading:
        return found
    return [Line(heading + CONTINUED, line.cells) if line.heading == heading else line for line in found]


def _above(lines: Sequence[Line], start: int) -> Line | None:
    """Return the row that those set in below it belong to."""
    same = (line for line in reversed(lines[:start]) if line.heading == lines[start].heading)
    return next((line for line in same if not _within(line.cells[0].text)), None)
