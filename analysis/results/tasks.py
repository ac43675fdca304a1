"""What a plan asks for: each analysis and each of its sensitivity analyses, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sap.methods import Step
from sap.model.clause import WhereClause
from sap.plan.plan import Analysis, Plan, Sensitivity


@dataclass(frozen=True)
class Task:
    """One analysis to run: a promised one, or one of its sensitivity analyses."""

    id: str
    analysis_set: str
    data_subset: WhereClause | None
    steps: tuple[Step, ...]
    use: Mapping[str, str]
    reason: str


def tasks(plan: Plan) -> tuple[Task, ...]:
    """Return the analyses of a plan, each followed by its sensitivity analyses."""
    return tuple(t for a in plan.analyses for t in (_main(a), *(_changed(a, s) for s in a.sensitivity)))


def _main(analysis: Analysis) -> Task:
    return Task(analysis.id, analysis.analysis_set, analysis.data_subset, analysis.steps, {}, analysis.reason)


def _changed(analysis: Analysis, change: Sensitivity) -> Task:
    return Task(
        change.id,
        change.analysis_set or analysis.analysis_set,
        analysis.data_subset,
        change.steps or analysis.steps,
        change.use,
        analysis.reason,
    )
