"""Time to event by the second route: every statistic read off the exact curve."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.exact.product_limit import Point, band, curve, median_of
from analysis.recompute.trial.sample import COUNTED, NOTED, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.kaplan_meier import KaplanMeier
from sap.model.times import at_risk_days

CURVE = "product-limit in exact fractions, risk sets counted"
BAND = "Greenwood's sum in exact fractions; delta method on the planned scale, standard library normal quantile"
SCAN = "first crossing of one half, scanned on the exact curve and its band"


@dataclass(frozen=True)
class TimesSample(Sample):
    """Times in days, each with whether it ended in the event, and the days on which those at risk are counted."""

    times: tuple[Fraction, ...]
    events: tuple[bool, ...]
    step: KaplanMeier
    at_risk: tuple[int, ...] = ()

    def promises(self) -> Iterator[Promise]:
        """Yield counts, median, survival at landmarks, numbers at risk, the curve and follow-up."""
        step, times, events = self.step, self.times, self.events
        counts = {"N": len(times), "n.event": sum(events), "n.censor": len(events) - sum(events)}
        yield from self.give("survival", counts, COUNTED, "")
        noted = {"conf.level": step.conf_level, "conf.type": step.conf_type, "median.rule": step.median_rule}
        yield from self.give("survival", noted, NOTED, "")
        points = curve(times, events)
        yield from self._medians("survival", points)
        for landmark in step.landmarks:
            yield from self.give("survival_at", {"n.risk": sum(t >= landmark for t in times)}, COUNTED, str(landmark))
            yield from self.interval("survival_at", str(landmark), self._at(points, landmark), (CURVE, BAND))
        for day in self.at_risk:
            before = [e for t, e in zip(times, events, strict=True) if t < day]
            left = {"n.event": sum(before), "n.censor": len(before) - sum(before)}
            yield from self.give("at_risk", {"n.risk": sum(t >= day for t in times), **left}, COUNTED, str(day))
        for p in points:
            level = f"{float(p.time):.15g}"
            counts = {"n.risk": p.n_risk, "n.event": p.n_event, "n.censor": p.n_censor}
            yield from self.give("curve", counts, COUNTED, level)
            limits = band(p, step.conf_type, step.conf_level)
            yield from self.interval("curve", level, (p.survival, *limits), (CURVE, BAND))
        if step.follow_up:
            yield from self._medians("follow_up_reverse_km", curve(times, [not e for e in events]))
            middle = statistics.median(times) if times else None
            yield from self.give("follow_up_observed", {"median": middle}, "standard library", "")
            ends = {"min": min(times, default=None), "max": max(times, default=None)}
            yield from self.give("follow_up_observed", ends, COUNTED, "")

    def _medians(self, context: str, points: tuple[Point, ...]) -> Iterator[Promise]:
        step = self.step
        bands = [band(p, step.conf_type, step.conf_level) for p in points]
        curves: dict[str, list[tuple[Fraction, Fraction | float | None]]] = {
            "estimate": [(p.time, p.survival) for p in points],
            "conf.low": [(p.time, b[0]) for p, b in zip(points, bands, strict=True)],
            "conf.high": [(p.time, b[1]) for p, b in zip(points, bands, strict=True)],
        }
        medians = {name: median_of(steps, step.median_rule) for name, steps in curves.items()}
        yield from self.give(context, medians, SCAN, "median")

    def _at(self, points: tuple[Point, ...], day: int) -> tuple[Value, Value, Value]:
        """Return survival and its interval on a day; nothing past the last observed time."""
        if not points or day > points[-1].time:
            return None, None, None
        passed = [p for p in points if p.time <= day]
        if not passed:
            return 1.0, 1.0, 1.0
        low, high = band(passed[-1], self.step.conf_type, self.step.conf_level)
        return passed[-1].survival, low, high

    def for_r(self) -> RJob:
        """Return times and events."""
        return RJob(
            kind="times",
            size=len(self.times),
            conf_level=self.step.conf_level,
            option=self.step.conf_type,
            median_rule=self.step.median_rule,
            landmarks=" ".join(map(str, self.step.landmarks)),
            values=tuple((t, int(e), "") for t, e in zip(self.times, self.events, strict=True)),
        )


def samples(cohort: Cohort, step: KaplanMeier) -> Iterator[Sample]:
    """Yield the times that are known, and whether each ended in the event."""
    pairs = []
    for subject in cohort.subjects:
        time, censored = (cohort.number(subject, step.data, name) for name in ("AVAL", "CNSR"))
        if time is not None and censored is not None:
            pairs.append((time, censored == 0))
    times, events = tuple(t for t, _ in pairs), tuple(e for _, e in pairs)
    yield TimesSample(cohort.on(step.data), times, events, step, risk_days(cohort, step.data, step.at_risk))


def risk_days(cohort: Cohort, data: str, asked: tuple[int, ...], start: int = 0) -> tuple[int, ...]:
    """Return the days of the plan, or those that the longest time of anybody analysed asks for."""
    seen = (cohort.number(s, data, "AVAL") for s in cohort.analysed)
    longest = max((float(t) for t in seen if t is not None), default=0.0)
    return at_risk_days(asked, max(cohort.world.plan.conventions.origin_day, start), longest)
