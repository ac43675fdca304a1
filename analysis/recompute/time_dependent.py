"""Survival by a state entered during follow-up, without splitting anybody: who is where is counted day by day."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from analysis.recompute.exact.product_limit import Point, band, curve
from analysis.recompute.kaplan_meier import risk_days
from analysis.recompute.trial.cells import a_number
from analysis.recompute.trial.sample import COUNTED, NOTED, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.time_dependent import TimeDependent
from sap.model.part import Reference

ASKED = "subjects in each state counted at each event, exact fractions"
BAND = "Greenwood's sum in exact fractions; delta method on the planned scale, standard library normal quantile"
NORMAL = "two-sided normal tail of the root of chi-square, standard library erfc"
TIME = "days of follow-up before and after the day of entry, summed"


@dataclass(frozen=True)
class StatesSample(Sample):
    """Times in days, each with whether it ended in the event, and the day a state was entered; None for never.

    An entry of 0 is one by the start, which itself is day `first_day`.
    """

    times: tuple[Fraction, ...]
    events: tuple[bool, ...]
    entered: tuple[Fraction | None, ...]
    step: TimeDependent
    first_day: int = 0
    at_risk: tuple[int, ...] = ()

    @property
    def states(self) -> tuple[tuple[str, bool], tuple[str, bool]]:
        """The names of both states, with whether it is the exposed one."""
        return (self.step.unexposed, False), (self.step.exposed, True)

    def promises(self) -> Iterator[Promise]:
        """Yield the time in each state, the test, the curves, the subjects at risk and the landmark analysis."""
        found = _subjects(self)
        yield from _times_in(self, found)
        yield from _test(self, found)
        for label, exposed in self.states:
            yield from _curve(self, found, label, exposed=exposed)
            yield from _at_risk(self, found, label, exposed=exposed)
        if self.step.landmark is not None:
            yield from _landmark(self, found, Fraction(self.step.landmark))

    def for_r(self) -> RJob:
        """Return times and events, each with the day of entry."""
        days = ("" if e is None else repr(float(e)) for e in self.entered)
        return RJob(
            kind="states",
            size=len(self.times),
            conf_level=self.step.conf_level,
            option=self.step.conf_type,
            landmarks=" ".join(map(str, self.step.landmarks)),
            start=self.step.start,
            values=tuple((t, int(e), d) for t, e, d in zip(self.times, self.events, days, strict=True)),
        )

    def level_by_r(self, level: str) -> str:
        """Return the level of an answer: R says 0 and 1 for the states, with the day after them."""
        state, _, day = level.partition(" ")
        label = self.step.exposed if state == "1" else self.step.unexposed
        return f"{label}, day {day}" if day else label


def samples(cohort: Cohort, step: TimeDependent) -> Iterator[Sample]:
    """Yield times and entries on one clock: a derived day counts from 0, a column of the data as the times do."""
    plan = cohort.world.plan
    first_day = plan.conventions.origin_day
    behind = first_day if any(d.id == step.exposure.dataset for d in plan.derivations) else 0
    found: list[tuple[Fraction, bool, Fraction | None]] = []
    for subject in cohort.subjects:
        time, censored = (cohort.number(subject, step.data, name) for name in ("AVAL", "CNSR"))
        start = cohort.world.value(subject, Reference(dataset=step.data, variable="STARTDT"))
        if time is not None and censored is not None and start is not None:
            entry = a_number(cohort.world.value(subject, step.exposure))
            if entry is not None:
                entry = entry + behind if entry + behind > first_day else Fraction(0)
            found.append((time, censored == 0, entry))
    times, events, entered = zip(*found, strict=True) if found else ((), (), ())
    counted = risk_days(cohort, step.data, step.at_risk, step.start)
    yield StatesSample(cohort.on(step.data), times, events, entered, step, first_day, counted)


@dataclass(frozen=True)
class _Subject:
    """A subject's time, how it ended, and the day after which it is in the state; None for never."""

    time: Fraction
    event: bool
    entry: Fraction | None

    def exposed_at(self, day: Fraction) -> bool:
        """Return whether the subject is in the state at an instant: from the day after entry, or from the start."""
        return self.entry is not None and (self.entry == 0 or day > self.entry)


@dataclass(frozen=True)
class _There:
    """Counts who is followed on a day: their times, and times and days of entry of those who were ever in the state."""

    times: list[Fraction]
    entries: list[Fraction]
    ever: list[Fraction]

    @classmethod
    def of(cls, found: tuple[_Subject, ...]) -> Self:
        """Return the counts of subjects."""
        entered = [(s.time, s.entry) for s in found if s.entry is not None]
        return cls(sorted(s.time for s in found), sorted(e for _, e in entered), sorted(t for t, _ in entered))

    def at(self, day: Fraction) -> tuple[int, int]:
        """Return how many are followed at an instant, and how many of them are in the state (entry 0: at the start)."""
        entered = max(bisect_left(self.entries, day), bisect_right(self.entries, Fraction(0)))
        return len(self.times) - bisect_left(self.times, day), entered - bisect_left(self.ever, day)


def _subjects(sample: StatesSample) -> tuple[_Subject, ...]:
    """Return the subjects; an entry before the start is one at the start, one that no follow-up follows is none."""
    found = []
    for time, event, entered in zip(sample.times, sample.events, sample.entered, strict=True):
        entry = None if entered is None else max(entered, Fraction(0))
        counts = entry is not None and (entry == 0 or entry < time)
        found.append(_Subject(time, event, entry if counts else None))
    return tuple(found)


def _times_in(sample: StatesSample, found: tuple[_Subject, ...]) -> Iterator[Promise]:
    step, events = sample.step, sum(s.event for s in found)
    counts = {"N": len(found), "n.event": events, "n.censor": len(found) - events}
    yield from sample.give("states", counts, COUNTED, "")
    yield from sample.give("states", {"conf.level": step.conf_level, "conf.type": step.conf_type}, NOTED, "")
    ever = {False: [s for s in found if s.entry != 0], True: [s for s in found if s.entry is not None]}
    # Days that pass, of which the day of the start is none, whatever number it has.
    begins = Fraction(sample.first_day)
    left = [max(begins, s.time if s.entry is None else s.entry) for s in found]
    until = sum((day - begins for day in left), Fraction(0))
    days = {False: until, True: sum((s.time - begins for s in found), Fraction(0)) - until}
    entries = [max(begins, s.entry) for s in ever[True] if s.entry is not None]
    first = {False: begins, True: min(entries, default=begins)}
    for label, exposed in sample.states:
        ended = [s for s in ever[exposed] if s.exposed_at(s.time) == exposed]
        of_state: dict[str, Value] = {
            "n": len(ever[exposed]),
            "n.event": sum(s.event for s in ended),
            "n.censor": sum(not s.event for s in ended),
            "n.leave": len(ever[exposed]) - len(ended),
            "first": first[exposed] if ever[exposed] else None,
        }
        yield from sample.give("states", of_state, COUNTED, label)
        yield from sample.give("states", {"time": days[exposed]}, TIME, label)


def _test(sample: StatesSample, found: tuple[_Subject, ...]) -> Iterator[Promise]:
    expected, variance = [Fraction(0), Fraction(0)], Fraction(0)
    observed, compared = [0, 0], 0
    there = _There.of(found)
    had = Counter((s.time, s.entry is not None) for s in found if s.event)
    for day in sorted({s.time for s in found if s.event}):
        n, inside = there.at(day)
        d = had[day, True] + had[day, False]
        observed[1] += had[day, True]
        observed[0] += had[day, False]
        expected[1] += Fraction(d * inside, n)
        expected[0] += Fraction(d * (n - inside), n)
        if 0 < inside < n:
            compared += d
            variance += Fraction(d * (n - d) * inside * (n - inside), n * n * (n - 1))
    for label, exposed in sample.states:
        yield from sample.give("mantel_byar", {"observed": observed[exposed] if found else None}, COUNTED, label)
        yield from sample.give("mantel_byar", {"expected": expected[exposed] if found else None}, ASKED, label)
    chi = (observed[1] - expected[1]) ** 2 / variance if variance else None
    tail = None if chi is None else math.erfc(math.sqrt(chi / 2))
    yield from sample.give("mantel_byar", {"n.compared": compared, "df": None if chi is None else 1}, COUNTED, "")
    yield from sample.give("mantel_byar", {"statistic": chi}, ASKED, "")
    yield from sample.give("mantel_byar", {"p.value": tail}, NORMAL, "")


def _points(found: tuple[_Subject, ...], start: Fraction, *, exposed: bool) -> list[tuple[Point, int]]:
    """Return the curve of a state where somebody's time in it ends, with those who left for the other state there."""
    ends = {s.time for s in found if s.time > start or start == 0 if s.exposed_at(s.time) == exposed}
    if not exposed:
        ends |= {s.entry for s in found if s.entry is not None and s.entry > start}
    points: list[tuple[Point, int]] = []
    survival, variance, whole = Fraction(1), Fraction(0), True
    followed = tuple(s for s in found if s.time > start or start == 0)
    there = _There.of(followed)
    # A time ends in the state that was entered before it, if any was.
    of_state = [s for s in followed if (s.entry is not None) == exposed]
    had, gone = Counter(s.time for s in of_state if s.event), Counter(s.time for s in of_state)
    entered = Counter(s.entry for s in followed if s.entry)
    for day in sorted(ends):
        both, inside = there.at(day)
        n, d = inside if exposed else both - inside, had[day]
        survival *= 1 - Fraction(d, n)
        whole = whole and d < n
        variance += Fraction(d, n * (n - d)) if whole else 0
        left = 0 if exposed else entered[day]
        points.append((Point(day, n, d, gone[day] - d, survival, variance if whole else None), left))
    return points


def _curve(sample: StatesSample, found: tuple[_Subject, ...], label: str, *, exposed: bool) -> Iterator[Promise]:
    step = sample.step
    points = _points(found, Fraction(step.start), exposed=exposed)
    for day in step.landmarks:
        level = f"{label}, day {day}"
        risk, entered = _risk(found, Fraction(day), Fraction(step.start), exposed=exposed)
        yield from sample.give("simon_makuch_at", {"n.risk": risk}, COUNTED, level)
        passed = [p for p, _ in points if p.time <= day]
        known = bool(entered) and bool(points) and day <= points[-1][0].time
        yield from _survival(sample, "simon_makuch_at", level, passed[-1] if passed else None, known=known)
    for point, left in points:
        level = f"{label}, day {float(point.time):.15g}"
        counts = {"n.risk": point.n_risk, "n.event": point.n_event, "n.censor": point.n_censor, "n.leave": left}
        yield from sample.give("simon_makuch", counts, COUNTED, level)
        yield from _survival(sample, "simon_makuch", level, point, known=True)


def _survival(sample: StatesSample, context: str, level: str, point: Point | None, *, known: bool) -> Iterator[Promise]:
    shown: tuple[Value, Value, Value] = (None, None, None)
    if known:
        limits = (1.0, 1.0) if point is None else band(point, sample.step.conf_type, sample.step.conf_level)
        shown = (Fraction(1) if point is None else point.survival, *limits)
    yield from sample.interval(context, level, shown, (ASKED, BAND))


def _risk(found: tuple[_Subject, ...], day: Fraction, start: Fraction, *, exposed: bool) -> tuple[int, int]:
    """Return how many are in a state just before a day (at the start: as it begins), and how many ever were."""
    kept = [s for s in found if s.time > start or start == 0]
    if exposed:
        entered = [s for s in kept if s.entry is not None and (s.entry <= start or s.entry < day)]
        return sum(s.time >= day for s in entered), len(entered)
    # Unexposed at some time of the curve, and not gone by the day.
    entered = [s for s in kept if s.entry is None or (s.entry > start)]
    return sum(s.time >= day and (s.entry is None or s.entry >= day) for s in entered), len(entered)


def _at_risk(sample: StatesSample, found: tuple[_Subject, ...], label: str, *, exposed: bool) -> Iterator[Promise]:
    start = Fraction(sample.step.start)
    for day in map(Fraction, sample.at_risk):
        risk, entered = _risk(found, day, start, exposed=exposed)
        over = [s for s in found if start < s.time < day or (start == 0 and s.time < day)]
        here = [s for s in over if s.exposed_at(s.time) == exposed]
        events = sum(s.event for s in here)
        censored = len(here) - events
        counts = {"n.risk": risk, "n.enter": entered, "n.event": events, "n.censor": censored}
        counts["n.leave"] = entered - risk - events - censored
        yield from sample.give("simon_makuch_risk", counts, COUNTED, f"{label}, day {float(day):.15g}")


def _landmark(sample: StatesSample, found: tuple[_Subject, ...], landmark: Fraction) -> Iterator[Promise]:
    kept = [s for s in found if s.time > landmark]
    before = [s for s in found if s.time <= landmark]
    counts = {
        "n": len(kept),
        "n.event.before": sum(s.event for s in before),
        "n.censor.before": sum(not s.event for s in before),
        "n.later": sum(s.entry is not None and s.entry > landmark for s in kept),
    }
    yield from sample.give("landmark_groups", counts, COUNTED, "")
    for label, exposed in sample.states:
        group = [s for s in kept if (s.entry is not None and s.entry <= landmark) == exposed]
        sizes = {"N": len(group), "n.event": sum(s.event for s in group)}
        yield from sample.give("landmark_groups", sizes, COUNTED, label)
        # On the clock of the trial: nobody of the group can leave before the landmark, so no time needs shifting.
        points = curve([s.time for s in group], [s.event for s in group])
        for day in (d for d in sample.step.landmarks if d > landmark):
            level = f"{label}, day {day}"
            yield from sample.give("landmark_at", {"n.risk": sum(s.time >= day for s in group)}, COUNTED, level)
            passed = [p for p in points if p.time <= day]
            known = bool(points) and day <= points[-1].time
            yield from _survival(sample, "landmark_at", level, passed[-1] if passed else None, known=known)
