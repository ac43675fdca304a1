"""Groups of subjects side by side: a column a group, and one for all, where a table is about one analysis."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from analysis.results import Row, unique
from reports.table_cells import Cells
from reports.table_events import event_lines_side_by_side
from reports.table_lines import lines_of
from reports.table_model import ABSENT, Cell, Column, Line
from sap.methods import (
    AdverseEvents,
    Binomial,
    CompetingRisks,
    Criteria,
    Disposition,
    Distribution,
    KaplanMeier,
    Step,
    Summary,
)

ALL: Final = "All"
MOST: Final = 5
"""Columns that stand side by side on a page; more groups stand below each other."""
_Block = tuple[Line, ...]
"""The lines of one step in one column."""


def side_by_side(
    cells: Cells, column: Column, steps: Sequence[Step]
) -> tuple[tuple[Column, ...], tuple[Line, ...]] | None:
    """Return the columns and lines of a table whose steps are all about the same groups, or about all subjects.

    Parameters
    ----------
    cells : Cells
        The one analysis of the table and its results.
    column : Column
        The column of the analysis.
    steps : sequence of Step
        Those the table shows.

    Returns
    -------
    tuple or None
        None where a step has other groups or compares them, where nothing says how many subjects a group has, where
        there are too many groups, or where the groups do not have lines of the same kind: they stand below each other.
    """
    groupings = unique(s.by for s in steps if s.by is not None)
    of_all = any(s.by is None for s in steps)
    if len(groupings) != 1:
        return None
    grouping = cells.plan.grouping(groupings[0])
    labels = tuple(level.label for level in grouping.levels)
    sizes = tuple(_size(cells, grouping.id, label) for label in labels)
    if len(labels) + of_all > MOST or None in sizes:
        return None
    lines = _lines(cells, steps, labels, of_all=of_all)
    if lines is None:
        return None
    told = (f"Groups: {grouping.title}",)
    columns = tuple(
        replace(column, title=label, size=size, notes=told) for label, size in zip(labels, sizes, strict=True) if size
    )
    everybody = (replace(column, title=ALL),) if of_all else ()
    return (*columns, *everybody), lines


_APART: Final = (Binomial, Distribution, Criteria, Disposition, Summary, KaplanMeier, CompetingRisks)
"""Steps of which each group has lines of its own, and one number of columns."""
_OF_THE_SET: Final = (Binomial, Criteria, Disposition, AdverseEvents)
"""Steps whose N is every subject of a group; that of a time to event is those with a time."""


def _lines(cells: Cells, steps: Sequence[Step], labels: Sequence[str], *, of_all: bool) -> tuple[Line, ...] | None:
    """Return the lines of all steps; None where those of one step cannot stand side by side."""
    first = steps[0]
    if isinstance(first, AdverseEvents) and len(steps) == 1:
        return tuple(event_lines_side_by_side(cells.of(first), first))
    if not all(isinstance(s, _APART) for s in steps):
        return None
    merged = [_merged(list(_blocks(cells, twins, labels, of_all=of_all))) for twins in _twins(steps)]
    return None if None in merged else tuple(line for block in merged for line in block or ())


def _size(cells: Cells, grouping: str, group: str) -> Row | None:
    """Return the record of how many subjects a group has."""
    (task,) = cells.wanted
    steps = [(str(i), s) for i, s in enumerate(task.steps, start=1) if s.by == grouping]
    whole = [i for i, s in steps if isinstance(s, _OF_THE_SET) or (isinstance(s, Distribution) and _of_all(s))]
    timed = [i for i, s in steps if isinstance(s, KaplanMeier | CompetingRisks)]
    found = cells.lookup.rows(task.id, stat="N", grouping=grouping, group=group)
    return next((r for step in (*whole, *timed) for r in found if r.step == step), None)


def _of_all(step: Distribution) -> bool:
    return step.percentages == "all"


def _twins(steps: Sequence[Step]) -> list[list[Step]]:
    """Return steps in their order, one about groups and one about all together where nothing else differs."""
    found: list[tuple[Step, list[Step]]] = []
    for step in steps:
        alone = step.model_copy(update={"by": None})
        twins = next((twins for other, twins in found if other == alone), None)
        if twins is None:
            found.append((alone, [step]))
        else:
            twins.append(step)
    return [twins for _, twins in found]


def _blocks(cells: Cells, twins: Sequence[Step], labels: Sequence[str], *, of_all: bool) -> Iterator[_Block]:
    """Yield the lines of each column; none where the plan has no such step."""
    grouped = next((s for s in twins if s.by is not None), None)
    whole = next((s for s in twins if s.by is None), None)
    for label in labels:
        yield () if grouped is None else tuple(lines_of(replace(cells.of(grouped), only=label), grouped))
    if of_all:
        yield () if whole is None else tuple(lines_of(cells.of(whole), whole))


def _merged(blocks: Sequence[_Block]) -> _Block | None:
    """Return the lines of several columns as lines of one table; None where it cannot be told which belong together."""
    places = [[(line.section, line.label) for line in block] for block in blocks if block]
    repeats = any(len(set(of_column)) < len(of_column) for of_column in places)
    same_sections = len({frozenset(section for section, _ in of_column) for of_column in places}) <= 1
    if not all(p == places[0] for p in places) and (repeats or not same_sections):
        return None
    if repeats:
        return tuple(_line([block[i] if block else None for block in blocks]) for i in range(len(places[0])))
    known = [{(line.section, line.label): line for line in block} for block in blocks]
    return tuple(_line([of_column.get(place) for of_column in known]) for place in dict.fromkeys(chain(*places)))


def _line(found: Sequence[Line | None]) -> Line:
    first = next(line for line in found if line is not None)
    notes = unique(n for line in found if line is not None for n in line.notes)
    cells = tuple(Cell(ABSENT) if line is None else line.cells[0] for line in found)
    return Line(first.section, first.label, cells, notes)
