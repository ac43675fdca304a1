"""Results to the rows of a table: one section a step of the plan, one column an analysis.

The planned analysis is the first column and each sensitivity analysis the next, so that a reader sees on one line what
a changed assumption changes. An analysis alone in its table, of one grouping, has a column a group in its place.
"""

from collections.abc import Sequence
from dataclasses import replace

from analysis.results import unique
from analysis.tasks import Task, tasks
from reports.compared import compared
from reports.lookup import Lookup
from reports.table_cells import Cells
from reports.table_events import event_columns
from reports.table_groups import side_by_side
from reports.table_lines import lines_of
from reports.table_model import Column, Line, Table
from reports.traced import POST_HOC, traced
from sap.methods import (
    AdverseEvents,
    Binomial,
    BySubject,
    CompetingRisks,
    Correlation,
    Criteria,
    Disposition,
    KaplanMeier,
    Posterior,
    Profile,
    Records,
    Step,
    TimeDependent,
)
from sap.plan import Output, Plan


def table(plan: Plan, lookup: Lookup, output: Output) -> Table:
    """Return the content of a table of the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    lookup : Lookup
        The results.
    output : Output
        The table's entry in the plan.

    Returns
    -------
    Table
        One section a step, labels from the plan, cells from the results.
    """
    wanted = tuple(t for a in output.analyses for t in tasks(plan) if t.id in _family(plan, a))
    alone = len(output.analyses) == 1
    own = {t.id: _column(plan, lookup, t, alone=alone) for t in wanted}
    steps = [s for s in unique_steps(wanted) if output.by_subject or not isinstance(s, BySubject)]
    links = traced(plan, lookup.results)
    cutoff = f", data cut-off {plan.data_cutoff}" if plan.data_cutoff is not None else ""
    named = f"{plan.plan.id} {plan.plan.version}{cutoff}"
    if len(wanted) == 1:
        (task,) = wanted
        beside = side_by_side(Cells(plan, lookup, wanted, frozenset({task.id})), own[task.id], steps)
        if beside is not None:
            return Table(output, _with_notes(*beside), beside[1], named, links)
    columns = tuple(c for t in wanted for c in _columns(t, own[t.id]))
    lines = tuple(x for s in steps for x in lines_of(_cells(plan, lookup, wanted, s, each=output.by_subject), s))
    columns, lines = _folded(output, columns, lines)
    return Table(output, _with_notes(columns, lines), lines, named, links)


def _folded(
    output: Output, columns: tuple[Column, ...], lines: tuple[Line, ...]
) -> tuple[tuple[Column, ...], tuple[Line, ...]]:
    """Return one column for analyses of the same subjects that share no line: they stand below each other."""
    ids = tuple(c.analysis_id for c in columns)
    alike = len({(c.analysis_set, c.size.stat, c.compared, c.post_hoc) for c in columns}) == 1
    filled = [[c for c in line.cells if c.rows] for line in lines]
    if len(ids) == 1 or ids != output.analyses or not alike or any(len(cells) != 1 for cells in filled):
        return columns, lines
    title = "Post hoc analyses" if columns[0].post_hoc else "Planned analyses"
    first = replace(columns[0], title=title, others=ids[1:])
    return (first,), tuple(replace(line, cells=tuple(cells)) for line, cells in zip(lines, filled, strict=True))


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
    steps = [str(i) for i, s in enumerate(task.steps, start=1) if s.compares]
    found = {n for s in steps if (n := compared(lookup.rows(task.id), s)) is not None}
    if total is None or found <= {int(total)}:
        return ""
    return f"{min(found)} compared" if len(found) == 1 else f"{min(found)} to {max(found)} compared"


def _with_notes(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[Column, ...]:
    """Return columns with what their cells say of subjects who are left out."""
    return tuple(
        replace(c, notes=unique((*c.notes, *(n for line in lines for n in line.cells[i].left_out))))
        for i, c in enumerate(columns)
    )


def _columns(task: Task, column: Column) -> tuple[Column, ...]:
    """Return the columns of an analysis: its own, or those of adverse events, of which a table shows nothing else."""
    events = next((s for s in task.steps if isinstance(s, AdverseEvents)), None)
    return event_columns(events, column) if events else (column,)


def _cells(plan: Plan, lookup: Lookup, wanted: tuple[Task, ...], step: Step, *, each: bool) -> Cells:
    having = frozenset(t.id for t in wanted if _key(step) in map(_key, t.steps))
    return Cells(plan, lookup, wanted, having, each)


def unique_steps(wanted: Sequence[Task]) -> tuple[Step, ...]:
    """Return the steps of the planned analyses, and those a sensitivity analysis brings that show other rows."""
    found: dict[tuple[str, str, float | None], Step] = {}
    for task in wanted:
        for step in task.steps:
            found.setdefault(_key(step), step)
    return tuple(found.values())


def _key(step: Step) -> tuple[str, str, float | None]:
    """Return what makes two steps fill the same lines; limits at another level stand on lines of their own."""
    return step.method, _about(step), getattr(step, "conf_level", None)


def _about(step: Step) -> str:
    match step:
        case AdverseEvents() | Disposition():
            return f"by {step.by}"
        case BySubject():
            return ",".join(str(v) for v in step.variables)
        case Correlation():
            return f"{step.variable} with {step.with_variable} by {step.by}: {step.coefficient}"
        case Profile() | Records():
            about = step.parameter if isinstance(step, Profile) else f"{step.told} where {step.where}"
            return f"{step.dataset}.{about}"
        case TimeDependent():
            return f"{step.data} by {step.exposure} from {step.start}, landmark {step.landmark}"
        case KaplanMeier() | CompetingRisks() | Criteria():
            return f"{step.data} by {step.by}"
        case Binomial() | Posterior():
            return f"{step.variable} by {step.by}: {' / '.join(step.event)}"
        case _:
            return f"{step.variable} by {step.by}"
