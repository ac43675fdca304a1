"""A table of the plan: one section a step, one column an analysis, or groups of subjects side by side.

The planned analysis is the first column and each sensitivity analysis the next, so that a reader sees on one line what
a changed assumption changes. Where steps are about groups, each analysis has a column a group in place of its own, and
one for all, each under its number of subjects.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

from analysis.results.ard import unique
from analysis.results.tasks import Task, tasks
from reports.layout.cells import Cells
from reports.layout.lookup import Lookup
from reports.layout.model import Column, Line, Table
from reports.outputs.groups import Owner, StepCells, key_of, side_by_side
from reports.tables import compared, lines_of, method_table, own_columns
from reports.trace.links import RecordLinks, record_links
from reports.words.labels import clock
from sap.methods import Step
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC

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
    owners = [Owner(column, _steps(cells, task)) for column, task in zip(own, cells.wanted, strict=True)]
    shown = tuple(found for owner in owners for found in owner.steps)
    if folded and len(sections) == len(shown):
        owners = [Owner(folded, shown)]
    if beside := side_by_side(owners):
        return beside
    if len(shown) == 1 and (alone := own_columns(*shown[0], own[0])):
        return alone
    lines = tuple(line for step, at in sections for line in lines_of(replace(cells, positions=at), step))
    filled = [[c for c in line.cells if c.rows] for line in lines]
    if len(own) == 1 or folded is None or any(len(found) != 1 for found in filled):
        return tuple(own), lines
    return (folded,), tuple(replace(line, cells=tuple(found)) for line, found in zip(lines, filled, strict=True))


def _steps(cells: Cells, task: Task) -> tuple[StepCells, ...]:
    """Return the steps of an analysis, each with its results."""
    found = _sections((task,), each=cells.by_subject)
    return tuple((replace(cells, wanted=(task,), positions=at), step) for step, at in found)


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
            key = key_of(step)
            seen[key] += 1
            found.setdefault((key, seen[key]), (step, {}))[1][task.id] = str(position)
    return [section for section in found.values() if each or not method_table(section[0].method).lists_subjects]
