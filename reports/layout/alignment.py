"""How far each number of a table is set in, in digits, so that decimal points stand below each other in a column.

The first number of each cell is aligned over the whole column; a percentage in parentheses is aligned among the cells
that have its layout. Digits are equally wide in the fonts the reports are set in: a whole number of them is exact.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reports.layout.model import SLOT, Cell, Table
from reports.words.numbers import BY_SUBJECT, shown

MOST: Final = 9
"""Digits a number is set in at most: one that is longer stands out to the left."""
_WHOLE: Final = re.compile(r"[−<>]?(?:\d+|x+)(?![^\W\dx])")
"""What stands before the decimal point; in shells the digits are called x."""
_OPENS: Final = "("
_PERCENT: Final = "%"


@dataclass(frozen=True)
class Place:
    """A number, or a word in its place, that takes part in the alignment of a column."""

    slot: int
    """Which number of the cell."""
    key: str
    """What is aligned with each other within a column."""
    reach: int
    """Characters before its decimal point, counted from what was aligned before it in the cell."""
    number: bool = True
    """Whether it is a number; words are set in as far as there is room, and push nothing."""


def alignment(table: Table) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return for each line and each cell how many digits each of its numbers is set in."""
    columns = [_column(line.cells[i] for line in table.lines) for i in range(len(table.columns))]
    return tuple(zip(*columns, strict=True))


def _column(cells: Iterable[Cell]) -> list[tuple[int, ...]]:
    found = [(cell, _places(cell)) for cell in cells]
    furthest: dict[str, int] = {}
    for _, places in found:
        for place in places:
            if place.number and place.reach <= MOST:
                furthest[place.key] = max(furthest.get(place.key, 0), place.reach)
    return [_insets(cell, places, furthest) for cell, places in found]


def _insets(cell: Cell, places: Iterable[Place], furthest: Mapping[str, int]) -> tuple[int, ...]:
    insets = [0] * max(len(cell.pieces) - 1, 1)
    for place in places:
        insets[place.slot] = max(furthest.get(place.key, 0) - place.reach, 0)
    return tuple(insets)


def _places(cell: Cell) -> list[Place]:
    """Return what is aligned in a cell; values of subjects are records, not results, and words beside numbers."""
    if any(row.context == BY_SUBJECT for row in cell.rows) or (len(cell.text) > MOST and not cell.rows):
        return []
    texts = [shown(row, cell.p_digits) for row in cell.rows] if SLOT in cell.layout else [cell.layout]
    if cell.rows and cell.pieces[0]:
        return []
    first = _whole(texts[0])
    places = [Place(0, "", first or len(texts[0]), number=first is not None)]
    at = len(texts[0])
    for slot, (text, before) in enumerate(zip(texts[1:], cell.pieces[1:-1], strict=False), start=1):
        whole = _whole(text)
        if before.endswith(_OPENS) and text.endswith(_PERCENT) and whole is not None:
            places.append(Place(slot, f"{slot} {cell.layout}", at - (first or 0) + len(before) + whole))
        at += len(before) + len(text)
    return places


def _whole(text: str) -> int | None:
    """Return how many characters stand before the decimal point of a number; None for a word."""
    found = _WHOLE.match(text)
    return len(found[0]) if found else None
