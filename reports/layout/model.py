"""What a table is before it is laid out: columns, lines and cells, each cell with the results behind it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from analysis.results.ard import Row, unique
from reports.words.numbers import shown
from sap.plan.plan import Output
from sap.reading.post_hoc import POST_HOC

ABSENT = "–"
SLOT = "{}"
"""Where a number stands in the layout of a cell."""
INDENT = "\u2003"
"""What a label begins with whose line is part of the line above."""
TO = "–"
"""What stands between two numbers of a range."""
AND = ", "
"""What stands between two numbers of a pair."""
OVER = "/"
"""What stands between a count and its denominator, which lead to one record."""
COUNTED = f"{SLOT} ({SLOT})"
"""A count and its percentage, or a mean and its standard deviation."""
COUNTED_OVER = f"{SLOT}{OVER}{SLOT} ({SLOT})"
"""A count, its own denominator and its percentage."""
N_PERCENT = "n (%)"
OVER_PERCENT = "n/N (%)"
"""What heads such counts."""
WITH_LIMITS = f"{SLOT} ({SLOT} to {SLOT})"
"""An estimate and its confidence limits."""
WITH_RANGE = f"{SLOT} ({SLOT}{TO}{SLOT})"
"""A median and the least and greatest value."""
LIMITS = ("estimate", "conf.low", "conf.high")
MOST: Final = 5
"""Columns of groups that stand side by side; further ones stand in a table of their own below."""
_LEFT_OUT = re.compile(
    r"(?:; )?(\d+ of \d+ subjects .*?are left out|\d+ (?:event|assessment)s? of \d+ subjects? .*?)(?=;|$)"
)
"""A warning that is about a whole column: of whom a step took no notice, or which records it counted how."""


@dataclass(frozen=True)
class Cell:
    """A layout with a slot for each number it shows, and the rows of the ARD behind it.

    A layout without slots is text. Rows beyond the slots are not shown; their reasons and warnings are.
    """

    layout: str
    rows: tuple[Row, ...] = ()
    p_digits: int = 3

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text before, between and after the numbers."""
        return tuple(self.layout.split(SLOT)) if self.rows else (self.layout,)

    @property
    def text(self) -> str:
        """What the cell shows, without links."""
        first, *others = self.pieces
        numbers = (shown(r, self.p_digits) for r in self.rows)
        return first + "".join(n + piece for n, piece in zip(numbers, others, strict=False))

    @property
    def notes(self) -> tuple[str, ...]:
        """Reasons and warnings the reader needs beside the cell."""
        warnings = ((r.error, _LEFT_OUT.sub("", r.warning).removeprefix("; ")) for r in self.rows)
        return unique(n for found in warnings for n in found if n)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Warnings about subjects who are left out; they stand once, at the head of the column."""
        return unique(n for r in self.rows for n in _LEFT_OUT.findall(r.warning))


@dataclass(frozen=True)
class Line:
    """A row of a table; `notes` are about all of it. Without a section it stands by itself, level with headings."""

    section: str
    label: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table: an analysis, its set (or subset of it) and how many subjects that has.

    `compared` says how many of them a comparison of groups has taken, where not all; `notes` are about all cells;
    `others` are further analyses of the same subjects, whose lines stand below; `grouping` is that of a group.
    """

    analysis_id: str
    title: str
    analysis_set: str
    size: Row
    compared: str = ""
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    grouping: str = ""

    @property
    def n(self) -> int:
        """How many subjects."""
        return int(self.size.stat or 0)

    @property
    def post_hoc(self) -> bool:
        """Whether the analysis was not promised."""
        return self.size.reason == POST_HOC


class Links(Protocol):
    """Where numbers lead."""

    def html(self, row: Row, text: str | None = None) -> str:
        """Return a number, or the text in its place, as a link to its record."""
        ...


@dataclass(frozen=True)
class Table:
    """A table ready to be laid out; `plan` is the plan's id and version, `links` where its numbers lead."""

    output: Output
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    plan: str
    links: Links

    @property
    def parts(self) -> "tuple[Table, ...]":
        """The table; where a page has no room for all its groups, several, each of the lines that its own fill."""
        if not any(column.grouping for column in self.columns):
            return (self,)
        parts: list[list[int]] = []
        for kin in _kin(self.columns):
            if parts and len(parts[-1]) + len(kin) <= MOST and self._share(parts[-1], kin):
                parts[-1] += kin
            else:
                size = -(-len(kin) // -(-len(kin) // MOST))
                parts += [kin[i : i + size] for i in range(0, len(kin), size)]
        return (self,) if len(parts) == 1 else tuple(map(self._part, parts))

    def _share(self, some: Sequence[int], others: Sequence[int]) -> bool:
        """Return whether some columns and others fill a line both."""
        return any(
            _filled(line.cells[i] for i in some) and _filled(line.cells[i] for i in others) for line in self.lines
        )

    def _part(self, places: Sequence[int]) -> "Table":
        lines = (replace(line, cells=tuple(line.cells[i] for i in places)) for line in self.lines)
        columns = tuple(self.columns[i] for i in places)
        return replace(self, columns=columns, lines=tuple(line for line in lines if _filled(line.cells)))


def _filled(cells: Iterable[Cell]) -> bool:
    return any(cell.rows or cell.layout != ABSENT for cell in cells)


def _kin(columns: Sequence[Column]) -> list[list[int]]:
    """Return which columns belong together: the groups of one grouping of an analysis, and what is about all of it."""
    found: list[list[int]] = []
    for i, column in enumerate(columns):
        last = columns[found[-1][0]] if found else None
        of_last = last is not None and last.analysis_id == column.analysis_id
        if last is not None and of_last and column.grouping in {last.grouping, ""}:
            found[-1].append(i)
        else:
            found.append([i])
    return found
