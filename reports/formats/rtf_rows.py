"""What of a table fits on a page of RTF: headings over rows, widths of columns, lines of heads and notes."""

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from reports.formats.grid import Grid, GridCell
from reports.formats.rtf_text import marked

LINES: Final = 38
"""Lines of a page in the size of a table's text, its titles taken off."""
LEAST: Final = 8
"""Lines of a page that are left to the body, however long the notes are."""
NO_SECTION: Final = "-----"
"""What rtflite takes for no heading."""
NOTE_CHARACTERS: Final = 170
"""Characters of a note that stand on a line."""
HEAD_CHARACTERS: Final = 13
"""Characters of a head, which is bold, that stand on an inch."""
_SHORTEST, _LONGEST = 7, 42


def sectioned(grid: Grid) -> tuple[list[str], list[tuple[GridCell, ...]]]:
    """Return the rows of a body with the heading each stands under; a row over all columns heads those that follow."""
    found: list[tuple[str, tuple[GridCell, ...]]] = []
    blank = tuple(GridCell(()) for _ in range(grid.columns))
    current, used = NO_SECTION, True
    for row in grid.rows:
        if len(row) == 1 and row[0].span > 1 and not row[0].text:  # what follows stands under no heading
            found += [] if used else [(current, blank)]
            current, used = NO_SECTION, True
        elif len(row) == 1 and row[0].span > 1:
            found += [] if used else [(current, blank)]
            current, used = rf"{{\b {marked(row[0])}}}", False
        else:
            found.append((current, tuple(_spread(row))))
            used = True
    # A heading without rows is a sentence in place of them, such as "No subject has such a record."
    found += [] if used else [(current, blank)]
    return [heading for heading, _ in found], [row for _, row in found]


def _spread(row: Sequence[GridCell]) -> list[GridCell]:
    return [part for cell in row for part in (cell, *[GridCell(())] * (cell.span - 1))]


def lines_of_page(grid: Grid, wide: Sequence[float], notes: Sequence[GridCell], width: float) -> int:
    """Return the rows rtflite may set on a page: it takes each row of the head, all notes and the source for one."""
    head = sum(_height(row, wide, width) for row in grid.heads)
    below = sum(math.ceil(max(len(note.text), 1) / NOTE_CHARACTERS) for note in notes) + 1
    return max(LINES - head - below, LEAST) + len(grid.heads) + 2


def _height(row: Sequence[GridCell], wide: Sequence[float], width: float) -> int:
    """Return how many lines a row of a head takes."""
    inch = width / sum(wide)
    lines, at = 1, 0
    for cell in row:
        fits = max(int(sum(wide[at : at + cell.span]) * inch * HEAD_CHARACTERS), 1)
        lines = max(lines, sum(len(wrap(line, fits)) or 1 for line in cell.text.split("\n")))
        at += cell.span
    return lines


def columns(grid: Grid, rows: Sequence[Sequence[GridCell]]) -> list[float]:
    """Return how wide each column should be, in characters."""
    wide = [float(_SHORTEST)] * grid.columns
    for i in range(grid.columns):
        words = [w for row in (*grid.heads, *rows) if i < len(row) for w in row[i].text.split()]
        texts = [row[i].text for row in rows if i < len(row)]
        longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
        wide[i] = max(wide[i], min(longest, _LONGEST) + 1, max(map(len, words), default=0) + 1)
    return wide
