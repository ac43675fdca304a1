"""Plan and study to results: the only place that loops over the plan."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis.derive import derive
from analysis.load import Study
from analysis.results import Results, Row, Statistic
from analysis.sets import subjects_where
from analysis.steps.binomial import binomial
from analysis.steps.by_subject import by_subject
from analysis.steps.counts import criteria, distribution
from analysis.steps.kaplan_meier import kaplan_meier
from analysis.steps.rank_comparison import rank_comparison
from analysis.steps.sample import Sample
from analysis.steps.summary import summary
from sap.clause import WhereClause
from sap.methods import RankComparison, Step
from sap.plan import Analysis, Plan, Sensitivity
from sap.problems import UserError

STEPS: Mapping[str, Callable[[Any, Sample], list[Statistic]]] = {
    "binomial": binomial,
    "by_subject": by_subject,
    "criteria": criteria,
    "distribution": distribution,
    "kaplan_meier": kaplan_meier,
    "rank_comparison": rank_comparison,
    "summary": summary,
}
"""How each method of the plan is computed; a test holds this list to the plan's."""


@dataclass(frozen=True)
class Task:
    """One analysis to run: a promised one, or one of its sensitivity analyses."""

    id: str
    analysis_set: str
    data_subset: WhereClause | None
    steps: tuple[Step, ...]
    use: Mapping[str, str]


def run(study: Study, progress: Callable[[str], None] = lambda _: None) -> Results:
    """Run every analysis of the plan.

    Parameters
    ----------
    study : Study
        Validated data and their plan.
    progress : callable
        Told the id and title of each analysis as it starts.

    Returns
    -------
    Results
        The analysis results dataset, in the plan's order: first the analysis sets, then the analyses.
    """
    data = derive(study)
    rows = _set_sizes(study.plan, data)
    for task in tasks(study.plan):
        progress(task.id)
        rows += _rows(task, study.plan, data)
    return Results(tuple(rows))


def tasks(plan: Plan) -> tuple[Task, ...]:
    """Return the analyses of a plan, each followed by its sensitivity analyses."""
    return tuple(t for a in plan.analyses for t in (_main(a), *(_changed(a, s) for s in a.sensitivity)))


def _main(analysis: Analysis) -> Task:
    return Task(analysis.id, analysis.analysis_set, analysis.data_subset, analysis.steps, {})


def _changed(analysis: Analysis, change: Sensitivity) -> Task:
    return Task(
        change.id,
        change.analysis_set or analysis.analysis_set,
        analysis.data_subset,
        change.steps or analysis.steps,
        change.use,
    )


def _set_sizes(plan: Plan, data: Mapping[str, pd.DataFrame]) -> list[Row]:
    return [
        Row("SETS", s.id, "", "", "USUBJID", s.id, "analysis_set", "N", "Subjects",
            float(len(subjects_where(data, s.where))), "", "xx", "Count", "", "")
        for s in plan.analysis_sets
    ]  # fmt: skip


def _rows(task: Task, plan: Plan, data: Mapping[str, pd.DataFrame]) -> list[Row]:
    inside = subjects_where(data, plan.set_of(task.analysis_set).where)
    if task.data_subset is not None:
        inside &= subjects_where(data, task.data_subset)
    swapped = dict(data) | {old: data[new] for old, new in task.use.items()}
    subjects = tuple(s for s in data["ADSL"]["USUBJID"] if s in inside)
    sample = Sample(subjects, swapped, plan, f"analysis set {task.analysis_set}", task.use)
    rows = []
    for step in task.steps:
        group = plan.grouping(step.by).id if step.by is not None else ""
        for stat in _statistics(task, step, sample):
            fields = asdict(stat)
            rows.append(Row(analysis_id=task.id, analysis_set=task.analysis_set, group1=group, **fields))
    return rows


def _statistics(task: Task, step: Step, sample: Sample) -> list[Statistic]:
    compute = STEPS[step.method]
    try:
        if step.by is None or isinstance(step, RankComparison):
            return compute(step, sample)
        groups = sample.group(sample.plan.grouping(step.by))
        return [_in_group(s, label) for label, group in groups.items() for s in compute(step, group)]
    except ValueError as error:
        msg = f"{task.id}, method {step.method}: {str(error).rstrip('.')}. Correct the step in the plan, or the data it names."
        raise UserError(msg) from error


def _in_group(stat: Statistic, label: str) -> Statistic:
    return Statistic(**{**asdict(stat), "group1_level": label})
