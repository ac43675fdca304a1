"""What a planned number of subjects can show: from the parameters of the plan alone, before any data exist."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.methods.common import Interval, check_count, check_counts, check_probability
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.posterior import beta_posterior, reaches
from sap.model.design import BetaPrior, StoppingRule


@dataclass(frozen=True)
class AtLeastOne:
    """How likely an event is to be seen."""

    true_rate: float
    """Probability of the event in one subject."""
    probability: float
    """Of at least one subject with the event."""


@dataclass(frozen=True)
class PlannedInterval:
    """The interval that a possible result would have."""

    x: int
    n: int
    """Subjects with the event, and all subjects."""
    estimate: float
    """x / n."""
    interval: Interval
    """Two-sided Clopper–Pearson interval."""

    @property
    def width(self) -> float:
        """Upper limit minus lower limit, as a proportion."""
        return self.interval.conf_high - self.interval.conf_low


@dataclass(frozen=True)
class LookResult:
    """What the stopping rule says to a possible result at a look."""

    n: int
    x: int
    """Subjects evaluated at the look, and those with the event."""
    prob_above: float
    """Posterior probability that the rate exceeds the unacceptable rate."""
    stop: bool
    """Whether that reaches the probability at which the trial stops."""


@dataclass(frozen=True)
class Operating:
    """How a stopping rule behaves under a true rate."""

    true_rate: float
    """Probability of the event in one subject."""
    stopped_by: tuple[float, ...]
    """Probability that the trial has stopped at a look or before, look by look."""
    expected_subjects: float
    """Mean number of subjects evaluated: the look at which the trial stops, or all."""


def at_least_one(n: int, true_rates: Sequence[float]) -> tuple[AtLeastOne, ...]:
    r"""Return the exact probability of seeing an event at least once among n subjects, :math:`1 - (1 - p)^n`."""
    n = check_count(n, "n")
    return tuple(AtLeastOne(p, _at_least_one(n, p)) for p in (check_probability(r, "true_rate") for r in true_rates))


def _at_least_one(n: int, p: float) -> float:
    if p == 1:
        return float(n > 0)
    # Without the logarithm, 1 - (1 - p)**n loses the digits of a small rate.
    return -math.expm1(n * math.log1p(-p))


def planned_intervals(n: int, conf_level: float) -> tuple[PlannedInterval, ...]:
    """Return the Clopper–Pearson interval of every possible result."""
    _, n = check_counts(0, n)
    return tuple(PlannedInterval(x, n, x / n, clopper_pearson(x, n, conf_level)) for x in range(n + 1))


def stopping_table(rule: StoppingRule) -> tuple[tuple[LookResult, ...], ...]:
    """Return what the stopping rule says to every possible result at every look."""
    return tuple(tuple(_look(rule, n, x) for x in range(n + 1)) for n in rule.looks)


def _look(rule: StoppingRule, n: int, x: int) -> LookResult:
    above = beta_posterior(x, n, rule.prior.a, rule.prior.b, rule.unacceptable_rate).prob_above
    return LookResult(n, x, above, reaches(above, rule.probability))


def stopping_bound(n: int, prior: BetaPrior, threshold: float, probability: float) -> int | None:
    """Return the smallest number of n subjects with the event that stops the trial; None where none does.

    More subjects with the event always stop it too: the posterior probability grows with x.
    """
    above = (beta_posterior(x, n, prior.a, prior.b, threshold).prob_above for x in range(n + 1))
    return next((x for x, found in enumerate(above) if reaches(found, probability)), None)


def stopping_bounds(rule: StoppingRule) -> tuple[int | None, ...]:
    """Return the smallest number of subjects with the event that stops the trial at each look; None where none does."""
    return tuple(stopping_bound(n, rule.prior, rule.unacceptable_rate, rule.probability) for n in rule.looks)


def operating_characteristics(rule: StoppingRule, true_rates: Sequence[float], planned_n: int) -> tuple[Operating, ...]:
    """Return how likely the rule is to stop the trial under each true rate, exactly, by enumerating the looks."""
    planned_n = check_count(planned_n, "planned_n")
    if rule.looks[-1] > planned_n:
        raise ValueError(f"the last look comes after {rule.looks[-1]} subjects, and {planned_n} are planned.")
    bounds = stopping_bounds(rule)
    return tuple(_operating(rule.looks, bounds, check_probability(p, "true_rate"), planned_n) for p in true_rates)


def _operating(looks: Sequence[int], bounds: Sequence[int | None], p: float, planned_n: int) -> Operating:
    counts = np.ones(1)  # probability of each count of events in a trial that goes on
    seen, stopped, stopped_by, expected = 0, 0.0, [], 0.0
    for n, bound in zip(looks, bounds, strict=True):
        for _ in range(n - seen):
            counts = np.convolve(counts, [1 - p, p])
        stopping = np.arange(len(counts)) >= (bound if bound is not None else np.inf)
        stops = float(counts[stopping].sum())
        counts = np.where(stopping, 0, counts)
        seen, stopped, expected = n, stopped + stops, expected + n * stops
        stopped_by.append(stopped)
    return Operating(p, tuple(stopped_by), expected + planned_n * float(counts.sum()))
