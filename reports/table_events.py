"""Adverse events as a table: a line a class and a term, columns for any grade, severe, related and each worst grade."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from analysis.results import Row
from reports.table_cells import Cells, in_group
from reports.table_model import ABSENT, COUNTED, INDENT, SLOT, Cell, Column, Line
from sap.methods import AdverseEvents

ANY = "Any adverse event"
ANY_GRADE = "Any grade"
CLASS, TERM = "AEBODSYS", "AEDECOD"
_GRADES = (1, 2, 3, 4, 5)


def _measures(step: AdverseEvents) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the columns: title, layout of a cell, statistics in it."""
    return {
        ANY_GRADE: (COUNTED, ("n", "p")),
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


def event_lines_side_by_side(cells: Cells, step: AdverseEvents) -> Iterator[Line]:
    """Yield a part of the table for each measure, in it any event, the classes and their terms, a cell a group.

    Parameters
    ----------
    cells : Cells
        One analysis and its results.
    step : AdverseEvents
        The step; it has groups.

    Yields
    ------
    Line
        By falling frequency in all groups together, then by name. Beyond any grade, what no group has is left out.
    """
    (task,) = cells.wanted
    found = {
        group: cells.lookup.rows(task.id, stat="n", context="adverse_events", **in_group(step, group))
        for group in cells.groups(step)
    }
    for title, (layout, names) in _measures(step).items():
        for variable, level in _ordered(found.values()):
            where = {"context": "adverse_events", "variable": variable, "level": level}
            of_groups = [cells.cell(task.id, layout, names, **where, **in_group(step, g)) for g in found]
            if title == ANY_GRADE or any(c is not None and c.rows[0].stat for c in of_groups):
                section = f"{cells.section(step)}: {title[0].lower()}{title[1:]}"
                yield Line(section, _named(variable, level), tuple(c or Cell(ABSENT) for c in of_groups))


def _ordered(groups: Collection[Sequence[Row]]) -> list[tuple[str, str]]:
    """Return any event, the classes and the terms of each, by falling number in all groups, then by name."""
    totals: Counter[tuple[str, str]] = Counter()
    terms: dict[str, dict[str, None]] = {}
    for rows in groups:
        of_class = ""
        for row in rows:
            totals[row.variable, row.variable_level] += int(row.stat or 0)
            if row.variable == CLASS:
                of_class = row.variable_level
                terms.setdefault(of_class, {})
            elif row.variable == TERM:
                terms[of_class][row.variable_level] = None
    order = [place for place in totals if place[0] not in {CLASS, TERM}]
    for name in sorted(terms, key=lambda name: (-totals[CLASS, name], name)):
        order.append((CLASS, name))
        order += [(TERM, term) for term in sorted(terms[name], key=lambda term: (-totals[TERM, term], term))]
    return order


def _label(row: Row) -> str:
    return _named(row.variable, row.variable_level)


def _named(variable: str, level: str) -> str:
    return f"{INDENT}{level}" if variable == TERM else level or ANY
