"""Two proportions by the second route: the likeliest pair by bisection, limits by trial, exact fractions."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.trial.cells import equals
from analysis.recompute.trial.compared import stratum, two_groups
from analysis.recompute.trial.sample import FRACTIONS, NOTED, CountSample, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.two_proportions import TwoProportions

CONTEXT = "two_proportions"
TRIED = "likeliest proportions under each trial value by bisection, the limit by bisection on the test"
FORMULA = "formula in exact fractions, one root or logarithm"
Table = tuple[int, int, int, int]
Limits = tuple[Value, Value]


@dataclass(frozen=True)
class ComparedSample(Sample):
    """Events and subjects of both groups, a table a stratum that has both."""

    tables: tuple[Table, ...]
    step: TwoProportions

    def promises(self) -> Iterator[Promise]:
        """Yield the estimate, its limits and p."""
        step = self.step
        estimate, limits = self._found() if self.tables else (None, (None, None))
        yield from self.give(CONTEXT, {"estimate": estimate}, FRACTIONS)
        route = TRIED if step.limits == "miettinen_nurminen" else FORMULA
        yield from self.give(CONTEXT, {"conf.low": limits[0], "conf.high": limits[1]}, route)
        yield from self.give(CONTEXT, {"conf.level": step.conf_level}, NOTED)
        yield from self.give(CONTEXT, {"p.value": self._p() if self.tables else None}, FORMULA)

    def _p(self) -> Value:
        if self.step.test == "fisher":
            return fisher(*self.tables[0])
        apart = sum(Fraction(x1 * n2 - x2 * n1, n1 + n2) for x1, n1, x2, n2 in self.tables)
        spread = sum(
            Fraction(n1 * n2 * (x1 + x2) * (n1 + n2 - x1 - x2), (n1 + n2) ** 2 * (n1 + n2 - 1))
            for x1, n1, x2, n2 in self.tables
        )
        return 1.0 if not spread else math.erfc(math.sqrt(float(apart**2 / spread) / 2))

    def _found(self) -> tuple[Value, Limits]:
        step, tables = self.step, self.tables
        z = NormalDist().inv_cdf((1 + step.conf_level) / 2)
        if step.measure == "difference":
            weight = sum((Fraction(n1 * n2, n1 + n2) for _, n1, _, n2 in tables), Fraction(0))
            estimate = sum((Fraction(x1 * n2 - x2 * n1, n1 + n2) for x1, n1, x2, n2 in tables), Fraction(0)) / weight
            if step.limits == "miettinen_nurminen":
                low = halved(lambda d: differing(tables, d) > z, -1, 1)
                return estimate, (low, halved(lambda d: differing(tables, d) > -z, -1, 1))
            return estimate, _of_difference(step.limits, tables, estimate, weight, z)
        if step.limits == "mantel_haenszel":
            return _odds_over_strata(tables, z)
        x1, n1, x2, n2 = tables[0]
        above, below = (x1 * n2, x2 * n1) if step.measure == "ratio" else (x1 * (n2 - x2), x2 * (n1 - x1))
        if not above and not below:
            return None, (None, None)
        estimate_or_none = Fraction(above, below) if below else None
        if step.limits == "wald":
            return estimate_or_none, _by_logarithm(tables[0], step.measure, z)
        test = as_ratio if step.measure == "ratio" else as_odds
        low = math.exp(halved(lambda v: test(tables[0], math.exp(v)) > z, -60, 60)) if above else 0
        high = math.exp(halved(lambda v: test(tables[0], math.exp(v)) > -z, -60, 60)) if below else None
        return estimate_or_none, (low, high)

    def for_r(self) -> RJob | None:
        """Return the table; of one table with Fisher's test alone, which R has without other packages."""
        if self.step.test != "fisher" or not self.tables:
            return None
        x1, n1, x2, n2 = self.tables[0]
        counts = ((x1, 1, 1), (n1 - x1, 0, 1), (x2, 1, 2), (n2 - x2, 0, 2))
        return RJob(kind="table", size=n1 + n2, values=tuple((Fraction(n), e, g) for n, e, g in counts))

    def level_by_r(self, level: str) -> str:
        """Return the event, which R does not know."""
        return self.place.variable_level or level


def samples(cohort: Cohort, step: TwoProportions) -> Iterator[Sample]:
    """Yield both groups, then how they differ."""
    groups = two_groups(cohort, step)
    level, about = " / ".join(step.event), step.variable
    counts: list[dict[tuple[str, ...], list[bool]]] = []
    for group in groups:
        own: dict[tuple[str, ...], list[bool]] = {}
        for subject in group.subjects:
            within = stratum(group, step, subject)
            if within is not None:
                cell = group.world.value(subject, about)
                own.setdefault(within, []).append(any(equals(cell, value) for value in step.event))
        everybody = [had for stratum_of in own.values() for had in stratum_of]
        yield CountSample(group.on(about.variable, level), CONTEXT, sum(everybody), len(everybody))
        counts.append(own)
    both = [s for s in counts[0] if s in counts[1]]
    tables = tuple((sum(counts[0][s]), len(counts[0][s]), sum(counts[1][s]), len(counts[1][s])) for s in both)
    yield ComparedSample(replace(cohort.on(about.variable, level), group1=step.by), tables, step)


def halved(above: Callable[[float], bool], low: float, high: float) -> float:
    """Return where something that holds at the low end ceases to."""
    for _ in range(160):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) else (low, middle)
    return (low + high) / 2


def likeliest(table: Table, other: Callable[[float], tuple[float, float]], low: float, high: float) -> float:
    """Return the likeliest p2 where p1 is a function of it, given with its slope."""
    x1, n1, x2, n2 = table

    def rising(p2: float) -> bool:
        p1, slope = other(p2)
        ends = [(x1, p1, slope), (-(n1 - x1), 1 - p1, slope), (x2, p2, 1.0), (-(n2 - x2), 1 - p2, 1.0)]
        return math.fsum(k * s / max(p, 1e-300) for k, p, s in ends if k) > 0

    return halved(rising, low, high)


def differing(tables: Sequence[Table], delta: float) -> float:
    """Return the deviate of a trial difference."""
    parts, spread = [], []
    for table in tables:
        x1, n1, x2, n2 = table
        p2 = likeliest(table, lambda p: (p + delta, 1.0), max(0.0, -delta), min(1.0, 1 - delta))
        p1, weight = min(1.0, max(0.0, p2 + delta)), n1 * n2 / (n1 + n2)
        parts.append(weight * (x1 / n1 - x2 / n2 - delta))
        spread.append(weight**2 * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1))
    return _deviate(math.fsum(parts), math.fsum(spread))


def as_ratio(table: Table, theta: float) -> float:
    """Return the deviate of a trial ratio."""
    x1, n1, x2, n2 = table
    p2 = likeliest(table, lambda p: (p * theta, theta), 0.0, min(1.0, 1 / theta))
    p1, n = min(1.0, p2 * theta), n1 + n2
    spread = (p1 * (1 - p1) / n1 + theta**2 * p2 * (1 - p2) / n2) * n / (n - 1)
    return _deviate(x1 / n1 - theta * x2 / n2, spread)


def as_odds(table: Table, psi: float) -> float:
    """Return the deviate of a trial odds ratio: events of the first group beyond those that it expects."""
    x1, n1, _, n2 = table

    def other(p: float) -> tuple[float, float]:
        return p * psi / (1 + p * (psi - 1)), psi / (1 + p * (psi - 1)) ** 2

    p2 = likeliest(table, other, 0.0, 1.0)
    p1, n = other(p2)[0], n1 + n2
    information = 1 / max(n1 * p1 * (1 - p1), 1e-300) + 1 / max(n2 * p2 * (1 - p2), 1e-300)
    return (x1 - n1 * p1) * math.sqrt(information * (n - 1) / n)


def _deviate(distance: float, variance: float) -> float:
    if variance > 0:
        return distance / math.sqrt(variance)
    return 0.0 if distance == 0 else math.copysign(math.inf, distance)


def _of_difference(limits: str, tables: Sequence[Table], estimate: Fraction, weight: Fraction, z: float) -> Limits:
    x1, n1, x2, n2 = tables[0]
    d = float(estimate)
    if limits == "newcombe":
        (l1, u1), (l2, u2) = _wilson(x1, n1, z), _wilson(x2, n2, z)
        p1, p2 = x1 / n1, x2 / n2
        return d - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), d + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    if limits == "wald":
        half = z * math.sqrt(Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3))
        return max(-1.0, d - half), min(1.0, d + half)
    spread = Fraction(0)
    for a, n, b, m in tables:
        total = n + m
        spread += estimate * (Fraction(n * n * b - m * m * a, total**2) + Fraction(n * m * (m - n), 2 * total**2))
        spread += Fraction(a * (m - b) + b * (n - a), 2 * total)
    half = z * math.sqrt(max(float(spread), 0.0)) / float(weight)
    return d - half, d + half


def _wilson(x: int, n: int, z: float) -> tuple[float, float]:
    """Return where (x/n - p)² = z² p (1 - p) / n, by bisection."""
    share = x / n

    def outside(p: float) -> bool:
        return (share - p) ** 2 > z * z * p * (1 - p) / n

    low = 0.0 if x == 0 else halved(outside, 0.0, share)
    high = 1.0 if x == n else halved(lambda p: not outside(p), share, 1.0)
    return low, high


def _by_logarithm(table: Table, measure: str, z: float) -> Limits:
    x1, n1, x2, n2 = table
    cells = (x1, x2) if measure == "ratio" else (x1, x2, n1 - x1, n2 - x2)
    if 0 in cells:
        return None, None
    gone = Fraction(1, n1) + Fraction(1, n2) if measure == "ratio" else Fraction(0)
    half = z * math.sqrt(sum(Fraction(1, c) for c in cells) - gone)
    ratio = Fraction(x1 * n2, x2 * n1) if measure == "ratio" else Fraction(x1 * (n2 - x2), x2 * (n1 - x1))
    return float(ratio) * math.exp(-half), float(ratio) * math.exp(half)


def _odds_over_strata(tables: Sequence[Table], z: float) -> tuple[Value, Limits]:
    above = sum(Fraction(x1 * (n2 - x2), n1 + n2) for x1, n1, x2, n2 in tables)
    below = sum(Fraction(x2 * (n1 - x1), n1 + n2) for x1, n1, x2, n2 in tables)
    if not above or not below:
        return (Fraction(0) if below else None), (None, None)
    variance = Fraction(0)
    for x1, n1, x2, n2 in tables:
        n = n1 + n2
        p, q = Fraction(x1 + n2 - x2, n), Fraction(n1 - x1 + x2, n)
        r, s = Fraction(x1 * (n2 - x2), n), Fraction(x2 * (n1 - x1), n)
        variance += p * r / (2 * above**2) + (p * s + q * r) / (2 * above * below) + q * s / (2 * below**2)
    ratio, half = above / below, z * math.sqrt(variance)
    return ratio, (float(ratio) * math.exp(-half), float(ratio) * math.exp(half))


def fisher(x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """Return the probability of all tables with these margins that are as probable as this one or less."""
    x, n = x1 + x2, n1 + n2
    ways = {k: math.comb(n1, k) * math.comb(n2, x - k) for k in range(max(0, x - n2), min(n1, x) + 1)}
    as_rare = sum(w for w in ways.values() if w <= ways[x1] * (1 + Fraction(1, 10**7)))
    return Fraction(as_rare, math.comb(n, x))
