"""Rows of a table as RTF sets them: the heading each stands under, and how wide the columns are."""

from collections.abc import Sequence
from typing import Final

from reports.formats.grid import Grid, GridCell
from reports.formats.rtf_text import marked

NO_SECTION: Final = "-----"
"""What rtflite takes for no heading."""
_SHORTEST, _LONGEST = 7, 42


def sectioned(grid: Grid) -> tuple[list[str], list[tuple[GridCell, ...]]]:
    """Return the rows of a body with the heading each stands under, as RTF: a row over all columns heads some."""
    found: list[tuple[str, tuple[GridCell, ...]]] = []
    blank = tuple(GridCell(()) for _ in range(grid.columns))
    current, used = "", True
    for row in grid.rows:
        if len(row) == 1 and row[0].span > 1 and not row[0].text:  # what follows stands under no heading
            found += [] if used else [(current, blank)]
            current, used = "", True
        elif len(row) == 1 and row[0].span > 1:
            found += [] if used else [(current, blank)]
            current, used = marked(row[0]), False
        else:
            found.append((current, tuple(_spread(row))))
            used = True
    # A heading without rows is a sentence in place of them, such as "No subject has such a record."
    found += [] if used else [(current, blank)]
    return [heading for heading, _ in found], [row for _, row in found]


def _spread(row: Sequence[GridCell]) -> list[GridCell]:
    return [part for cell in row for part in (cell, *[GridCell(())] * (cell.span - 1))]


def columns(grid: Grid, rows: Sequence[Sequence[GridCell]]) -> list[float]:
    """Return how wide each column should be, in characters."""
    wide = [float(_SHORTEST)] * grid.columns
    for i in range(grid.columns):
        words = [w for row in (*grid.heads, *rows) if i < len(row) for w in row[i].text.split()]
        texts = [row[i].text for row in rows if i < len(row)]
        longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
        wide[i] = max(wide[i], min(longest, _LONGEST) + 1, max(map(len, words), default=0) + 1)
    return wide
