"""The cumulative incidence of each cause, in exact fractions, with its variance as one closed sum."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.trial.sample import COUNTED, NOTED, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.competing_risks import CompetingRisks
from sap.model.part import Reference

SUM = "sum of events over subjects at risk times survival free of any event, exact fractions"
BAND = "variance as one sum over event times (delta method), fractions to 100 decimals; limits on the planned scale"


@dataclass(frozen=True)
class CausesSample(Sample):
    """Times in days, each with the cause that ended it; None where it was censored."""

    times: tuple[Fraction, ...]
    causes: tuple[str | None, ...]
    step: CompetingRisks

    def promises(self) -> Iterator[Promise]:
        """Yield counts, and the incidence of each cause at landmarks and along its curve."""
        step, times = self.step, self.times
        counts = {"N": len(times), "n.censor": sum(c is None for c in self.causes)}
        yield from self.give("incidence", counts, COUNTED, "")
        yield from self.give("incidence", {"conf.level": step.conf_level, "conf.type": step.conf_type}, NOTED, "")
        for cause in step.causes:
            yield from self.give("incidence", {"n.event": self.causes.count(cause)}, COUNTED, cause)
        for day in step.landmarks:
            yield from self.give("incidence_at", {"n.risk": sum(t >= day for t in times)}, COUNTED, f"day {day}")
        ending = Counter(zip(times, self.causes, strict=True))
        for cause in step.causes:
            course = _course(self, cause)
            for day in step.landmarks:
                known = bool(times) and day <= max(times)
                shown = course.at(self, Fraction(day)) if known else (None, None, None)
                yield from self.interval("incidence_at", f"{cause}, day {day}", shown, (SUM, BAND))
            for time in sorted(set(times)):
                level = f"{cause}, day {float(time):.15g}"
                yield from self.give("incidence_curve", {"n.event": ending[time, cause]}, COUNTED, level)
                yield from self.interval("incidence_curve", level, course.at(self, time), (SUM, BAND))


def samples(cohort: Cohort, step: CompetingRisks) -> Iterator[Sample]:
    """Yield the times that are known, each with the cause that ended it."""
    found: list[tuple[Fraction, str | None]] = []
    for subject in cohort.subjects:
        time, censored = (cohort.number(subject, step.data, name) for name in ("AVAL", "CNSR"))
        cause = cohort.world.value(subject, Reference(dataset=step.data, variable="EVNTDESC"))
        if time is not None and censored is not None:
            found.append((time, str(cause) if censored == 0 else None))
    yield CausesSample(cohort.on(step.data), tuple(t for t, _ in found), tuple(c for _, c in found), step)


@dataclass(frozen=True)
class _Course:
    """Incidence of a cause up to and including each time, with its variance."""

    times: tuple[Fraction, ...]
    reached: tuple[Fraction, ...]
    variance: tuple[Fraction, ...]

    def at(self, sample: CausesSample, day: Fraction) -> tuple[Value, Value, Value]:
        """Return incidence up to and including a day, with its limits."""
        passed = bisect_right(self.times, day)
        if not passed:
            return Fraction(0), 0.0, 0.0
        found, spread = self.reached[passed - 1], math.sqrt(self.variance[passed - 1])
        return found, *_limits(found, spread, sample.step.conf_level, sample.step.conf_type)


def _course(sample: CausesSample, cause: str) -> _Course:
    """Return the course of one cause.

    The variance at a day is the sum over event times u of (F - F(u))^2 a(u) - 2 (F - F(u)) b(u) + c(u), F being the
    incidence at the day: expanded in F, each sum is carried along. Where all at risk fail nothing comes later, and the
    two terms with a and b vanish.
    """
    n, free, reached = len(sample.times), Fraction(1), Fraction(0)
    gone, failed = Counter(sample.times), Counter(t for t, c in zip(sample.times, sample.causes, strict=True) if c)
    had = Counter(t for t, c in zip(sample.times, sample.causes, strict=True) if c == cause)
    square, line, rest = Fraction(0), Fraction(0), Fraction(0)
    found: list[tuple[Fraction, Fraction, Fraction]] = []
    for time in sorted(gone):
        d, own = failed[time], had[time]
        before = free
        reached += free * Fraction(own, n)
        free *= 1 - Fraction(d, n)
        if d < n:
            a, b = Fraction(d, n * (n - d)), _short(before) * Fraction(own, n * n)
            so_far = _short(reached)
            square, line, rest = square + a, line + so_far * a + b, rest + so_far * (so_far * a + 2 * b)
        rest += _short(before) ** 2 * Fraction(own * (n - own), n**3)
        square, line, rest = _short(square), _short(line), _short(rest)
        up_to = _short(reached)
        found.append((time, reached, max(Fraction(0), up_to * (up_to * square - 2 * line) + rest)))
        n -= gone[time]
    times, incidences_, variances = zip(*found, strict=True) if found else ((), (), ())
    return _Course(times, incidences_, variances)


def _short(value: Fraction) -> Fraction:
    """Return a fraction to 100 decimals: of thousands of factors it would have tens of thousands of digits."""
    return Fraction((value.numerator << 332) // value.denominator, 1 << 332)


def _limits(incidence: Fraction, std_err: float, level: float, scale: str) -> tuple[float | None, float | None]:
    f, reach = float(incidence), NormalDist().inv_cdf((1 + level) / 2) * std_err
    if scale == "plain":
        return max(0.0, f - reach), min(1.0, f + reach)
    if incidence == 0 or (incidence == 1 and scale == "log-log"):
        return None, None
    if scale == "log":
        return f * math.exp(-reach / f), min(1.0, f * math.exp(reach / f))
    width = reach / f / abs(math.log(f))
    return f ** math.exp(width), f ** math.exp(-width)
