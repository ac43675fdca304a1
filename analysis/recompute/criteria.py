"""Subjects by criterion of a rule, by the second route: each subject's criteria counted one by one."""

from collections.abc import Iterator

from analysis.recompute.trial.cells import NoRouteError
from analysis.recompute.trial.derived import SEPARATOR
from analysis.recompute.trial.sample import CountSample, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.criteria import Criteria
from sap.model.derivations import DltStatus
from sap.model.part import Reference


def samples(cohort: Cohort, step: Criteria) -> Iterator[Sample]:
    """Yield who met each criterion of the rule."""
    world = cohort.world
    derivation = next(d for d in world.plan.derivations if d.id == world.resolve(step.data))
    if not isinstance(derivation, DltStatus):
        raise NoRouteError(f"{derivation.id} has no criteria")
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [str(world.value(s, reference) or "").split(SEPARATOR) for s in cohort.subjects]
    for criterion in world.plan.dlt_rule(derivation.rule).criteria:
        count = sum(criterion.id in ids for ids in met)
        yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria", count, len(met))
