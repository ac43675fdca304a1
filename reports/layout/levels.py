"""Levels that lie within others, as lines of a table: each once, in the order of the results."""

from typing import Final

from analysis.results.ard import unique
from reports.layout.cells import Cells
from sap.model.step import AND_WITHIN

ALL: Final = "Subjects"
"""What a line is called that is about no group within."""


def levels_within(cells: Cells, context: str, stat: str) -> tuple[tuple[str, str], ...]:
    """Return the levels of a step in any of its analyses, each with how its line is called."""
    shown = (cells, *cells.beside)
    rows = (r for c in shown for t in c.wanted for r in c.rows(t.id, context=context, stat=stat))
    return tuple((level, _called(level)) for level in unique(r.variable_level for r in rows))


def _called(level: str) -> str:
    return level.replace(AND_WITHIN, ": ") or ALL
