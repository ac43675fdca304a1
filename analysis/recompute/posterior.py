"""The posterior of a proportion by the second route: what the rule asks, the order, the boundary by trial."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from analysis.recompute.exact.beta import above, quantile
from analysis.recompute.trial.cells import NoRouteError, equals, exact
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, NOTED, ROOT, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort, World
from sap.methods.binomial import Binomial
from sap.methods.posterior import Posterior
from sap.model.design import StoppingRule

WHOLE = "exact binomial tail sum (power series of the incomplete beta function where a parameter is not whole)"
SERIES = "bisection on the power series of the incomplete beta function"
TRIED = "each number of events tried"
CLOSE = Fraction(1, 10**12)


@dataclass(frozen=True)
class PosteriorSample(Sample):
    """Who had an event, in the order of evaluation, and what is asked of the posterior of its proportion."""

    events: tuple[bool, ...]
    prior: tuple[Fraction, Fraction]
    threshold: Fraction
    probability: Fraction | None
    looks: tuple[int, ...]
    conf_level: float

    def promises(self) -> Iterator[Promise]:
        """Yield the posterior, the boundary at each look, and the probability after each subject."""
        yield from self._posterior()
        for look in self.looks:
            least = next((x for x in range(look + 1) if self._stops(x, look)), None)
            yield from self.give("posterior_look", {"stop.at": least}, TRIED, str(look))
            enough, seen = look <= len(self.events), sum(self.events[:look])
            yield from self.give("posterior_look", {"n": seen if enough else None}, COUNTED, str(look))
            found = {"prob.above": self._above(seen, look), "reached": self._verdict(seen, look)} if enough else {}
            yield from self.give(
                "posterior_look", {n: found.get(n) for n in ("prob.above", "reached")}, WHOLE, str(look)
            )
        seen = 0
        for evaluated, event in enumerate(self.events, start=1):
            seen += event
            yield from self.give("posterior_sequence", {"n": seen}, COUNTED, str(evaluated))
            yield from self.give(
                "posterior_sequence", {"prob.above": self._above(seen, evaluated)}, WHOLE, str(evaluated)
            )

    def _posterior(self) -> Iterator[Promise]:
        n, x = len(self.events), sum(self.events)
        a, b = self.prior[0] + x, self.prior[1] + n - x
        tail = float(1 - exact(self.conf_level)) / 2
        first, second = float(a), float(b)
        values: dict[str, tuple[Value, str]] = {
            "a": (a, FRACTIONS),
            "b": (b, FRACTIONS),
            "mean": (a / (a + b), FRACTIONS),
            "median": (quantile(first, second, 0.5), SERIES),
            "sd": (math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))), ROOT),
            "conf.low": (quantile(first, second, tail), SERIES),
            "conf.high": (1 - quantile(second, first, tail), SERIES),
            "prob.above": (self._above(x, n), WHOLE),
        }
        noted: dict[str, Value] = dict(zip(("prior.a", "prior.b"), self.prior, strict=True))
        noted |= {"conf.level": self.conf_level, "threshold": self.threshold}
        if self.probability is not None:
            noted["probability"] = self.probability
            met = (f"after {k} subjects" for k in self.looks if k <= n and self._stops(sum(self.events[:k]), k))
            values |= {"reached": (self._verdict(x, n), WHOLE), "first.stop": (next(met, "none"), WHOLE)}
        yield from self.give("posterior", {"n": x, "N": n}, COUNTED)
        yield from self.give("posterior", noted, NOTED)
        for name, (value, route) in values.items():
            yield from self.give("posterior", {name: value if n else None}, route)

    def _above(self, events: int, evaluated: int) -> Fraction | float:
        a, b = self.prior
        return above(a + events, b + evaluated - events, self.threshold)

    def _stops(self, events: int, evaluated: int) -> bool:
        return self.probability is not None and self._above(events, evaluated) >= self.probability - CLOSE

    def _verdict(self, events: int, evaluated: int) -> str:
        return "yes" if self._stops(events, evaluated) else "no"


def samples(cohort: Cohort, step: Posterior) -> Iterator[Sample]:
    """Yield the events by start of treatment; the plan's rule answers what the step leaves open."""
    rule = _rule(cohort.world, step)
    prior = step.prior if step.prior is not None or rule is None else rule.prior
    rate = step.threshold if step.threshold is not None or rule is None else rule.unacceptable_rate
    if prior is None or rate is None:
        raise NoRouteError("there is neither a stopping rule nor a prior and a rate of the step's own")
    starts = {s: cohort.first_treatment(s) for s in cohort.subjects}
    ordered = sorted(starts, key=lambda s: (starts[s] is None, starts[s] or date.min, s))
    yield PosteriorSample(
        cohort.on(step.variable.variable, " / ".join(step.event)),
        tuple(any(equals(cohort.world.value(s, step.variable), e) for e in step.event) for s in ordered),
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
