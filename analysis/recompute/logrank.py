"""The log-rank test by the second route: every risk set counted, in exact fractions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.recompute.exact.chi_square import upper_tail
from analysis.recompute.trial.compared import Timed, timed
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.logrank import Logrank

CONTEXT = "logrank"
SOLVED = "covariance in exact fractions, eliminated; tail of chi-square by its series"


@dataclass(frozen=True)
class GroupSample(Sample):
    """Subjects, events, and events expected of one group."""

    size: int
    events: int
    observed: Fraction | None
    expected: Fraction | None

    def promises(self) -> Iterator[Promise]:
        """Yield the three numbers."""
        yield from self.give(CONTEXT, {"n": self.size, "n.event": self.events}, COUNTED)
        yield from self.give(CONTEXT, {"observed": self.observed, "expected": self.expected}, FRACTIONS)


@dataclass(frozen=True)
class TestSample(Sample):
    """Observed less expected events of each group, and their covariance."""

    __test__ = False
    difference: tuple[Fraction, ...]
    covariance: tuple[tuple[Fraction, ...], ...]
    subjects: tuple[Timed, ...]
    step: Logrank

    def promises(self) -> Iterator[Promise]:
        """Yield the statistic, its degrees of freedom and p."""
        statistic, df = quadratic(self.difference, self.covariance)
        chi: Value = statistic if df else None
        yield from self.give(CONTEXT, {"statistic": chi, "parameter": df or None}, SOLVED)
        yield from self.give(CONTEXT, {"p.value": upper_tail(float(statistic), df) if df else None}, SOLVED)

    def for_r(self) -> RJob | None:
        """Return times, events and groups; of a test without strata and late weights, which survdiff has."""
        if self.step.strata or self.step.gamma or not self.difference:
            return None
        values = tuple((s.time, int(s.event), s.group) for s in self.subjects)
        return RJob(kind="logrank", size=len(values), option=str(self.step.rho), values=values)


def samples(cohort: Cohort, step: Logrank) -> Iterator[Sample]:
    """Yield each group, then the test."""
    groups = cohort.groups(step.by)
    subjects = timed(groups, step, step.data)
    everywhere = {s.group for s in subjects} == set(range(len(groups)))
    expected, difference, covariance = _summed(subjects, len(groups), step)
    for i, group in enumerate(groups):
        own = [s for s in subjects if s.group == i]
        found = (expected[i] + difference[i], expected[i]) if everywhere else (None, None)
        yield GroupSample(group.on(step.data), len(own), sum(s.event for s in own), *found)
    place = replace(cohort.on(step.data), group1=step.by)
    yield TestSample(place, tuple(difference) if everywhere else (), covariance if everywhere else (), subjects, step)


def _summed(
    subjects: Sequence[Timed], groups: int, step: Logrank
) -> tuple[list[Fraction], list[Fraction], tuple[tuple[Fraction, ...], ...]]:
    """Return expected events, observed less expected, and the covariance, summed over event times and strata."""
    expected = [Fraction(0)] * groups
    difference = [Fraction(0)] * groups
    covariance = [[Fraction(0)] * groups for _ in range(groups)]
    for within in sorted({s.stratum for s in subjects}):
        own = [s for s in subjects if s.stratum == within]
        curve = Fraction(1)
        for t in sorted({s.time for s in own if s.event}):
            there = [sum(s.time >= t and s.group == k for s in own) for k in range(groups)]
            died = [sum(s.time == t and s.event and s.group == k for s in own) for k in range(groups)]
            n, d = sum(there), sum(died)
            weight = _power(curve, step.rho) * _power(1 - curve, step.gamma)
            curve *= 1 - Fraction(d, n)
            spread = weight**2 * Fraction(d * (n - d), n - 1) if n > 1 else Fraction(0)
            for k in range(groups):
                due = Fraction(d * there[k], n)
                expected[k] += weight * due
                difference[k] += weight * (died[k] - due)
                for m in range(groups):
                    covariance[k][m] += spread * Fraction(there[k], n) * ((k == m) - Fraction(there[m], n))
    return expected, difference, tuple(tuple(row) for row in covariance)


def _power(base: Fraction, exponent: float) -> Fraction:
    return base ** int(exponent) if exponent == int(exponent) else Fraction(float(base) ** exponent)


def quadratic(vector: Sequence[Fraction], matrix: Sequence[Sequence[Fraction]]) -> tuple[Fraction, int]:
    """Return v' M⁻ v of a symmetric matrix whose rows may depend on each other, and its rank, by elimination."""
    rows = [[*row, v] for row, v in zip(matrix, vector, strict=True)]
    total, rank = Fraction(0), 0
    for i in range(len(rows)):
        pivot = rows[i][i]
        if pivot == 0:
            continue
        rank += 1
        total += rows[i][-1] ** 2 / pivot
        for j in range(i + 1, len(rows)):
            factor = rows[j][i] / pivot
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return total, rank
