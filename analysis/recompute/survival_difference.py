"""Differences of survival by the second route: both curves in exact fractions, areas summed step by step."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.exact.product_limit import Point, curve
from analysis.recompute.trial.compared import timed, two_groups
from analysis.recompute.trial.sample import FRACTIONS, NOTED, ROOT, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.survival_difference import SurvivalDifference

AT = "survival_difference"
MEAN = "restricted_mean"
Area = tuple[Fraction, Fraction] | None
"""An area and its variance; None where there is none."""
Known = tuple[Fraction, Fraction | None] | None
"""An estimate and its variance, which a curve that is 0 does not have; None where there is no estimate."""


@dataclass(frozen=True)
class ArmSample(Sample):
    """The curve of one group."""

    points: tuple[Point, ...]
    step: SurvivalDifference

    def promises(self) -> Iterator[Promise]:
        """Yield survival on each day, and the restricted mean."""
        for day in self.step.landmarks:
            found = survival(self.points, day)
            yield from self.give(AT, {"surv": found and found[0]}, FRACTIONS, str(day))
        if self.step.restricted_mean is not None:
            found = area(self.points, self.step.restricted_mean)
            level = str(self.step.restricted_mean)
            yield from self.give(MEAN, {"mean": found and found[0]}, FRACTIONS, level)
            yield from self.give(MEAN, {"std.error": found and math.sqrt(found[1])}, ROOT, level)


@dataclass(frozen=True)
class BothSample(Sample):
    """The curves of both groups."""

    first: tuple[Point, ...]
    second: tuple[Point, ...]
    step: SurvivalDifference

    def promises(self) -> Iterator[Promise]:
        """Yield how survival differs on each day, and how the restricted means do."""
        for day in self.step.landmarks:
            yield from self._apart(AT, str(day), survival(self.first, day), survival(self.second, day))
        if self.step.restricted_mean is not None:
            day = self.step.restricted_mean
            pair = area(self.first, day), area(self.second, day)
            yield from self._apart("restricted_mean_difference", str(day), *pair)
            yield from self._over("restricted_mean_ratio", str(day), *pair)

    def _apart(self, context: str, level: str, first: Known, second: Known) -> Iterator[Promise]:
        apart, error = None, 0.0
        if first and second:
            apart = first[0] - second[0]
            if first[1] is not None and second[1] is not None:
                error = math.sqrt(first[1] + second[1])
        half = self._z * error
        limits: tuple[Value, Value] = (None, None)
        if apart is not None and error:
            limits = float(apart) - half, float(apart) + half
        p = math.erfc(abs(float(apart)) / error / math.sqrt(2)) if apart is not None and error else None
        yield from self._told(context, level, (apart, *limits), p)

    def _over(self, context: str, level: str, first: Area, second: Area) -> Iterator[Promise]:
        if not (first and second and first[0] > 0 and second[0] > 0):
            yield from self._told(context, level, (None, None, None), None)
            return
        over = first[0] / second[0]
        error = math.sqrt(first[1] / first[0] ** 2 + second[1] / second[0] ** 2)
        if not error:
            yield from self._told(context, level, (over, None, None), None)
            return
        low, high = (float(over) * math.exp(sign * self._z * error) for sign in (-1, 1))
        p = math.erfc(abs(math.log(float(over))) / error / math.sqrt(2))
        yield from self._told(context, level, (over, low, high), p)

    @property
    def _z(self) -> float:
        return NormalDist().inv_cdf((1 + self.step.conf_level) / 2)

    def _told(self, context: str, level: str, values: tuple[Value, Value, Value], p: Value) -> Iterator[Promise]:
        yield from self.interval(context, level, values, (FRACTIONS, ROOT))
        yield from self.give(context, {"conf.level": self.step.conf_level}, NOTED, level)
        yield from self.give(context, {"p.value": p}, ROOT, level)


def samples(cohort: Cohort, step: SurvivalDifference) -> Iterator[Sample]:
    """Yield both groups, then how they differ."""
    groups = two_groups(cohort, step)
    subjects = timed(groups, step, step.data)
    curves = []
    for i, group in enumerate(groups):
        own = [s for s in subjects if s.group == i]
        curves.append(curve([s.time for s in own], [s.event for s in own]))
        yield ArmSample(group.on(step.data), curves[-1], step)
    yield BothSample(replace(cohort.on(step.data), group1=step.by), curves[0], curves[1], step)


def survival(points: Sequence[Point], day: int) -> Known:
    """Return survival on a day and Greenwood's variance, not defined at 0; None past the last time observed."""
    if not points or day > points[-1].time:
        return None
    passed = [p for p in points if p.time <= day]
    if not passed:
        return Fraction(1), Fraction(0)
    last = passed[-1]
    return last.survival, None if last.greenwood is None else last.survival**2 * last.greenwood


def area(points: Sequence[Point], day: int) -> Area:
    """Return the area under a curve up to a day, and its variance: each step weighed by what is left of the area."""
    if not points or (day > points[-1].time and points[-1].survival > 0):
        return None
    before = [p for p in points if p.time < day]
    ends = [p.time for p in before] + [Fraction(day)]
    heights = [Fraction(1)] + [p.survival for p in before]
    strips = [(b - a) * h for a, b, h in zip([Fraction(0), *ends], ends, heights, strict=False)]
    variance = Fraction(0)
    for i, p in enumerate(before):
        if p.n_event < p.n_risk:
            variance += sum(strips[i + 1 :]) ** 2 * Fraction(p.n_event, p.n_risk * (p.n_risk - p.n_event))
    return sum(strips, Fraction(0)), variance
