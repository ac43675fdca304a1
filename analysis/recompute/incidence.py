"""The cumulative incidence of each cause, in exact fractions, with its variance as one closed sum."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.samples import CausesSample, Promise, Value

SUM = "sum of events over subjects at risk times survival free of any event, exact fractions"
BAND = "variance as one sum over event times (delta method), exact fractions; limits on the planned scale"
COUNTED = "counted"
NOTED = "the plan's option"


def incidences(sample: CausesSample) -> Iterator[Promise]:
    """Yield the statistics of a step on competing risks.

    Parameters
    ----------
    sample : CausesSample
        Times, the cause of each (None, censored) and the planned options.

    Yields
    ------
    Promise
        Counts, landmarks and curves.
    """
    step, times = sample.step, sample.times

    def promise(context: str, level: str, name: str, value: Value, route: str) -> Promise:
        return Promise(sample.place, context, level, name, value, route)

    yield promise("incidence", "", "N", len(times), COUNTED)
    yield promise("incidence", "", "n.censor", sum(c is None for c in sample.causes), COUNTED)
    yield promise("incidence", "", "conf.level", step.conf_level, NOTED)
    yield promise("incidence", "", "conf.type", step.conf_type, NOTED)
    for cause in step.causes:
        yield promise("incidence", cause, "n.event", sample.causes.count(cause), COUNTED)
    for day in step.landmarks:
        yield promise("incidence_at", f"day {day}", "n.risk", sum(t >= day for t in times), COUNTED)
    for cause in step.causes:
        for day in step.landmarks:
            known = bool(times) and day <= max(times)
            shown = _at(sample, cause, Fraction(day)) if known else (None, None, None)
            yield from _three(sample, "incidence_at", f"{cause}, day {day}", shown)
        for time in sorted(set(times)):
            level = f"{cause}, day {float(time):.15g}"
            n = sum(t == time and c == cause for t, c in zip(times, sample.causes, strict=True))
            yield promise("incidence_curve", level, "n.event", n, COUNTED)
            yield from _three(sample, "incidence_curve", level, _at(sample, cause, time))


def _three(sample: CausesSample, context: str, level: str, shown: Sequence[Value]) -> Iterator[Promise]:
    routes = (("estimate", SUM), ("conf.low", BAND), ("conf.high", BAND))
    for (name, route), value in zip(routes, shown, strict=True):
        yield Promise(sample.place, context, level, name, value, route)


def _at(sample: CausesSample, cause: str, day: Fraction) -> tuple[Value, Value, Value]:
    """Return incidence up to and including a day, with its limits."""
    pairs = list(zip(sample.times, sample.causes, strict=True))
    passed = [t for t in sorted(set(sample.times)) if t <= day]
    if not passed:
        return Fraction(0), 0.0, 0.0
    steps = []
    free, reached = Fraction(1), Fraction(0)
    for time in passed:
        n = sum(t >= time for t, _ in pairs)
        d = sum(t == time and c is not None for t, c in pairs)
        own = sum(t == time and c == cause for t, c in pairs)
        reached += free * Fraction(own, n)
        steps.append((n, d, own, free, reached))
        free *= 1 - Fraction(d, n)
    variance = Fraction(0)
    for n, d, own, before, so_far in steps:
        later = reached - so_far
        # Where all at risk fail nothing comes later, and the two terms with it vanish.
        lost = later**2 * Fraction(d, n * (n - d)) - 2 * later * before * Fraction(own, n * n) if d < n else 0
        variance += lost + before**2 * Fraction(own * (n - own), n**3)
    low, high = _limits(reached, math.sqrt(variance), sample.step.conf_level, sample.step.conf_type)
    return reached, low, high


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
