"""Groups of subjects side by side: a column a group, and one for all, each under its number of subjects.

What a step says of a group stands in the column of the group, what it says of all subjects in the column of all; a
line that both have is one line. Steps about all alone, or that compare groups, fill the column of all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from analysis.results.ard import Row, unique
from reports.layout.cells import Cells
from reports.layout.model import ABSENT, INDENT, Cell, Column, Line
from reports.tables import lines_of, method_table
from sap.methods import Step

ALL: Final = "All"
MOST: Final = 5
"""Columns that stand side by side on a page; more groups stand below each other."""
_Key = tuple[str, ...]
_Own = tuple[Cells, Step]
"""A step with its analysis and the results of it."""


def side_by_side(column: Column, steps: Sequence[_Own]) -> tuple[tuple[Column, ...], tuple[Line, ...]] | None:
    """Return the columns and lines of a table in which some steps are about groups, all of one grouping."""
    apart = [(cells, step) for cells, step in steps if _of_groups(step)]
    groupings = unique(str(step.by) for _, step in apart)
    if len(groupings) != 1:
        return None
    grouping = apart[0][0].plan.grouping(groupings[0])
    labels = tuple(level.label for level in grouping.levels)
    sizes = {label: size for label in labels if (size := _size(apart, label)) is not None}
    of_all = len(apart) < len(steps)
    if len(labels) + of_all > MOST or len(sizes) < len(labels):
        return None
    told = (f"Groups: {grouping.title}",)
    columns = [replace(column, title=label, size=sizes[label], compared="", notes=told) for label in labels]
    everybody = [replace(column, title=ALL)] if of_all else []
    lines = (_merged(_blocks(twins, labels, of_all=of_all)) for twins in _twins(steps))
    return (*columns, *everybody), tuple(line for block in lines for line in block)


def _of_groups(step: Step) -> bool:
    """Return whether each group has its own lines of a step: not of a comparison, and not of a list of subjects."""
    return step.by is not None and not step.compares and not method_table(step.method).lists_subjects


def _size(steps: Sequence[_Own], group: str) -> Row | None:
    """Return the record of how many subjects a group has: the greatest denominator any step has there."""
    found = (
        row
        for cells, step in steps
        for row in cells.rows(cells.wanted[0].id, stat="N", grouping=str(step.by), group=group)
    )
    return max(found, key=lambda row: row.stat or 0, default=None)


def _twins(steps: Sequence[_Own]) -> list[list[_Own]]:
    """Return steps in their order; one of groups and one of all stand together where but for labels they are alike."""
    found: list[list[_Own]] = []
    for own in steps:
        alike = (t for t in found if _alone(t[0][1]) == _alone(own[1]) and len({s.by for _, s in (*t, own)}) > len(t))
        twins = next(alike, None)
        if twins is None:
            found.append([own])
        else:
            twins.append(own)
    return found


def _alone(step: Step) -> Step:
    """Return a step without its groups, its label and what only adds lines."""
    more = dict.fromkeys(method_table(step.method).only_add_lines)
    return step.model_copy(update={"by": None if _of_groups(step) else step.by, "label": None, **more})


def _blocks(twins: Sequence[_Own], labels: Sequence[str], *, of_all: bool) -> Iterator[tuple[Line, ...]]:
    """Yield the lines of each column, under the label of the step about all; none where the plan has no such step."""
    named = sorted((step for _, step in twins), key=_of_groups)
    label = {"label": next((step.label for step in named if step.label), None)}
    grouped = next(((cells, step.model_copy(update=label)) for cells, step in twins if _of_groups(step)), None)
    whole = next(((cells, step.model_copy(update=label)) for cells, step in twins if not _of_groups(step)), None)
    of_groups, of_whole = (None if own is None else own[0] for own in (grouped, whole))
    for group in labels:
        yield () if grouped is None else tuple(lines_of(replace(grouped[0], only=group, beside=of_whole), grouped[1]))
    if of_all:
        yield () if whole is None else tuple(lines_of(replace(whole[0], beside=of_groups), whole[1]))


def _merged(blocks: Iterator[tuple[Line, ...]]) -> Iterator[Line]:
    """Yield the lines of several columns as lines of one table; one that a column lacks stands after its neighbour."""
    columns = [_keyed(block) for block in blocks]
    order: list[_Key] = []
    for of_column in columns:
        at = 0
        for key in of_column:
            if key not in order:
                order.insert(at, key)
            at = order.index(key) + 1
    for key in order:
        found = [of_column.get(key) for of_column in columns]
        first = next(line for line in found if line is not None)
        notes = unique(n for line in found if line is not None for n in line.notes)
        yield replace(first, cells=tuple(Cell(ABSENT) if x is None else x.cells[0] for x in found), notes=notes)


def _keyed(block: Sequence[Line]) -> dict[_Key, Line]:
    """Return lines by what tells them apart: the section, the lines they are set in below, the label."""
    found: dict[_Key, Line] = {}
    above: list[str] = []
    section = ""
    for line in block:
        level = len(line.label) - len(line.label.lstrip(INDENT))
        above = [*(above if line.section == section else [])[:level], line.label]
        section = line.section
        key = (section, *above)
        while key in found:
            key = (*key, "")
        found[key] = line
    return found
