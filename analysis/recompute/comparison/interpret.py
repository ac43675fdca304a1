"""The plan to samples: which subjects are analysed, in every step of every analysis and sensitivity analysis."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analysis.recompute.trial.cells import NoRouteError
from analysis.recompute.trial.sample import Place, Sample, SizeSample
from analysis.recompute.trial.world import Cohort, World
from sap.methods import Step
from sap.model.step import MethodFileError, said_by
from sap.plan.plan import Analysis, Sensitivity

METHODS = "analysis.recompute"
"""Where each method has a module of its name, whose `samples` reads what it is given."""


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
    cohorts = [_everyone(*task) for task in tasks]
    for everyone in cohorts:
        place = Place("SETS", everyone.place.analysis_set, "", "", "USUBJID", everyone.place.analysis_id)
        yield SizeSample(place, "analysis", len(everyone.subjects))
    for everyone, (_, analysis, changed) in zip(cohorts, tasks, strict=True):
        for position, step in enumerate((changed.steps if changed else ()) or analysis.steps, start=1):
            yield from _step(everyone, position, step)


def _everyone(world: World, analysis: Analysis, changed: Sensitivity | None) -> Cohort:
    """Return who is analysed; a set that a derivation defines follows the one that takes its place."""
    analysis_id = changed.id if changed else analysis.id
    set_id = (changed.analysis_set if changed else None) or analysis.analysis_set
    inside = world.members(world.plan.set_of(set_id).where, world.subjects)
    analysed = inside if analysis.data_subset is None else world.members(analysis.data_subset, inside)
    seen = replace(world, subset=analysis.data_subset)
    return Cohort(seen, Place(analysis_id, set_id, "", "", ""), analysed, analysed)


def _step(everyone: Cohort, position: int, step: Step) -> Iterator[Sample | Unreached]:
    about = everyone.world.resolve(step.references[0].dataset)
    everyone = replace(everyone, place=replace(everyone.place, step=str(position), dataset=about))
    try:
        read = second_route(step.method)
        cohorts = (everyone,) if step.by is None or step.compares else everyone.groups(step.by)
        yield from [sample for cohort in cohorts for sample in read(cohort, step)]
    except NoRouteError as error:
        yield Unreached(everyone.place.analysis_id, str(error))


def second_route(method: str) -> Callable[[Cohort, Step], Iterator[Sample]]:
    """Return what reads the samples of a method from the records."""
    try:
        found: Callable[[Cohort, Step], Iterator[Sample]] = said_by(METHODS, method, "samples")
    except MethodFileError:
        raise NoRouteError(f"no second route for {method}") from None
    return found
