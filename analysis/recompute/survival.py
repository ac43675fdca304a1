"""Every survival statistic of one sample, read off the exact curve."""

import statistics
from collections.abc import Iterator
from fractions import Fraction

from analysis.recompute.exact.product_limit import Point, band, curve, median_of
from analysis.recompute.samples import Promise, TimesSample, Value

CURVE = "product-limit in exact fractions, risk sets counted"
BAND = "Greenwood's sum in exact fractions; delta method on the planned scale, standard library normal quantile"
SCAN = "first crossing of one half, scanned on the exact curve and its band"
COUNTED = "counted"
NOTED = "the plan's option"


def survival(sample: TimesSample) -> Iterator[Promise]:
    """Yield the statistics of a Kaplan-Meier step."""
    step, times, events = sample.step, sample.times, sample.events

    def promise(context: str, level: str, name: str, value: Value, route: str) -> Promise:
        return Promise(sample.place, context, level, name, value, route)

    yield promise("survival", "", "N", len(times), COUNTED)
    yield promise("survival", "", "n.event", sum(events), COUNTED)
    yield promise("survival", "", "n.censor", len(events) - sum(events), COUNTED)
    yield promise("survival", "", "conf.level", step.conf_level, NOTED)
    yield promise("survival", "", "conf.type", step.conf_type, NOTED)
    yield promise("survival", "", "median.rule", step.median_rule, NOTED)
    points = curve(times, events)
    yield from _medians(sample, "survival", points)
    for landmark in step.landmarks:
        level = str(landmark)
        estimate, low, high = _at(points, landmark, sample)
        yield promise("survival_at", level, "n.risk", sum(t >= landmark for t in times), COUNTED)
        yield promise("survival_at", level, "estimate", estimate, CURVE)
        yield promise("survival_at", level, "conf.low", low, BAND)
        yield promise("survival_at", level, "conf.high", high, BAND)
    for day in sample.at_risk:
        before = [e for t, e in zip(times, events, strict=True) if t < day]
        yield promise("at_risk", str(day), "n.risk", sum(t >= day for t in times), COUNTED)
        yield promise("at_risk", str(day), "n.event", sum(before), COUNTED)
        yield promise("at_risk", str(day), "n.censor", len(before) - sum(before), COUNTED)
    for p in points:
        low, high = band(p, step.conf_type, step.conf_level)
        level = f"{float(p.time):.15g}"
        yield promise("curve", level, "n.risk", p.n_risk, COUNTED)
        yield promise("curve", level, "n.event", p.n_event, COUNTED)
        yield promise("curve", level, "n.censor", p.n_censor, COUNTED)
        yield promise("curve", level, "estimate", p.survival, CURVE)
        yield promise("curve", level, "conf.low", low, BAND)
        yield promise("curve", level, "conf.high", high, BAND)
    if not step.follow_up:
        return
    yield from _medians(sample, "follow_up_reverse_km", curve(times, [not e for e in events]))
    yield promise("follow_up_observed", "", "median", statistics.median(times) if times else None, "standard library")
    yield promise("follow_up_observed", "", "min", min(times, default=None), COUNTED)
    yield promise("follow_up_observed", "", "max", max(times, default=None), COUNTED)


def _medians(sample: TimesSample, context: str, points: tuple[Point, ...]) -> Iterator[Promise]:
    step = sample.step
    bands = [band(p, step.conf_type, step.conf_level) for p in points]
    curves: dict[str, list[tuple[Fraction, Fraction | float | None]]] = {
        "estimate": [(p.time, p.survival) for p in points],
        "conf.low": [(p.time, b[0]) for p, b in zip(points, bands, strict=True)],
        "conf.high": [(p.time, b[1]) for p, b in zip(points, bands, strict=True)],
    }
    for name, steps in curves.items():
        yield Promise(sample.place, context, "median", name, median_of(steps, step.median_rule), SCAN)


def _at(points: tuple[Point, ...], day: int, sample: TimesSample) -> tuple[Value, Value, Value]:
    """Return survival and its interval on a day; nothing past the last observed time."""
    if not points or day > points[-1].time:
        return None, None, None
    passed = [p for p in points if p.time <= day]
    if not passed:
        return 1.0, 1.0, 1.0
    low, high = band(passed[-1], sample.step.conf_type, sample.step.conf_level)
    return passed[-1].survival, low, high
