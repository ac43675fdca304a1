"""A rank correlation by the second route: from differences of ranks and pairs counted one by one."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.exact.beta import below
from analysis.recompute.exact.pairings import (
    TooManyPairsError,
    concordance,
    concordances,
    doubled_ranks,
    rank_products,
    steps,
)
from analysis.recompute.trial.cells import a_number
from analysis.recompute.trial.sample import COUNTED, NOTED, Promise, RJob, Sample, Untried, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.correlation import Correlation

RANKS = "squared differences of midranks, exact fractions, one square root"
PAIRS = "pairs counted, one square root"
FISHER = "logarithm and exponential of Fisher's scale"
PERMANENT = "permanent of the matrix of rank products, by Ryser's formula"
TABLES = "Gaussian multinomial, or every table of ties listed"
STUDENT = "beta distribution of the squared coefficient, by its power series"
NORMAL = "complementary error function, variance as an exact fraction"
APPROXIMATE = "approximate"
LOST = {"spearman": 3, "kendall": 4}
MOST_STATES, MOST_BITS = 2**14, 2**29
"""Where the method ceases to be exact: multisets of one variable's values, and the bits their distributions take."""


@dataclass(frozen=True)
class AssociationSample(Sample):
    """Values of two quantities, subject by subject: those who have both."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    step: Correlation

    def promises(self) -> Iterator[Promise]:
        """Yield the coefficient, its limits and its test."""
        step, n = self.step, len(self.x)
        spearman = step.coefficient == "spearman"
        estimable = n > 2 and len(set(self.x)) > 1 and len(set(self.y)) > 1
        value = (_rho(self) if spearman else _tau(self)) if estimable else None
        low, high = _limits(value, n, step.coefficient, step.conf_level)
        p, least, kind, tested = _test(self, value) if value is not None else (None, None, "not computed", COUNTED)
        yield from self.give(step.coefficient, {"N": n}, COUNTED)
        yield from self.give(step.coefficient, {"estimate": value}, RANKS if spearman else PAIRS)
        yield from self.give(step.coefficient, {"conf.low": low, "conf.high": high}, FISHER)
        yield from self.give(step.coefficient, {"conf.level": step.conf_level}, NOTED)
        yield from self.give(step.coefficient, {"p.value": p, "p.value.min": least, "p.type": kind}, tested)

    def for_r(self) -> RJob:
        """Return the values, those of the first quantity and those of the second."""
        return RJob(
            kind="association",
            size=len(self.x),
            conf_level=self.step.conf_level,
            option=self.step.coefficient,
            values=tuple((v, "", group) for group, of in enumerate((self.x, self.y), 1) for v in of),
        )


def samples(cohort: Cohort, step: Correlation) -> Iterator[Sample]:
    """Yield the values of the subjects who have both."""
    found = [
        (x, y)
        for s in cohort.subjects
        if (x := a_number(cohort.world.value(s, step.variable))) is not None
        and (y := a_number(cohort.world.value(s, step.with_variable))) is not None
    ]
    place = cohort.on(step.variable.variable, str(step.with_variable))
    yield AssociationSample(place, tuple(x for x, _ in found), tuple(y for _, y in found), step)


def _rho(sample: AssociationSample) -> float:
    """Return (A + B - sum of squared differences) / 2 sqrt(A B), the A and B being the greatest sums given the ties."""
    n = len(sample.x)
    a, b = (Fraction(n**3 - n - sum(t**3 - t for t in Counter(values).values()), 12) for values in (sample.x, sample.y))
    ranks = zip(doubled_ranks(sample.x), doubled_ranks(sample.y), strict=True)
    apart = Fraction(sum((v - w) ** 2 for v, w in ranks), 4)
    return _root((a + b - apart) / 2, a * b)


def _tau(sample: AssociationSample) -> float:
    n = len(sample.x)
    untied = (math.comb(n, 2) - sum(math.comb(t, 2) for t in Counter(v).values()) for v in (sample.x, sample.y))
    return _root(Fraction(concordance(sample.x, sample.y)), Fraction(math.prod(untied)))


def _root(numerator: Fraction, square: Fraction) -> float:
    """Return a number over the root of another, exactly 1 or -1 where that is the quotient."""
    if numerator * numerator == square:
        return 1.0 if numerator > 0 else -1.0
    return float(numerator) / math.sqrt(square)


def _limits(value: float | None, n: int, coefficient: str, level: float) -> tuple[float | None, float | None]:
    free = n - LOST[coefficient]
    if value is None or abs(value) == 1 or free < 1:
        return None, None
    error = math.sqrt((1 + value**2 / 2 if coefficient == "spearman" else 0.437) / free)
    reach = NormalDist().inv_cdf((1 + level) / 2) * error
    ratio = (1 + value) / (1 - value)
    lower, upper = (ratio * math.exp(2 * move) for move in (-reach, reach))
    return (lower - 1) / (lower + 1), (upper - 1) / (upper + 1)


def _test(sample: AssociationSample, value: float) -> tuple[Value, Value, Value, str]:
    """Return p, the smallest p, of which kind they are, and by which route.

    p is the share of pairings at least as far from the mean, or its approximation where the pairings are too many.
    """
    x, y = sample.x, sample.y
    kendall = sample.step.coefficient == "kendall"
    if not is_computed(sample):
        approximated = _normal(sample) if kendall else _t(value, len(x))
        return approximated, None, APPROXIMATE, NORMAL if kendall else STUDENT
    try:
        if kendall:
            counts, observed, mean = concordances(x, y), concordance(x, y), Fraction(0)
        else:
            a, b = steps(x), steps(y)
            counts = rank_products(x, y)
            observed, mean = sum(v * w for v, w in zip(a, b, strict=True)), Fraction(sum(a) * sum(b), len(a))
    except TooManyPairsError as error:
        return Untried(str(error)), Untried(str(error)), Untried(str(error)), ""
    far = {v: abs(v - mean) for v in counts}
    total = counts.total()
    p = Fraction(sum(c for v, c in counts.items() if far[v] >= abs(observed - mean)), total)
    least = Fraction(sum(c for v, c in counts.items() if far[v] == max(far.values())), total)
    return p, least, "exact", TABLES if kendall else PERMANENT


def is_computed(sample: AssociationSample) -> bool:
    """Return whether the distribution is small enough to be computed: which of the two p is given is promised too."""
    walked, left = sorted((sample.x, sample.y), key=_states, reverse=True)
    n, ties = len(walked), Counter(walked).values()
    if sample.step.coefficient == "kendall":
        untied = math.comb(n, 2) - sum(math.comb(t, 2) for t in ties)
        span = untied * (1 if len(set(left)) == n else 2)
    else:
        span = sum(v * w for v, w in zip(sorted(steps(walked)), sorted(steps(left)), strict=True))
    width = (math.factorial(n) // math.prod(map(math.factorial, ties))).bit_length()
    return _states(left) <= MOST_STATES and _states(left) * (span + 1) * width <= MOST_BITS


def _states(values: Sequence[Fraction]) -> int:
    return math.prod(t + 1 for t in Counter(values).values())


def _t(rho: float, n: int) -> float:
    """Return P(|T| >= |t|) of t = rho sqrt((n - 2) / (1 - rho^2)): then (n - 2) / (n - 2 + t^2) is 1 - rho^2."""
    return below((n - 2) / 2, 0.5, 1 - rho * rho)


def _normal(sample: AssociationSample) -> float:
    """Return P(|Z| >= |S| / sd), with the variance of S given the ties (Kendall and Gibbons)."""
    n = len(sample.x)
    ties = [list(Counter(values).values()) for values in (sample.x, sample.y)]
    whole = sum(-t * (t - 1) * (2 * t + 5) for sizes in ties for t in sizes) + n * (n - 1) * (2 * n + 5)
    twos = math.prod(sum(t * (t - 1) for t in sizes) for sizes in ties)
    threes = math.prod(sum(t * (t - 1) * (t - 2) for t in sizes) for sizes in ties)
    variance = Fraction(whole, 18) + Fraction(twos, 2 * n * (n - 1)) + Fraction(threes, 9 * n * (n - 1) * (n - 2))
    return math.erfc(abs(concordance(sample.x, sample.y)) / math.sqrt(2 * variance))
