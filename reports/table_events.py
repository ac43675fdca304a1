"""Adverse events as a table: a line a class and a term, columns for any grade, severe, related and each worst grade."""

from collections.abc import Iterator
from dataclasses import replace

from analysis.results import Row
from reports.table_cells import Cells, in_group
from reports.table_model import ABSENT, COUNTED, INDENT, SLOT, Cell, Column, Line
from sap.methods import AdverseEvents

ANY = "Any adverse event"
_GRADES = (1, 2, 3, 4, 5)


def _measures(step: AdverseEvents) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the columns: title, layout of a cell, statistics in it."""
    return {
        "Any grade": (COUNTED, ("n", "p")),
        f"Grade {step.severe} or higher": (COUNTED, ("n.severe", "p.severe")),
        "Related": (COUNTED, ("n.related", "p.related")),
        **{f"Worst grade {g}": (SLOT, (f"n.grade{g}",)) for g in _GRADES},
    }


def event_columns(step: AdverseEvents, column: Column) -> tuple[Column, ...]:
    """Return the columns of the step in place of the one of its analysis."""
    return tuple(replace(column, title=title) for title in _measures(step))


def event_lines(cells: Cells, step: AdverseEvents) -> Iterator[Line]:
    """Yield any event, then each class, its terms indented below it.

    Parameters
    ----------
    cells : Cells
        One analysis and its results.
    step : AdverseEvents
        The step.

    Yields
    ------
    Line
        In the order of the results: by falling frequency, then by name.
    """
    for group in cells.groups(step):
        at = {"context": "adverse_events", **in_group(step, group)}
        for row in cells.lookup.rows(cells.wanted[0].id, stat="n", **at):
            where = {"variable": row.variable, "level": row.variable_level, **at}
            found = (
                cells.cell(cells.wanted[0].id, layout, names, **where) for layout, names in _measures(step).values()
            )
            yield Line(cells.section(step, group), _label(row), tuple(c or Cell(ABSENT) for c in found))


def _label(row: Row) -> str:
    if row.variable == "AEDECOD":
        return f"{INDENT}{row.variable_level}"
    return row.variable_level or ANY
