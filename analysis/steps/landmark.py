"""The landmark analysis: groups by the state on one day, followed from it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.data.sample import Block
from analysis.methods.common import Estimate
from analysis.methods.states.switch import LandmarkSubset, landmark_subset
from analysis.methods.survival.curve_estimates import n_risk_at, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.results.ard import Statistic
from analysis.steps.states import Followed, at_day, band_of, estimate
from sap.methods.time_dependent import TimeDependent


def landmark_analysis(step: TimeDependent, found: Followed, landmark: int) -> Iterator[Statistic]:
    """Yield who is left out, the groups on the day of the landmark, and their survival from it."""
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
    method = f"Kaplan–Meier from day {landmark}; {band_of(step)}"
    for label, exposed in found.states:
        own = replace(block, variable_level=label)
        times, events = _group(subset, exposed=exposed)
        yield own.stat("N", "Subjects in the group", times.size, "xx")
        yield own.stat("n.event", "Events after the landmark", int(events.sum()), "xx")
        curve = kaplan_meier(times, events, step.conf_level, step.conf_type) if times.size else None
        nobody = found.nobody or f"nobody {label.lower()} was followed beyond day {landmark}"
        for day in (d for d in step.landmarks if d > landmark):
            at = Block(step.data, "landmark_at", method, at_day(label, day))
            risk = n_risk_at(times, [day - landmark])[0] if times.size else 0
            yield at.stat("n.risk", "At risk", risk, "xx")
            answer = Estimate(estimate=None, reason=nobody)
            if curve is not None:
                answer = survival_at(curve, [day - landmark])[0]
                if answer.reason:
                    last = landmark + float(curve.time[-1])
                    answer = replace(answer, reason=f"day {day} is after the last observed time, day {last:g}")
            yield from estimate(at, answer)


def _group(subset: LandmarkSubset | None, *, exposed: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if subset is None:
        return np.empty(0), np.empty(0, dtype=bool)
    inside = subset.exposed == exposed
    return subset.time[inside], subset.event[inside]


def _entered_later(found: Followed, subset: LandmarkSubset) -> NDArray[np.bool_]:
    """Return who of those followed entered the state at any time while followed."""
    entered = found.entered[subset.position]
    return np.asarray(entered < found.times[subset.position])
