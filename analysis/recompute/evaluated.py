"""Who was evaluated for an event, in which order, and what the plan asks of the posterior of its proportion."""

from datetime import date

from analysis.recompute.samples import Place, PosteriorSample
from analysis.recompute.trial.records import NoRouteError, a_date, exact
from analysis.recompute.trial.where import equals
from analysis.recompute.trial.world import World
from sap.methods.binomial import Binomial
from sap.methods.posterior import Posterior
from sap.model.design import StoppingRule
from sap.model.part import Reference


def evaluated(world: World, place: Place, subjects: tuple[str, ...], step: Posterior) -> PosteriorSample:
    """Return the events by start of treatment; the plan's rule answers what the step leaves open."""
    rule = _rule(world, step)
    prior = step.prior if step.prior is not None or rule is None else rule.prior
    rate = step.threshold if step.threshold is not None or rule is None else rule.unacceptable_rate
    if prior is None or rate is None:
        raise NoRouteError("there is neither a stopping rule nor a prior and a rate of the step's own")
    first = Reference(dataset="ADSL", variable="TRTSDT")
    starts = {s: a_date(world.value(s, first)) for s in subjects}
    ordered = sorted(starts, key=lambda s: (starts[s] is None, starts[s] or date.min, s))
    return PosteriorSample(
        place,
        tuple(any(equals(world.value(s, step.variable), e) for e in step.event) for s in ordered),
        (exact(prior.a), exact(prior.b)),
        exact(rate),
        exact(rule.probability) if rule is not None else None,
        rule.looks if rule is not None else (),
        step.conf_level,
    )


def _rule(world: World, step: Posterior) -> StoppingRule | None:
    planned = world.plan.sample_size.proportion
    if planned is None:
        return None
    steps = [s for s in world.plan.analysis(planned.analysis).steps if isinstance(s, Binomial)]
    counted = {(str(s.variable), frozenset(s.event)) for s in steps}
    return planned.stopping if (str(step.variable), frozenset(step.event)) in counted else None
