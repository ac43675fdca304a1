"""Time to event by a state entered during follow-up: time in each state, the test, curves and a landmark analysis."""

from collections.abc import Iterator
from dataclasses import replace

from analysis.data.sample import Block, Sample
from analysis.methods.common import Estimate
from analysis.methods.states.follow_up import censored_at, counts_at, events_compared, follow_up_in
from analysis.methods.states.switch import StartStop
from analysis.methods.states.time_dependent import mantel_byar, simon_makuch
from analysis.methods.survival.curve_estimates import survival_at
from analysis.methods.survival.kaplan_meier import KaplanMeier
from analysis.methods.survival.logrank import LogRank
from analysis.results.ard import Statistic
from analysis.steps.landmark import landmark_analysis
from analysis.steps.states import Followed, at_day, band_of, estimate, followed
from sap.methods.time_dependent import TimeDependent

FEW = 5
"""Events expected in a state below which the chi-square approximation is called rough (Cochran's rule)."""


def time_dependent(step: TimeDependent, sample: Sample) -> list[Statistic]:
    """Return everything an analysis by a state entered during follow-up shows."""
    found = followed(step, sample)
    stats = [*_states(step, found), *_test(step, found), *_curves(step, found)]
    return stats if step.landmark is None else [*stats, *landmark_analysis(step, found, step.landmark)]


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


def _mantel_byar(rows: StartStop) -> LogRank | None:
    return mantel_byar(rows.start, rows.stop, rows.event, rows.exposed) if rows.stop.size else None


def _rough(test: LogRank | None) -> str:
    """Return what to know of a p-value from few events."""
    if test is None or test.p_value is None or min(test.expected) >= FEW:
        return ""
    return f"fewer than {FEW} events are expected in a state: the p-value is approximate and exploratory"


def _curves(step: TimeDependent, found: Followed) -> Iterator[Statistic]:
    rows = found.rows
    curves: dict[bool, KaplanMeier | None] = {False: None, True: None}
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
    method = f"Simon–Makuch; {band_of(step)}" + (f"; from day {step.start}" if step.start else "")
    for label, exposed in found.states:
        for day in step.landmarks:
            block = Block(step.data, "simon_makuch_at", method, at_day(label, day))
            there = counts_at(rows, day, exposed=exposed, landmark=step.start)
            yield block.stat("n.risk", "At risk", there.n_risk, "xx")
            gap = f"nobody was at risk from day {there.gap[0]:g} to day {there.gap[1]:g}" if there.gap else ""
            nobody = found.nobody or _nobody(step, found, day, label, exposed=exposed)
            curve = curves[exposed] if there.n_enter else None
            yield from estimate(block, _at(curve, day, nobody), warning=gap)
    for label, exposed in found.states:
        for day in found.counted_on:
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


def _at(curve: KaplanMeier | None, day: int, nobody: str) -> Estimate:
    """Return survival in a state on a day; before anybody was in it there is none, not 100 percent."""
    if curve is None:
        return Estimate(estimate=None, reason=nobody)
    found = survival_at(curve, [day])[0]
    late = f"day {day} is after the last day observed in this state, {curve.time[-1]:g}"
    return replace(found, reason=late) if found.reason else found


def _at_risk(step: TimeDependent, found: Followed, day: int, label: str, *, exposed: bool) -> Iterator[Statistic]:
    method = "In the state just before the day; what happened before it"
    block = Block(step.data, "simon_makuch_risk", method, at_day(label, day))
    there = counts_at(found.rows, day, exposed=exposed, landmark=step.start)
    yield block.stat("n.risk", "At risk", there.n_risk, "xx")
    yield block.stat("n.enter", "Entered before", there.n_enter, "xx")
    yield block.stat("n.event", "Events before", there.n_event, "xx")
    yield block.stat("n.censor", "Censored before", there.n_censor, "xx")
    yield block.stat("n.leave", "Left for the other state before", there.n_leave, "xx")


def _points(
    step: TimeDependent, found: Followed, curve: KaplanMeier, method: str, label: str, *, exposed: bool
) -> Iterator[Statistic]:
    censored = censored_at(found.rows, curve.time, exposed=exposed)
    for i, time in enumerate(curve.time):
        block = Block(step.data, "simon_makuch", method, at_day(label, float(time)))
        yield block.stat("n.risk", "At risk", int(curve.n_risk[i]), "xx")
        yield block.stat("n.event", "Events", int(curve.n_event[i]), "xx")
        yield block.stat("n.censor", "Censored", int(censored[i]), "xx")
        yield block.stat("n.leave", "Left for the other state", int(curve.n_censor[i] - censored[i]), "xx")
        yield from estimate(block, survival_at(curve, [float(time)])[0])
