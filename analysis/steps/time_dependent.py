"""Time to event by a state entered during follow-up: time in each state, the test, curves and a landmark analysis."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.data.sample import Block, Sample, risk_days, without_time
from analysis.methods.common import Estimate, Flags, Floats
from analysis.methods.states.follow_up import censored_at, counts_at, events_compared, follow_up_in
from analysis.methods.states.switch import LandmarkSubset, StartStop, landmark_subset, split_at
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.time_dependent import TimeDependent
from sap.model.days import as_times_count
from sap.model.part import Reference
from sap.model.step import FIRST_TREATMENT

if TYPE_CHECKING:
    from analysis.methods.survival.kaplan_meier import KaplanMeier as Curve
    from analysis.methods.survival.logrank import LogRank

PERCENT = "xx.x%"
FEW = 5
"""Events expected in a state below which the chi-square approximation is called rough (Cochran's rule)."""


@dataclass(frozen=True)
class Followed:
    """The times of a step."""

    times: Floats
    """Days of event or censoring, as the times of the plan count them."""
    events: Flags
    """Whether each time ended in the event."""
    entered: Floats
    """Days of entry, on the same clock: NaN for never, 0 if it was not after the start."""
    rows: StartStop
    """The same split at the day of entry."""
    states: tuple[tuple[str, bool], tuple[str, bool]]
    """The names of both states, unexposed first, with whether it is the exposed one."""
    absent: str
    note: str
    """What to know of subjects without a time, and of entries that do not count as dated."""
    nobody: str | None
    """Why nothing can be estimated, where there is no time at all."""
    origin_day: int
    """What the times count on the start date itself."""
    risk_days: tuple[int, ...]
    """Days on which the subjects in each state are counted."""


def _followed(step: TimeDependent, sample: Sample) -> Followed:
    """Return the times of the subjects, split at the day of entry."""
    columns = {name: sample.column(Reference(dataset=step.data, variable=name)) for name in ("AVAL", "STARTDT", "CNSR")}
    # Without its start a time cannot be held against the day of entry.
    there = pd.concat(columns, axis=1).notna().all(axis=1)
    times = columns["AVAL"][there].to_numpy(dtype="float64")
    events = (columns["CNSR"][there] == 0).to_numpy(dtype=bool)
    entered = sample.column(step.exposure)[there].to_numpy(dtype="float64")
    origin = sample.plan.conventions.origin_day
    if step.exposure.dataset in {d.id for d in sample.plan.derivations}:
        _one_clock(step, sample, there)
        entered = as_times_count(entered, origin)
    notes = []
    if early := int((entered < origin).sum()):
        notes.append(f"{early} entered before the start and count as exposed from the start")
    if late := int(((entered > origin) & (entered >= times)).sum()):
        notes.append(f"{late} entered on or after the last day of follow-up and do not count as exposed")
    entered = np.where(entered <= origin, 0, entered)
    return Followed(
        times=times,
        events=events,
        entered=entered,
        rows=split_at(times, events, entered) if len(times) else _NO_ROWS,
        states=((step.unexposed, False), (step.exposed, True)),
        absent=without_time(sample, times),
        note="; ".join(notes),
        nobody=None if len(times) else f"there are no times in {sample.name}",
        origin_day=origin,
        risk_days=risk_days(step.at_risk, step.references[0], sample, step.start),
    )


_NO_ROWS = StartStop(
    subject=np.empty(0, dtype=np.int64),
    start=np.empty(0),
    stop=np.empty(0),
    event=np.empty(0, dtype=bool),
    exposed=np.empty(0, dtype=bool),
)


def _one_clock(step: TimeDependent, sample: Sample, there: "pd.Series[bool]") -> None:
    """Refuse a time that starts on another day than the first treatment: derivations count their days from it."""
    start = sample.column(Reference(dataset=step.data, variable="STARTDT"))[there]
    treated = sample.column(FIRST_TREATMENT)[there]
    others = [str(s) for s, same in (start == treated).items() if not same]
    if others:
        what = f"{step.exposure} counts days since first treatment, and {step.data} starts on another day"
        msg = f"{what} for {', '.join(others)}"
        raise ValueError(msg)


def time_dependent(step: TimeDependent, sample: Sample) -> list[Statistic]:
    """Return everything an analysis by a state entered during follow-up shows."""
    found = _followed(step, sample)
    stats = [*_states(step, found), *_test(step, found), *_curves(step, found)]
    return stats if step.landmark is None else [*stats, *_landmark(step, found, step.landmark)]


def _states(step: TimeDependent, found: Followed) -> Iterator[Statistic]:
    method = "Follow-up split at the day of entry; an event on that day is one of the state before"
    block = Block(step.data, "states", method)
    yield block.stat("N", "Subjects", len(found.times), "xx", warning=found.absent)
    yield block.stat("n.event", "Events", int(found.events.sum()), "xx")
    yield block.stat("n.censor", "Censored", int((~found.events).sum()), "xx")
    yield block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%")
    yield block.text("conf.type", "Scale of the interval", step.conf_type)
    for label, exposed in found.states:
        of = follow_up_in(found.rows, exposed=exposed, origin=found.origin_day)
        own = replace(block, variable_level=label)
        nobody = f"nobody was {label.lower()}"
        yield own.stat("n", "Subjects ever in this state", of.n, "xx", warning=found.note if exposed else "")
        yield own.stat("n.event", "Events in this state", of.n_event, "xx")
        yield own.stat("n.censor", "Censored in this state", of.n_censor, "xx")
        yield own.stat("n.leave", "Left for the other state", of.n_leave, "xx")
        yield own.stat("time", "Subject-days in this state", of.time, "xx")
        yield own.stat("first", "First day in this state", of.first, "xx", reason=nobody)


def _test(step: TimeDependent, found: Followed) -> Iterator[Statistic]:
    method = "Mantel–Byar (log-rank test by the state of the moment); asymptotic, exploratory"
    block = Block(step.data, "mantel_byar", method)
    test = _mantel_byar(found.rows)
    reason = found.nobody if test is None else test.reason
    for label, exposed in found.states:
        own = replace(block, variable_level=label)
        counts = (None, None) if test is None else (test.observed[int(exposed)], test.expected[int(exposed)])
        yield own.stat("observed", "Events observed", counts[0], "xx", reason=reason)
        yield own.stat("expected", "Events expected if the state made no difference", counts[1], "xx.xx", reason=reason)
    compared = events_compared(found.rows)
    yield block.stat("n.compared", "Events while both states were at risk", compared, "xx")
    shown = (None, None, None) if test is None else (test.statistic, test.df or None, test.p_value)
    yield block.stat("statistic", "Chi-square", shown[0], "xx.xx", reason=reason)
    yield block.stat("df", "Degrees of freedom", shown[1], "xx", reason=reason)
    yield block.stat("p.value", "Two-sided p, asymptotic", shown[2], "p", reason=reason, warning=_rough(test))


def _mantel_byar(rows: StartStop) -> "LogRank | None":
    from analysis.methods.states.time_dependent import mantel_byar

    return mantel_byar(rows.start, rows.stop, rows.event, rows.exposed) if rows.stop.size else None


def _rough(test: "LogRank | None") -> str:
    """Return what to know of a p-value from few events."""
    if test is None or test.p_value is None or min(test.expected) >= FEW:
        return ""
    return f"fewer than {FEW} events are expected in a state: the p-value is approximate and exploratory"


def _curves(step: TimeDependent, found: Followed) -> Iterator[Statistic]:
    from analysis.methods.states.time_dependent import simon_makuch

    rows = found.rows
    curves: dict[bool, Curve | None] = {False: None, True: None}
    if rows.stop.size:
        fitted = simon_makuch(
            rows.start,
            rows.stop,
            rows.event,
            rows.exposed,
            landmark=step.start,
            conf_level=step.conf_level,
            conf_type=step.conf_type,
        )
        curves = {False: fitted.unexposed, True: fitted.exposed}
    method = f"Simon–Makuch; {_band(step)}" + (f"; from day {step.start}" if step.start else "")
    for label, exposed in found.states:
        for day in step.landmarks:
            block = Block(step.data, "simon_makuch_at", method, _at_day(label, day))
            there = counts_at(rows, day, exposed=exposed, landmark=step.start)
            yield block.stat("n.risk", "At risk", there.n_risk, "xx")
            gap = f"nobody was at risk from day {there.gap[0]:g} to day {there.gap[1]:g}" if there.gap else ""
            nobody = found.nobody or _nobody(step, found, day, label, exposed=exposed)
            curve = curves[exposed] if there.n_enter else None
            yield from block.estimate("Survival", _at(curve, day, nobody), PERCENT, gap)
    for label, exposed in found.states:
        for day in found.risk_days:
            yield from _at_risk(step, found, day, label, exposed=exposed)
    for label, exposed in found.states:
        curve = curves[exposed]
        if curve is not None:
            yield from _points(step, found, curve, method, label, exposed=exposed)


def _nobody(step: TimeDependent, found: Followed, day: int, label: str, *, exposed: bool) -> str:
    """Return why a state has no curve on a day: nobody had entered it, or none who had was followed long enough."""
    if counts_at(found.rows, day, exposed=exposed).n_enter:
        return f"nobody {label.lower()} was followed beyond day {step.start}, from which the curves run"
    return f"nobody was {label.lower()} before day {day}"


def _at(curve: "Curve | None", day: int, nobody: str) -> Estimate:
    """Return survival in a state on a day; before anybody was in it there is none, not 100 percent."""
    from analysis.methods.survival.curve_estimates import survival_at

    if curve is None:
        return Estimate(estimate=None, reason=nobody)
    found = survival_at(curve, [day])[0]
    late = f"day {day} is after the last day observed in this state, {curve.time[-1]:g}"
    return replace(found, reason=late) if found.reason else found


def _at_risk(step: TimeDependent, found: Followed, day: int, label: str, *, exposed: bool) -> Iterator[Statistic]:
    method = "In the state just before the day; what happened before it"
    block = Block(step.data, "simon_makuch_risk", method, _at_day(label, day))
    there = counts_at(found.rows, day, exposed=exposed, landmark=step.start)
    yield block.stat("n.risk", "At risk", there.n_risk, "xx")
    yield block.stat("n.enter", "Entered before", there.n_enter, "xx")
    yield block.stat("n.event", "Events before", there.n_event, "xx")
    yield block.stat("n.censor", "Censored before", there.n_censor, "xx")
    yield block.stat("n.leave", "Left for the other state before", there.n_leave, "xx")


def _points(
    step: TimeDependent, found: Followed, curve: "Curve", method: str, label: str, *, exposed: bool
) -> Iterator[Statistic]:
    from analysis.methods.survival.curve_estimates import survival_at

    censored = censored_at(found.rows, curve.time, exposed=exposed)
    for i, time in enumerate(curve.time):
        block = Block(step.data, "simon_makuch", method, _at_day(label, float(time)))
        yield block.stat("n.risk", "At risk", int(curve.n_risk[i]), "xx")
        yield block.stat("n.event", "Events", int(curve.n_event[i]), "xx")
        yield block.stat("n.censor", "Censored", int(censored[i]), "xx")
        yield block.stat("n.leave", "Left for the other state", int(curve.n_censor[i] - censored[i]), "xx")
        yield from block.estimate("Survival", survival_at(curve, [float(time)])[0], PERCENT)


def _at_day(label: str, day: float) -> str:
    """Return the level of a result about a state on a day."""
    return f"{label}, day {day:.15g}"


def _band(step: TimeDependent) -> str:
    """Return how the interval of survival is made, in words."""
    return f"{step.conf_type} interval, Greenwood variance"


def _landmark(step: TimeDependent, found: Followed, landmark: int) -> Iterator[Statistic]:
    """Yield who is left out, the groups on the day of the landmark, and their survival from it."""
    from analysis.methods.survival.curve_estimates import n_risk_at, survival_at
    from analysis.methods.survival.kaplan_meier import kaplan_meier

    block = Block(step.data, "landmark_groups", f"Groups by the state on day {landmark}; followed from that day")
    subset = landmark_subset(found.times, found.events, found.entered, landmark) if len(found.times) else None
    size, before, censored, later = (0, 0, 0, 0)
    if subset is not None:
        size, before, censored = subset.time.size, subset.n_event_before, subset.n_censor_before
        later = int((_entered_later(found, subset) & ~subset.exposed).sum())
    yield block.stat("n", "Followed beyond the landmark", size, "xx")
    yield block.stat("n.event.before", "Events up to the landmark, left out", before, "xx")
    yield block.stat("n.censor.before", "Follow-up ended up to the landmark, left out", censored, "xx")
    yield block.stat("n.later", "Entered the state after the landmark", later, "xx")
    method = f"Kaplan–Meier from day {landmark}; {_band(step)}"
    for label, exposed in found.states:
        own = replace(block, variable_level=label)
        times, events = _group(subset, exposed=exposed)
        yield own.stat("N", "Subjects in the group", times.size, "xx")
        yield own.stat("n.event", "Events after the landmark", int(events.sum()), "xx")
        curve = kaplan_meier(times, events, step.conf_level, step.conf_type) if times.size else None
        nobody = found.nobody or f"nobody {label.lower()} was followed beyond day {landmark}"
        for day in (d for d in step.landmarks if d > landmark):
            at = Block(step.data, "landmark_at", method, _at_day(label, day))
            risk = n_risk_at(times, [day - landmark])[0] if times.size else 0
            yield at.stat("n.risk", "At risk", risk, "xx")
            answer = Estimate(estimate=None, reason=nobody)
            if curve is not None:
                answer = survival_at(curve, [day - landmark])[0]
                if answer.reason:
                    last = landmark + float(curve.time[-1])
                    answer = replace(answer, reason=f"day {day} is after the last observed time, day {last:g}")
            yield from at.estimate("Survival", answer, PERCENT)


def _group(subset: LandmarkSubset | None, *, exposed: bool) -> tuple[Floats, Flags]:
    if subset is None:
        return np.empty(0), np.empty(0, dtype=bool)
    inside = subset.exposed == exposed
    return subset.time[inside], subset.event[inside]


def _entered_later(found: Followed, subset: LandmarkSubset) -> Flags:
    """Return who of those followed entered the state at any time while followed."""
    entered = found.entered[subset.position]
    return np.asarray(entered < found.times[subset.position])


METHOD: Final = Method(
    statistics=time_dependent,
    libraries=("lifelines", "scipy", *PANDAS),
    levels="time",
    data_contexts=("simon_makuch", "simon_makuch_risk"),
)
