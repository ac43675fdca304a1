"""Results that belong to nothing in the plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.results.ard import Results, Row
from analysis.results.tasks import Task, tasks
from analysis.running.expected import expected
from analysis.steps import method
from sap.methods import Step
from sap.plan.plan import Plan


@dataclass(frozen=True)
class Strangers:
    """Rows of one analysis that the plan does not account for, and why."""

    analysis_id: str
    step: str
    why: str
    rows: tuple[Row, ...]


def strangers(plan: Plan, results: Results) -> tuple[Strangers, ...]:
    """Return the rows of the results that no part of a plan promises."""
    known = {t.id: t for t in tasks(plan)}
    promised = {r.place for r in expected(plan)}
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in results:
        why = _size(row, plan, known) if row.analysis_id == "SETS" else _why(row, known, promised)
        if why:
            found[row.analysis_id, row.step, why].append(row)
    return tuple(Strangers(*key, tuple(rows)) for key, rows in found.items())


def _size(row: Row, plan: Plan, known: Mapping[str, Task]) -> str:
    if row.context == "analysis_set":
        reasons = {s.id: s.reason for s in plan.analysis_sets}
        if row.variable_level not in reasons:
            return f"the plan has no analysis set {row.variable_level}"
        return _labelled(row, reasons[row.variable_level])
    if row.variable_level not in known:
        return f"the plan has no analysis {row.variable_level}"
    return _of_task(row, known[row.variable_level])


def _of_task(row: Row, task: Task) -> str:
    if row.analysis_set != task.analysis_set:
        return f"they are of the analysis set {row.analysis_set}, the plan says {task.analysis_set}"
    return _labelled(row, task.reason)


def _labelled(row: Row, reason: str) -> str:
    return "" if row.reason == reason else f"they are labelled '{row.reason}' and are '{reason}'"


def _why(row: Row, known: Mapping[str, Task], promised: set[tuple[str, ...]]) -> str:
    if row.analysis_id not in known:
        return f"the plan has no analysis {row.analysis_id}"
    task = known[row.analysis_id]
    positions = [str(k) for k in range(1, len(task.steps) + 1)]
    if row.step not in positions:
        return f"the analysis has no step {row.step or '(none is named)'}"
    wrong = _of_task(row, task)
    if wrong or row.place in promised:
        return wrong
    step = task.steps[int(row.step) - 1]
    if (
        row.context in method(step.method).data_contexts
        and row.group1 == (step.by or "")
        and row.variable in _variables(step)
    ):
        return ""
    return f"step {row.step} ({step.method}) does not give them"


def _variables(step: Step) -> Sequence[str]:
    return [*(r.variable for r in step.references), getattr(step, "data", ""), getattr(step, "parameter", "")]
