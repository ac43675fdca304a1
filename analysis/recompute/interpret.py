"""The plan to samples: which subjects, which values, for every step of every analysis and sensitivity analysis."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.recompute.derived import SEPARATOR
from analysis.recompute.records import NoRouteError, a_number
from analysis.recompute.samples import (
    BinomialSample,
    CountSample,
    ListedSample,
    PairSample,
    Place,
    Sample,
    SizeSample,
    TimesSample,
    ValuesSample,
)
from analysis.recompute.where import equals
from analysis.recompute.world import World
from sap.derivations import DltStatus
from sap.methods import Binomial, BySubject, Criteria, Distribution, KaplanMeier, RankComparison, Step, Summary
from sap.model import Reference
from sap.plan import Analysis, Plan, Sensitivity


@dataclass(frozen=True)
class Unreached:
    """A step without a second route, and why."""

    analysis_id: str
    reason: str


@dataclass(frozen=True)
class _Cohort:
    """The subjects a step is about, and where its results belong."""

    world: World
    place: Place
    subjects: tuple[str, ...]

    def on(self, variable: str, level: str = "") -> Place:
        return replace(self.place, variable=variable, variable_level=level)

    def values(self, reference: Reference) -> ValuesSample:
        numbers = [a_number(self.world.value(s, reference)) for s in self.subjects]
        present = tuple(n for n in numbers if n is not None)
        return ValuesSample(self.on(reference.variable), present, len(numbers) - len(present))


def samples(world: World) -> Iterator[Sample | Unreached]:
    """Yield a sample for everything the plan promises.

    Parameters
    ----------
    world : World
        The plan and its records.

    Yields
    ------
    Sample or Unreached
        In the order of the plan.
    """
    plan = world.plan
    for s in plan.analysis_sets:
        place = Place("SETS", s.id, "", "", "USUBJID", s.id)
        yield SizeSample(place, "analysis_set", len(world.members(s.where, world.subjects)))
    tasks: list[tuple[World, Analysis, Sensitivity | None]] = []
    for a in plan.analyses:
        tasks += [(world, a, None), *((world.with_use(changed.use), a, changed) for changed in a.sensitivity)]
    for task in tasks:
        everyone = _everyone(*task)
        place = Place("SETS", everyone.place.analysis_set, "", "", "USUBJID", everyone.place.analysis_id)
        yield SizeSample(place, "analysis", len(everyone.subjects))
    for task in tasks:
        yield from _analysis(*task)


def _population(world: World, plan: Plan, analysis: Analysis, set_id: str) -> tuple[str, ...]:
    inside = world.members(plan.set_of(set_id).where, world.subjects)
    return inside if analysis.data_subset is None else world.members(analysis.data_subset, inside)


def _everyone(world: World, analysis: Analysis, changed: Sensitivity | None) -> _Cohort:
    """Return who is analysed; a set that a derivation defines follows the one that takes its place."""
    analysis_id = changed.id if changed else analysis.id
    set_id = (changed.analysis_set if changed else None) or analysis.analysis_set
    place = Place(analysis_id, set_id, "", "", "")
    return _Cohort(world, place, _population(world, world.plan, analysis, set_id))


def _analysis(world: World, analysis: Analysis, changed: Sensitivity | None) -> Iterator[Sample | Unreached]:
    everyone = _everyone(world, analysis, changed)
    for step in (changed.steps if changed else ()) or analysis.steps:
        try:
            yield from list(_step(everyone, step))
        except NoRouteError as error:
            yield Unreached(everyone.place.analysis_id, str(error))


def _groups(everyone: _Cohort, by: str) -> tuple[_Cohort, ...]:
    grouping = everyone.world.plan.grouping(by)
    return tuple(
        replace(
            everyone,
            place=replace(everyone.place, group1=by, group1_level=level.label),
            subjects=everyone.world.in_group(grouping, level, everyone.subjects),
        )
        for level in grouping.levels
    )


def _step(everyone: _Cohort, step: Step) -> Iterator[Sample]:
    if isinstance(step, RankComparison):
        groups = [group.values(step.variable) for group in _groups(everyone, step.by)]
        yield from groups
        place = replace(everyone.on(step.variable.variable), group1=step.by)
        yield PairSample(place, groups[0].values, groups[1].values, step)
        return
    for cohort in (everyone,) if step.by is None else _groups(everyone, step.by):
        yield from _within(cohort, step)


def _within(cohort: _Cohort, step: Step) -> Iterator[Sample]:
    if isinstance(step, BySubject):
        for reference in step.variables:
            for subject in cohort.subjects:
                place = cohort.on(reference.variable, subject)
                yield ListedSample(place, cohort.world.value(subject, reference))
    elif isinstance(step, Summary):
        yield cohort.values(step.variable)
    elif isinstance(step, KaplanMeier):
        yield _times(cohort, step)
    elif isinstance(step, Criteria):
        yield from _criteria(cohort, step)
    elif isinstance(step, Distribution):
        yield from _distribution(cohort, step)
    elif isinstance(step, RankComparison):
        raise NoRouteError("a comparison of groups is not made within one group")
    elif isinstance(step, Binomial):
        cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
        count = sum(any(equals(c, e) for e in step.event) for c in cells)
        place = cohort.on(step.variable.variable, " / ".join(step.event))
        yield BinomialSample(place, count, len(cells), step)
    else:
        raise NoRouteError(f"no second route for {step.method}")


def _distribution(cohort: _Cohort, step: Distribution) -> Iterator[Sample]:
    cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
    name = step.variable.variable
    for level in step.levels:
        count = sum(equals(c, level) for c in cells)
        yield CountSample(cohort.on(name, level), "distribution", count, len(cells))
    others = sum(not any(equals(c, level) for level in step.levels) for c in cells)
    if others:
        yield CountSample(cohort.on(name, "Other or missing"), "distribution", others, len(cells))


def _criteria(cohort: _Cohort, step: Criteria) -> Iterator[Sample]:
    world = cohort.world
    derivation = next(d for d in world.plan.derivations if d.id == world.resolve(step.data))
    if not isinstance(derivation, DltStatus):
        raise NoRouteError(f"{derivation.id} has no criteria")
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [str(world.value(s, reference) or "").split(SEPARATOR) for s in cohort.subjects]
    for criterion in world.plan.dlt_rule(derivation.rule).criteria:
        count = sum(criterion.id in ids for ids in met)
        yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria", count, len(met))


def _times(cohort: _Cohort, step: KaplanMeier) -> TimesSample:
    pairs = []
    for subject in cohort.subjects:
        time = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="AVAL")))
        censored = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="CNSR")))
        if time is not None and censored is not None:
            pairs.append((time, censored == 0))
    return TimesSample(cohort.on(step.data), tuple(t for t, _ in pairs), tuple(e for _, e in pairs), step)
