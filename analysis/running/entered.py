"""Who entered each step of each analysis, and which datasets it was computed from."""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from analysis.data.load import Study
from analysis.data.sample import Sample
from analysis.data.sets import subjects_where
from analysis.results.entered_file import EVERYONE, SETS, Entered, few
from analysis.results.tasks import Task, tasks
from analysis.running.run import task_sample
from analysis.steps import method
from sap.methods import Step
from sap.model.clause import WhereClause, conditions
from sap.model.part import Reference
from sap.model.words import option_in_words
from sap.plan.plan import Plan

_SKIPPED: Final = frozenset({"method", "label", "labels", "by"})
_ANALYSED: Final = "ADSL"


def entered(study: Study) -> tuple[Entered, ...]:
    """Return who entered what."""
    plan, data = study.plan, study.derived
    everyone = tuple(map(str, data[_ANALYSED]["USUBJID"]))
    return (
        Entered(analysis_id=SETS, method=EVERYONE, datasets=(_ANALYSED,), **few(everyone)),
        *_sets(plan, data, everyone),
        *(e for task in tasks(plan) for e in _task(plan, task, data)),
    )


def _sets(plan: Plan, data: Mapping[str, pd.DataFrame], everyone: tuple[str, ...]) -> Iterator[Entered]:
    for chosen in plan.analysis_sets:
        inside = subjects_where(data, chosen.where)
        yield Entered(
            analysis_id=SETS,
            level=chosen.id,
            method="analysis_set",
            datasets=_behind(plan, _names(chosen.where), {}),
            **few(tuple(s for s in everyone if s in inside)),
        )


def _task(plan: Plan, task: Task, data: Mapping[str, pd.DataFrame]) -> Iterator[Entered]:
    sample = task_sample(task, plan, data)
    subset = _names(task.data_subset) if task.data_subset is not None else ()
    common = (*_names(plan.set_of(task.analysis_set).where), *subset)
    yield Entered(
        analysis_id=SETS,
        level=task.id,
        method="analysis",
        datasets=_behind(plan, common, task.use),
        **few(sample.subjects),
    )
    for position, step in enumerate(task.steps, start=1):
        grouped = (plan.grouping(step.by).variable.dataset,) if step.by else ()
        chosen = (n for _, other in step.named_sets for n in _names(plan.set_of(other).where))
        named = (*(r.dataset for r in step.references), *grouped, *common, *chosen)
        for group, level, subjects in _entries(step, sample):
            yield Entered(
                analysis_id=task.id,
                step=str(position),
                group1=step.by or "",
                group1_level=group,
                level=level,
                method=step.method,
                options=_options(step, task.use),
                datasets=_behind(plan, named, task.use),
                **few(subjects),
            )


def _entries(step: Step, sample: Sample) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each group of a step with who entered, by the level whose number they are; those of no level first.

    A comparison has all its groups together before them.
    """
    groups = {"": sample} if step.by is None else sample.group(sample.plan.grouping(step.by))
    found = {group: method(step.method).entered(step, of) for group, of in groups.items()}
    if step.compares:
        inside = {s for entered in found.values() for s in entered[""]}
        yield "", "", tuple(s for s in sample.subjects if s in inside)
    by_level = [(group, level, subjects) for group, entered in found.items() for level, subjects in entered.items()]
    yield from sorted(by_level, key=lambda entry: bool(entry[1]))


def _names(clause: WhereClause) -> tuple[str, ...]:
    return tuple(c.dataset for c in conditions(clause))


def _behind(plan: Plan, names: tuple[str, ...], use: Mapping[str, str]) -> tuple[str, ...]:
    """Return the source datasets behind names of datasets and derivations, in the plan's order; always ADSL."""
    derived = {d.id: getattr(d, "dataset", "ADAE") for d in plan.derivations}
    swapped = (use.get(n, n) for n in names)
    found = {_ANALYSED, *(derived.get(n, n) for n in swapped)}
    return tuple(n for n in plan.datasets if n in found)


def _options(step: Step, use: Mapping[str, str]) -> dict[str, str]:
    """Return what a step states; a derivation that takes the place of another is named with it."""
    stated = ((name, getattr(step, name)) for name in type(step).model_fields if name not in _SKIPPED)
    return {name: _effective(name, value, use) for name, value in stated if value not in ((), "", None)}


def _effective(name: str, value: object, use: Mapping[str, str]) -> str:
    match value:
        case Reference() if value.dataset in use:
            return f"{use[value.dataset]}.{value.variable}, in place of {value}"
        case str() if name == "data" and value in use:
            return f"{use[value]}, in place of {value}"
        case tuple() if any(isinstance(v, Reference) and v.dataset in use for v in value):
            return "; ".join(_effective(name, v, use) for v in value)
        case _:
            return option_in_words(value)
