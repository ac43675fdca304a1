"""Groups of subjects side by side: a column a group of each analysis, and one for what is about all of them.

A step fills the columns of the groups it is about, or the column of all; steps that are alike but for their groups, or
for their analysis, fill the same lines. Several groupings of one table, as arms and doses, stand one after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.results.ard import Row, unique
from analysis.results.tasks import tasks
from reports.layout.cells import Cells
from reports.layout.model import ABSENT, INDENT, Cell, Column, Line
from reports.tables import lines_of, method_table
from sap.methods import Step

ALL: Final = "All"
COMPARED: Final = "Comparison"
"""What the column of all subjects is called, and what it is called where all that it has are comparisons of groups."""
_Key = tuple[str, ...]
StepCells = tuple[Cells, Step]
"""A step with its analysis and the results of it."""


@dataclass(frozen=True)
class Owner:
    """What has a column where no groups are told apart: an analysis, or several of the same subjects."""

    column: Column
    steps: tuple[StepCells, ...]


@dataclass(frozen=True)
class _Place:
    """A column: the group of a grouping, or nobody's where it is about all, of one owner."""

    owner: int
    grouping: str = ""
    group: str = ""


@dataclass(frozen=True)
class _Own:
    """A step of an owner, with its results."""

    owner: int
    cells: Cells
    step: Step

    @property
    def grouping(self) -> str:
        """The grouping in whose columns it stands; none where it is about all, or compares."""
        return str(self.step.by) if _of_groups(self.step) else ""


def side_by_side(owners: Sequence[Owner]) -> tuple[tuple[Column, ...], tuple[Line, ...]] | None:
    """Return the columns and lines of a table with steps about groups in each analysis.

    None where an analysis has no such step, or nobody says how many subjects a group has.
    """
    steps = [_Own(i, cells, step) for i, owner in enumerate(owners) for cells, step in owner.steps]
    if len({own.owner for own in steps if own.grouping}) < len(owners):
        return None
    columns: dict[_Place, Column] = {}
    for i, owner in enumerate(owners):
        named = "" if len(owners) == 1 else owner.column.title
        found = _columns(owner.column, [own for own in steps if own.owner == i], named)
        if found is None:
            return None
        columns |= {replace(place, owner=i): column for place, column in found.items()}
    lines = tuple(line for twins in _of_one_section(steps) for line in _merged(_blocks(twins, tuple(columns))))
    return tuple(columns.values()), lines


def _columns(own: Column, steps: Sequence[_Own], named: str) -> dict[_Place, Column] | None:
    """Return the columns of an owner, called after it where there are several; None where a group has no size."""
    plan = steps[0].cells.plan
    groupings = unique(s.grouping for s in steps if s.grouping)
    found: dict[_Place, Column] = {}
    for name in groupings:
        grouping = plan.grouping(name)
        told = (f"Groups: {grouping.title}",)
        of_grouping = [s for s in steps if s.grouping == name]
        for label in (level.label for level in grouping.levels):
            if (size := _size(of_grouping, label)) is None:
                return None
            words = label if len(groupings) == 1 else f"{grouping.title}: {label}"
            title = ": ".join(filter(None, (named, words)))
            column = replace(own, title=title, size=size, compared="", notes=told, grouping=name)
            found[_Place(0, name, label)] = column
    of_all = [s for s in steps if not s.grouping]
    if of_all:
        whole = COMPARED if all(s.step.compares for s in of_all) else ALL
        found[_Place(0)] = replace(own, title=": ".join(filter(None, (named, whole))))
    return found


def _of_groups(step: Step) -> bool:
    """Return whether each group has its own lines of a step: not of a comparison, and not of a list of subjects."""
    return step.by is not None and not step.compares and not method_table(step.method).lists_subjects


def _size(steps: Sequence[_Own], group: str) -> Row | None:
    """Return the record of how many subjects a group has: the greatest denominator any step has there.

    Where none of the steps counts subjects, as descriptions do not, those of other analyses of the same subjects do.
    """
    found = (
        row
        for own in steps
        for row in own.cells.rows(own.cells.wanted[0].id, stat="N", grouping=own.grouping, group=group)
    )
    cells, grouping = steps[0].cells, steps[0].grouping
    task = cells.wanted[0]
    others = (
        row
        for other in tasks(cells.plan)
        if (other.analysis_set, other.data_subset) == (task.analysis_set, task.data_subset)
        for row in cells.lookup.rows(other.id, stat="N", grouping=grouping, group=group)
    )
    return max((*found,) or others, key=lambda row: row.stat or 0, default=None)


def _of_one_section(steps: Sequence[_Own]) -> list[list[_Own]]:
    """Return steps in their order; those that are alike stand together, each in columns of its own."""
    found: list[list[_Own]] = []
    for own in steps:
        place = (own.owner, own.grouping)
        alike = (t for t in found if _alike(t[0], own))
        twins = next((t for t in alike if place not in {(s.owner, s.grouping) for s in t}), None)
        if twins is None:
            found.append([own])
        else:
            twins.append(own)
    return found


def _alike(one: _Own, other: _Own) -> bool:
    """Return whether two steps fill the same lines: of one owner, but for groups; of two, as without groups."""
    first, second = _without_groups(one.step), _without_groups(other.step)
    return first == second if one.owner == other.owner else key_of(first) == key_of(second)


def key_of(step: Step) -> tuple[object, ...]:
    """Return what makes two steps fill the same lines; limits at another level stand on lines of their own."""
    told_apart = method_table(step.method).told_apart
    return step.method, *(str(getattr(step, name)) for name in told_apart), getattr(step, "conf_level", None)


def _without_groups(step: Step) -> Step:
    """Return a step without its groups, its label and what only adds lines."""
    more = dict.fromkeys(method_table(step.method).only_add_lines)
    return step.model_copy(update={"by": None if _of_groups(step) else step.by, "label": None, **more})


def _blocks(twins: Sequence[_Own], places: Sequence[_Place]) -> Iterator[tuple[Line, ...]]:
    """Yield the lines of each column, under the label of the step about all; none where the plan has no such step."""
    named = sorted(twins, key=lambda own: bool(own.grouping))
    label = {"label": next((own.step.label for own in named if own.step.label), None)}
    of_place = {(own.owner, own.grouping): own for own in twins}
    for place in places:
        own = of_place.get((place.owner, place.grouping))
        if own is None:
            yield ()
        else:
            others = tuple(other.cells for other in twins if other is not own)
            cells = replace(own.cells, only=place.group, beside=others)
            yield tuple(lines_of(cells, own.step.model_copy(update=label)))


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
