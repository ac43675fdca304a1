"""Results to the rows of a table: one section a step of the plan, one column an analysis.

The planned analysis is the first column and each sensitivity analysis the next, so that a reader sees on one line what
a changed assumption changes.
"""

from collections.abc import Sequence

from analysis.tasks import Task, tasks
from reports.lookup import Lookup
from reports.table_cells import Cells
from reports.table_lines import lines_of
from reports.table_model import Column, Table
from reports.traced import POST_HOC, traced
from sap.methods import Binomial, BySubject, Criteria, KaplanMeier, Step
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
    columns = tuple(_column(plan, lookup, t) for t in wanted)
    steps = [s for s in unique_steps(wanted) if output.by_subject or not isinstance(s, BySubject)]
    lines = tuple(line for s in steps for line in lines_of(_cells(plan, lookup, wanted, s), s))
    links = traced(lookup.results, plan.conventions.p_value_digits)
    return Table(output, columns, lines, f"{plan.plan.id} {plan.plan.version}", links)


def _family(plan: Plan, analysis_id: str) -> set[str]:
    return {analysis_id, *(s.id for s in plan.analysis(analysis_id).sensitivity)}


def _column(plan: Plan, lookup: Lookup, task: Task) -> Column:
    titles = {s.id: s.title for a in plan.analyses for s in a.sensitivity}
    size = lookup.row("SETS", "N", context="analysis", level=task.id)
    subjects = f"{task.analysis_set}, subset" if task.data_subset is not None else task.analysis_set
    planned = "Post hoc analysis" if task.reason == POST_HOC else "Planned analysis"
    return Column(task.id, titles.get(task.id, planned), subjects, size)


def _cells(plan: Plan, lookup: Lookup, wanted: tuple[Task, ...], step: Step) -> Cells:
    having = frozenset(t.id for t in wanted if _key(step) in map(_key, t.steps))
    return Cells(plan, lookup, wanted, having)


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
        case BySubject():
            return ",".join(str(v) for v in step.variables)
        case KaplanMeier() | Criteria():
            return f"{step.data} by {step.by}"
        case Binomial():
            return f"{step.variable} by {step.by}: {' / '.join(step.event)}"
        case _:
            return f"{step.variable} by {step.by}"
