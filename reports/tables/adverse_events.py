"""Adverse events as a table: a line a class and a term, for any grade, severe, related and each worst grade."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from analysis.results.ard import Row
from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import COUNTED, COUNTED_OVER, INDENT, SLOT, Cell, Column, Line
from sap.methods.adverse_events import AdverseEvents
from sap.model.names import may_be_missing
from sap.plan.plan import Plan

ANY = "Any adverse event"
ANY_GRADE = "Any grade"
CONTEXT = "adverse_events"
CLASS, TERM = "AEBODSYS", "AEDECOD"
_Place = tuple[str, str]
"""A variable and its level: any event, a class or a term."""
_GRADES = (1, 2, 3, 4, 5)


def _measures(plan: Plan, step: AdverseEvents) -> dict[str, tuple[str, ...]]:
    """Return what is counted: title, and statistics in a cell."""
    related = {"Related": ("n.related", "p.related")} if step.related else {}
    if step.severe is None:
        return {ANY_GRADE: ("n", "p"), **related}
    without = {"Grade missing": ("n.nograde",)} if may_be_missing(plan, "ADAE", "ATOXGR") else {}
    return {
        ANY_GRADE: ("n", "p"),
        f"Grade {step.severe} or higher": ("n.severe", "p.severe"),
        **related,
        **{f"Worst grade {g}": (f"n.grade{g}",) for g in _GRADES},
        **without,
    }


def _in_columns(cells: Cells, step: AdverseEvents, column: Column) -> tuple[tuple[Column, ...], tuple[Line, ...]]:
    """Return a column a measure, and any event, then each class, its terms indented below it, as lines."""
    (task,) = cells.wanted
    measures = _measures(cells.plan, step)
    lines = (
        line
        for place in _often(cells, step, _ordered(_counts(cells)))
        for found in [[_cell(cells, task.id, step, title, _at(step, "", place)) for title in measures]]
        for line in cells.line(cells.section(step), _named(*place), found)
    )
    return tuple(replace(column, title=title) for title in measures), tuple(lines)


def event_lines(cells: Cells, step: AdverseEvents) -> Iterator[Line]:
    """Yield a part of the table for each measure, in it any event, the classes and their terms."""
    counts = _counts(cells)
    order = _often(cells, step, _ordered(counts))
    for group in cells.groups(step):
        for title, (count, *_) in _measures(cells.plan, step).items():
            # The placeholder of a shell stands for any count, none or more.
            found_in = (cells, *cells.beside)
            seen = {(r.variable, r.variable_level) for c in found_in for r in _counts(c, count) if r.stat != 0}
            for place in order if title == ANY_GRADE else [p for p in order if p in seen]:
                found = [_cell(cells, t.id, step, title, _at(step, group, place)) for t in cells.wanted]
                section = f"{cells.section(step, group)}: {title[0].lower()}{title[1:]}"
                yield from cells.line(section, _named(*place), found)


def _often(cells: Cells, step: AdverseEvents, order: Sequence[_Place]) -> list[_Place]:
    """Return any event, the terms that are often enough in any group, and the classes of these."""
    if step.at_least is None:
        return list(order)
    shown = (cells, *cells.beside)
    shares = [r for c in shown for r in _counts(c, "p") if r.stat is None or r.stat >= step.at_least]
    often = {(r.variable, r.variable_level) for r in shares}
    kept: list[_Place] = []
    of_class: list[_Place] = []
    for place in order:
        if place[0] == CLASS:
            of_class = [place]
        elif place[0] != TERM:
            kept.append(place)
        elif place in often:
            kept += [*of_class, place]
            of_class = []
    return kept


def _counts(cells: Cells, stat: str = "n") -> tuple[Row, ...]:
    """Return numbers of subjects with any event, each class and each term, in the order of the results."""
    return tuple(r for t in cells.wanted for r in cells.rows(t.id, stat=stat, context=CONTEXT))


def _at(step: AdverseEvents, group: str, place: _Place) -> dict[str, str]:
    return {"variable": place[0], "level": place[1], **in_group(step, group)}


def _cell(cells: Cells, analysis_id: str, step: AdverseEvents, title: str, at: dict[str, str]) -> Cell | None:
    """Return the cell of a measure; behind the number of any event in a group stands who is in no group."""
    names = _measures(cells.plan, step)[title]
    found = cells.cell(analysis_id, COUNTED if len(names) > 1 else SLOT, names, context=CONTEXT, **at)
    if found is None or step.by is None or len(names) == 1:
        return found
    (total,) = cells.rows(analysis_id, stat="N", context=CONTEXT, grouping=at["grouping"], group=at["group"])
    if not cells.only:
        # Groups below each other: the number above the column is not theirs.
        count, share = found.rows
        return replace(found, layout=COUNTED_OVER, rows=(count, total, share))
    told = title == ANY_GRADE and at["variable"] not in {CLASS, TERM}
    return replace(found, rows=(*found.rows, total)) if told else found


def _ordered(counts: Sequence[Row]) -> list[_Place]:
    """Return any event, the classes and the terms of each, by falling number in all groups, then by name."""
    if all(row.stat is None for row in counts):  # a shell: as the results have them
        return list(dict.fromkeys((row.variable, row.variable_level) for row in counts))
    totals: Counter[_Place] = Counter()
    terms: dict[str, dict[str, None]] = {}
    of_class = ""
    for row in counts:
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


TABLE: Final = MethodTable(
    lines=event_lines,
    contexts={CONTEXT: Context("Adverse events", "Class or term")},
    heading=lambda _plan, _step: "Adverse events",
    told_apart=("by",),
    own_columns=_in_columns,
)
