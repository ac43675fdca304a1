"""What a table is before it is laid out: columns, lines and cells, each cell with the results behind it."""

from dataclasses import dataclass

from analysis.results import Row, unique
from sap.plan import Output

ABSENT = "–"


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and the rows of the ARD behind it."""

    text: str
    rows: tuple[Row, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Reasons and warnings the reader needs beside the cell."""
        return unique(n for r in self.rows for n in (r.error, r.warning) if n)


@dataclass(frozen=True)
class Line:
    """A row of a table."""

    section: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: an analysis, its set (or subset of it) and how many subjects that has."""

    analysis_id: str
    title: str
    analysis_set: str
    n: int


@dataclass(frozen=True)
class Table:
    """A table ready to be laid out; `plan` is the plan's id and version."""

    output: Output
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    plan: str
