"""Plan and study to results: the only place that loops over the plan."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from importlib import import_module
from typing import Final

import pandas as pd

from analysis.data.load import Study
from analysis.data.sample import Sample, how_counted
from analysis.data.sets import subjects_where
from analysis.results.ard import NOT_DONE, Results, Row, Statistic
from analysis.results.tasks import Task, tasks
from analysis.steps import method
from sap.methods import Step
from sap.model.names import types
from sap.model.variables import VariableType
from sap.plan.plan import Plan

_OF_STATISTIC: Final = tuple(f.name for f in fields(Statistic))
_DTYPES: Final[Mapping[VariableType, str]] = {
    "text": "object",
    "integer": "float64",
    "number": "float64",
    "date": "datetime64[ns]",
}


LONGEST: Final = "pingouin"
"""The library that takes as long to import as all others: analyses that need it are computed beside them."""


def run(
    study: Study,
    progress: Callable[[str], None] = lambda _: None,
    others: Callable[[], Mapping[str, list[Row]]] | None = None,
) -> Results:
    """Run every analysis of the plan; `others`, where it is there, gives what `run_others` does."""
    done: dict[str, list[Row]] = {}
    for task in tasks(study.plan):
        progress(task.id)
        if others is None or not _needs_longest(task):
            done[task.id] = task_rows(task, task_sample(task, study.plan, study.derived))
    done |= others() if others is not None else {}
    rows = (row for task in tasks(study.plan) for row in done[task.id])
    return Results((*_set_sizes(study.plan, study.derived), *rows))


def run_others(study: Study) -> dict[str, list[Row]]:
    """Return the rows of the analyses that need the library that takes longest to import, by analysis."""
    apart = (task for task in tasks(study.plan) if _needs_longest(task))
    return {task.id: task_rows(task, task_sample(task, study.plan, study.derived)) for task in apart}


def import_libraries(plan: Plan) -> None:
    """Import what the methods of a plan compute with, but for what takes longest."""
    for name in sorted({step.method for task in tasks(plan) for step in task.steps}):
        for library in method(name).libraries:
            if library != LONGEST:
                import_module(library)


def _needs_longest(task: Task) -> bool:
    return any(LONGEST in method(step.method).libraries for step in task.steps)


def _set_sizes(plan: Plan, data: Mapping[str, pd.DataFrame]) -> list[Row]:
    sets = [
        replace(_size(s.id, s.id, "analysis_set", subjects_where(data, s.where)), reason=s.reason)
        for s in plan.analysis_sets
    ]
    return sets + [
        replace(_size(t.analysis_set, t.id, "analysis", task_subjects(t, plan, _swapped(t, data))), reason=t.reason)
        for t in tasks(plan)
    ]


def _swapped(task: Task, data: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Return the data as a task sees them: a set defined by a derivation follows the one that takes its place."""
    return dict(data) | {old: data[new] for old, new in task.use.items()}


def _size(set_id: str, level: str, context: str, subjects: frozenset[str]) -> Row:
    size = float(len(subjects))
    return Row(
        "SETS", set_id, "", "", "USUBJID", level, context, "N", "Subjects", size, "", "xx", "Count", "", "",
        dataset="ADSL",
    )  # fmt: skip


def task_subjects(task: Task, plan: Plan, data: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Return the subjects of a task: its analysis set, or the subset of it."""
    inside = subjects_where(data, plan.set_of(task.analysis_set).where)
    return inside if task.data_subset is None else inside & subjects_where(data, task.data_subset)


def task_rows(task: Task, sample: Sample) -> list[Row]:
    """Return the results of every step of a task in a sample."""
    rows = []
    for position, step in enumerate(task.steps, start=1):
        group = sample.plan.grouping(step.by).id if step.by is not None else ""
        for stat in _statistics(step, sample):
            values = {name: getattr(stat, name) for name in _OF_STATISTIC}
            dataset = stat.dataset or step.references[0].dataset
            values["dataset"] = task.use.get(dataset, dataset)
            rows.append(
                Row(
                    analysis_id=task.id,
                    analysis_set=task.analysis_set,
                    group1=group,
                    step=str(position),
                    reason=task.reason,
                    **values,
                )
            )
    return rows


def expected(plan: Plan) -> Results:
    """Return the statistics that every run of a plan must give, whatever the data.

    The methods themselves say what they give: each is run on nobody. What depends on who is in the data (the values of
    each subject, the times of a curve) is not among them.
    """
    return Results(tuple(row for t in tasks(plan) for row in task_rows(t, nobody(plan, t.use))))


def task_sample(task: Task, plan: Plan, data: Mapping[str, pd.DataFrame]) -> Sample:
    """Return the subjects of a task in the order of ADSL, with the data as the task sees them."""
    swapped = _swapped(task, data)
    inside = task_subjects(task, plan, swapped)
    subjects = tuple(s for s in data["ADSL"]["USUBJID"] if s in inside)
    name = f"analysis set {task.analysis_set}"
    return Sample(subjects, swapped, plan, name, task.use, subset=task.data_subset)


def _statistics(step: Step, sample: Sample) -> list[Statistic]:
    """Return the statistics of a step; of one that these data do not allow no value and the reason: others are done."""
    try:
        return _computed(step, sample)
    except ValueError as error:
        promised = _computed(step, nobody(sample.plan, sample.use))
        why = f"{NOT_DONE}{str(error).rstrip('.')}"
        return [
            s if s.stat_text or s.stat_name == "conf.level" else replace(s, stat=None, error=why, warning="")
            for s in promised
        ]


def nobody(plan: Plan, use: Mapping[str, str]) -> Sample:
    """Return the sample of no subjects, of data without rows."""
    frames = {name: _without_rows(tuple(known.items())) for name, known in types(plan).items()}
    return Sample((), frames, plan, "nobody", use)


@lru_cache
def _without_rows(columns: tuple[tuple[str, VariableType | None], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=_DTYPES[kind or "text"]) for name, kind in columns})


def _computed(step: Step, sample: Sample) -> list[Statistic]:
    compute = method(step.method).statistics
    if step.by is None or step.compares:
        return _with_notes(compute(step, sample), step, sample)
    grouping = sample.plan.grouping(step.by)
    groups = sample.group(grouping)
    left_out = len(set(sample.subjects).difference(*(g.subjects for g in groups.values())))
    note = f"{left_out} of {len(sample.subjects)} subjects are in no group of {grouping.title} and are left out"
    warning = note if left_out else ""
    return [
        s
        for label, group in groups.items()
        for s in _in_group(_with_notes(compute(step, group), step, group), label, warning)
    ]


def _with_notes(stats: list[Statistic], step: Step, sample: Sample) -> list[Statistic]:
    """Return statistics with what their derivation left out, or counted although a cell was missing."""
    ways = {
        "NAFTER": ("assessment", "after the first progression, not counted"),
        "NODATE": ("assessment", "without a date, not counted"),
        "NOGRADE": ("event", "without a grade, not counted"),
        "NOREL": ("event", f"without relatedness, counted as {sample.plan.conventions.relatedness.missing}"),
    }
    derived = {d.id for d in sample.plan.derivations} & {r.dataset for r in step.references}
    frames = (sample.data[name] for name in sorted(derived))
    notes = [
        how_counted(what, frame.loc[frame["USUBJID"].isin(sample.subjects), column], how)
        for frame in frames
        for column, (what, how) in ways.items()
        if column in frame.columns
    ]
    note = "; ".join(dict.fromkeys(filter(None, notes)))
    if not note:
        return stats
    return [replace(s, warning="; ".join(filter(None, (s.warning, note)))) for s in stats]


def _in_group(stats: list[Statistic], label: str, warning: str) -> list[Statistic]:
    """Return the statistics of a group; the first one carries the warning about subjects in no group."""
    warnings = ("; ".join(filter(None, (s.warning, "" if i else warning))) for i, s in enumerate(stats))
    return [replace(s, group1_level=label, warning=w) for s, w in zip(stats, warnings, strict=True)]
