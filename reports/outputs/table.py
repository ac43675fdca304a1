"""A table of the plan: one section a step, one column an analysis, or groups of subjects side by side.

The planned analysis is the first column and each sensitivity analysis the next, so that a reader sees on one line what
a changed assumption changes. Analyses of the same subjects and of one grouping have a column a group in their place,
and one for all, each under its number of subjects: what a step says of a group stands in the column of the group, what
it says of all subjects in the column of all, and a line that both have is one line.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from analysis.results.ard import Row, unique
from analysis.results.tasks import Task, tasks
from reports.layout.cells import Cells
from reports.layout.lookup import Lookup
from reports.layout.model import ABSENT, INDENT, Cell, Column, Line, Table
from reports.tables import compared, lines_of, method_table, own_columns
from reports.trace.links import RecordLinks, record_links
from reports.words.labels import clock
from sap.methods import Step
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC

ALL: Final = "All"
COMPARED: Final = "Comparison"
"""What the column of all subjects is called, and what it is called where all that it has are comparisons of groups."""
MOST: Final = 5
"""Columns that stand side by side on a page; more groups stand below each other."""
_Key = tuple[str, ...]
_StepCells = tuple[Cells, Step]
"""A step with its analysis and the results of it."""
_Section = tuple[Step, dict[str, str]]
"""A step of the table, and its position in each analysis that has it."""


def table(plan: Plan, lookup: Lookup, output: Output, links: RecordLinks | None = None) -> Table:
    """Return the content of a table of the plan; who lays out many gives the links of its numbers."""
    wanted = tuple(t for a in output.analyses for t in tasks(plan) if t.id in _family(plan, a))
    alone = len(output.analyses) == 1
    own = [_column(plan, lookup, t, alone=alone) for t in wanted]
    sections = _sections(wanted, each=output.by_subject)
    cells = Cells(plan, lookup, wanted, {}, output.by_subject)
    beside = all(method_table(step.method).beside_others for step, _ in sections)
    columns, lines = _laid_out(cells, own, _one_column(output, own, beside=beside), sections)
    noted = _with_notes(columns, lines, _clocks(plan, [s for s, _ in sections]))
    cutoff = f", data cut-off {plan.data_cutoff}" if plan.data_cutoff is not None else ""
    named = f"{plan.plan.id} {plan.plan.version}{cutoff}"
    return Table(output, noted, lines, named, links or record_links(plan, lookup.results))


def _laid_out(
    cells: Cells, own: Sequence[Column], folded: Column | None, sections: Sequence[_Section]
) -> tuple[tuple[Column, ...], tuple[Line, ...]]:
    """Return columns and lines: groups side by side, the measures of adverse events, or a column an analysis."""
    shown = [
        (replace(cells, wanted=(task,), positions=at), step)
        for task in cells.wanted
        for step, at in _sections((task,), each=cells.by_subject)
    ]
    each_once = len(sections) == len(shown)
    if folded and each_once and (beside := side_by_side(folded, shown)):
        return beside
    if len(shown) == 1 and (alone := own_columns(*shown[0], own[0])):
        return alone
    lines = tuple(line for step, at in sections for line in lines_of(replace(cells, positions=at), step))
    filled = [[c for c in line.cells if c.rows] for line in lines]
    if len(own) == 1 or folded is None or any(len(found) != 1 for found in filled):
        return tuple(own), lines
    return (folded,), tuple(replace(line, cells=tuple(found)) for line, found in zip(lines, filled, strict=True))


def _one_column(output: Output, own: Sequence[Column], *, beside: bool) -> Column | None:
    """Return one column for analyses of the same subjects; None where a reader must tell them apart."""
    ids = tuple(c.analysis_id for c in own)
    alike = len({(c.post_hoc, *(() if beside else (c.analysis_set, c.size.stat, c.compared))) for c in own}) == 1
    if len(ids) == 1:
        return own[0]
    if ids != output.analyses or not alike:
        return None
    title = "Post hoc analyses" if own[0].post_hoc else "Planned analyses"
    return replace(own[0], title=title, others=ids[1:])


def _clocks(plan: Plan, steps: Sequence[Step]) -> tuple[str, ...]:
    """Return what day 1 is of the times to event of a table, where days do not count from 0."""
    times = unique(r.dataset for s in steps for r in s.references if r.variable == "AVAL")
    told = {time: words for time in times if (words := clock(plan, time))}
    if len(set(told.values())) == 1:
        return (f"Times to event in days: {next(iter(told.values()))}",)
    texts = {d.id: d.text for d in plan.derivations}
    return tuple(f"{texts[time]}, in days: {words}" for time, words in told.items())


def _family(plan: Plan, analysis_id: str) -> set[str]:
    return {analysis_id, *(s.id for s in plan.analysis(analysis_id).sensitivity)}


def _column(plan: Plan, lookup: Lookup, task: Task, *, alone: bool) -> Column:
    """Return the column of an analysis; several planned ones in one table are told apart by their titles."""
    titles = {s.id: s.title for a in plan.analyses for s in a.sensitivity}
    titles |= {} if alone else {a.id: a.title for a in plan.analyses}
    size = lookup.row("SETS", "N", context="analysis", level=task.id)
    subjects = f"{task.analysis_set}, subset" if task.data_subset is not None else task.analysis_set
    planned = "Post hoc analysis" if task.reason == POST_HOC else "Planned analysis"
    return Column(task.id, titles.get(task.id, planned), subjects, size, _compared(lookup, task, size.stat))


def _compared(lookup: Lookup, task: Task, total: float | None) -> str:
    """Return how many subjects the comparisons of an analysis have taken, where that is not all of its subjects."""
    rows = lookup.rows(task.id)
    found = {n for i, s in enumerate(task.steps, start=1) if (n := compared(rows, s, i)) is not None}
    if total is None or found <= {int(total)}:
        return ""
    return f"{min(found)} compared" if len(found) == 1 else f"{min(found)} to {max(found)} compared"


def _with_notes(columns: Sequence[Column], lines: Sequence[Line], clocks: Sequence[str]) -> tuple[Column, ...]:
    """Return columns with how their days count, and what their cells say of subjects who are left out."""
    return tuple(
        replace(c, notes=unique((*c.notes, *clocks, *(n for line in lines for n in line.cells[i].left_out))))
        for i, c in enumerate(columns)
    )


def _sections(wanted: Sequence[Task], *, each: bool) -> list[_Section]:
    """Return each step of the planned analyses, and those a sensitivity analysis brings that show other rows.

    Beside a step stands its position in each analysis that has it. Where an analysis has several of one key, the first
    is that of the first, the second that of the second: none is left out.
    """
    found: dict[tuple[Hashable, int], _Section] = {}
    for task in wanted:
        seen: Counter[Hashable] = Counter()
        for position, step in enumerate(task.steps, start=1):
            key = _key(step)
            seen[key] += 1
            found.setdefault((key, seen[key]), (step, {}))[1][task.id] = str(position)
    return [section for section in found.values() if each or not method_table(section[0].method).lists_subjects]


def _key(step: Step) -> tuple[object, ...]:
    """Return what makes two steps fill the same lines; limits at another level stand on lines of their own."""
    told_apart = method_table(step.method).told_apart
    return step.method, *(str(getattr(step, name)) for name in told_apart), getattr(step, "conf_level", None)


def side_by_side(column: Column, steps: Sequence[_StepCells]) -> tuple[tuple[Column, ...], tuple[Line, ...]] | None:
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
    compared_only = all(step.compares for _, step in steps if not _of_groups(step))
    everybody = [replace(column, title=COMPARED if compared_only else ALL)] if of_all else []
    lines = (_merged(_blocks(twins, labels, of_all=of_all)) for twins in _of_one_section(steps))
    return (*columns, *everybody), tuple(line for block in lines for line in block)


def _of_groups(step: Step) -> bool:
    """Return whether each group has its own lines of a step: not of a comparison, and not of a list of subjects."""
    return step.by is not None and not step.compares and not method_table(step.method).lists_subjects


def _size(steps: Sequence[_StepCells], group: str) -> Row | None:
    """Return the record of how many subjects a group has: the greatest denominator any step has there.

    Where none of the steps counts subjects, as descriptions do not, those of other analyses of the same subjects do.
    """
    found = (
        row
        for cells, step in steps
        for row in cells.rows(cells.wanted[0].id, stat="N", grouping=str(step.by), group=group)
    )
    cells, step = steps[0]
    own = cells.wanted[0]
    others = (
        row
        for task in tasks(cells.plan)
        if (task.analysis_set, task.data_subset) == (own.analysis_set, own.data_subset)
        for row in cells.lookup.rows(task.id, stat="N", grouping=str(step.by), group=group)
    )
    return max((*found,) or others, key=lambda row: row.stat or 0, default=None)


def _of_one_section(steps: Sequence[_StepCells]) -> list[list[_StepCells]]:
    """Return steps in their order; one of groups and one of all stand together where but for labels they are alike."""
    found: list[list[_StepCells]] = []
    for own in steps:
        alike = (t for t in found if _without_groups(t[0][1]) == _without_groups(own[1]))
        twins = next((t for t in alike if len({s.by for _, s in (*t, own)}) > len(t)), None)
        if twins is None:
            found.append([own])
        else:
            twins.append(own)
    return found


def _without_groups(step: Step) -> Step:
    """Return a step without its groups, its label and what only adds lines."""
    more = dict.fromkeys(method_table(step.method).only_add_lines)
    return step.model_copy(update={"by": None if _of_groups(step) else step.by, "label": None, **more})


def _blocks(twins: Sequence[_StepCells], labels: Sequence[str], *, of_all: bool) -> Iterator[tuple[Line, ...]]:
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
