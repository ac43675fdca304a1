"""Adverse events as a table: a line a class and a term, columns for any grade, severe, related and each worst grade."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from analysis.results import Row
from reports.table_cells import Cells, in_group
from reports.table_model import COUNTED, INDENT, SLOT, Cell, Column, Line
from sap.methods import AdverseEvents
from sap.plan import Plan
from sap.values import may_be_missing

ANY = "Any adverse event"
ANY_GRADE = "Any grade"
CONTEXT = "adverse_events"
CLASS, TERM = "AEBODSYS", "AEDECOD"
_Place = tuple[str, str]
"""A variable and its level: any event, a class or a term."""
_GRADES = (1, 2, 3, 4, 5)


def _measures(plan: Plan, step: AdverseEvents) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the columns: title, layout of a cell, statistics in it."""
    without = {"Grade missing": (SLOT, ("n.nograde",))} if may_be_missing(plan, "ADAE", "ATOXGR") else {}
    return {
        ANY_GRADE: (COUNTED, ("n", "p")),
        f"Grade {step.severe} or higher": (COUNTED, ("n.severe", "p.severe")),
        "Related": (COUNTED, ("n.related", "p.related")),
        **{f"Worst grade {g}": (SLOT, (f"n.grade{g}",)) for g in _GRADES},
        **without,
    }


def event_columns(plan: Plan, step: AdverseEvents, column: Column) -> tuple[Column, ...]:
    """Return the columns of the step in place of the one of its analysis."""
    return tuple(replace(column, title=title) for title in _measures(plan, step))


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
        for row in _counts(cells, step, group):
            place = row.variable, row.variable_level
            found = [_cell(cells, step, group, place, title) for title in _measures(cells.plan, step)]
            yield from cells.line(cells.section(step, group), _named(*place), found)


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
    groups = cells.groups(step)
    order = _ordered([_counts(cells, step, group) for group in groups])
    for title in _measures(cells.plan, step):
        section = f"{cells.section(step)}: {title[0].lower()}{title[1:]}"
        for place in order:
            of_groups = [_cell(cells, step, group, place, title) for group in groups]
            # The placeholder of a shell stands for any count, none or more.
            if title == ANY_GRADE or any(c is not None and c.rows[0].stat != 0 for c in of_groups):
                yield from cells.line(section, _named(*place), of_groups)


def _counts(cells: Cells, step: AdverseEvents, group: str) -> tuple[Row, ...]:
    """Return the numbers of subjects with any event, each class and each term, in the order of the results."""
    return cells.lookup.rows(cells.wanted[0].id, stat="n", context=CONTEXT, **in_group(step, group))


def _cell(cells: Cells, step: AdverseEvents, group: str, place: _Place, title: str) -> Cell | None:
    """Return the cell of a measure; behind the number of any event in a group stands who is in no group."""
    layout, names = _measures(cells.plan, step)[title]
    variable, level = place
    size = ("N",) if step.by is not None and title == ANY_GRADE and variable not in {CLASS, TERM} else ()
    where = {"context": CONTEXT, "variable": variable, "level": level, **in_group(step, group)}
    return cells.cell(cells.wanted[0].id, layout, (*names, *size), **where)


def _ordered(groups: Collection[Sequence[Row]]) -> list[_Place]:
    """Return any event, the classes and the terms of each, by falling number in all groups, then by name."""
    totals: Counter[_Place] = Counter()
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


def _named(variable: str, level: str) -> str:
    return f"{INDENT}{level}" if variable == TERM else level or ANY
