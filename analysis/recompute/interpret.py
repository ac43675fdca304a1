"""The plan to samples: which subjects are analysed, in every step of every analysis and sensitivity analysis."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.recompute.cohort import Cohort
from analysis.recompute.sampled import SAMPLED
from analysis.recompute.samples import PairSample, Place, Sample, SizeSample
from analysis.recompute.trial.records import NoRouteError
from analysis.recompute.trial.world import World
from sap.methods import Step
from sap.methods.rank_comparison import RankComparison
from sap.plan.plan import Analysis, Plan, Sensitivity


@dataclass(frozen=True)
class Unreached:
    """A step without a second route, and why."""

    analysis_id: str
    reason: str


def samples(world: World) -> Iterator[Sample | Unreached]:
    """Yield a sample for everything the plan promises."""
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


def _everyone(world: World, analysis: Analysis, changed: Sensitivity | None) -> Cohort:
    """Return who is analysed; a set that a derivation defines follows the one that takes its place."""
    analysis_id = changed.id if changed else analysis.id
    set_id = (changed.analysis_set if changed else None) or analysis.analysis_set
    place = Place(analysis_id, set_id, "", "", "")
    analysed = _population(world, world.plan, analysis, set_id)
    return Cohort(world, place, analysed, analysed)


def _analysis(world: World, analysis: Analysis, changed: Sensitivity | None) -> Iterator[Sample | Unreached]:
    everyone = _everyone(world, analysis, changed)
    for position, step in enumerate((changed.steps if changed else ()) or analysis.steps, start=1):
        about = world.resolve(step.references[0].dataset)
        place = replace(everyone.place, step=str(position), dataset=about)
        try:
            yield from list(_step(replace(everyone, place=place), step))
        except NoRouteError as error:
            yield Unreached(everyone.place.analysis_id, str(error))


def _groups(everyone: Cohort, by: str) -> tuple[Cohort, ...]:
    grouping = everyone.world.plan.grouping(by)
    return tuple(
        replace(
            everyone,
            place=replace(everyone.place, group1=by, group1_level=level.label),
            subjects=everyone.world.in_group(grouping, level, everyone.subjects),
        )
        for level in grouping.levels
    )


def _step(everyone: Cohort, step: Step) -> Iterator[Sample]:
    if isinstance(step, RankComparison):
        groups = [group.values(step.variable) for group in _groups(everyone, step.by)]
        yield from groups
        place = replace(everyone.on(step.variable.variable), group1=step.by)
        yield PairSample(place, groups[0].values, groups[1].values, step)
        return
    for cohort in (everyone,) if step.by is None else _groups(everyone, step.by):
        if step.method not in SAMPLED:
            raise NoRouteError(f"no second route for {step.method}")
        yield from SAMPLED[step.method](cohort, step)
