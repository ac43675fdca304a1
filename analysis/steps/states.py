"""Subjects followed through a state they may enter: their times, when they entered, and what to know of both."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sample import Block, Floats, Sample, counted_on
from analysis.methods.common import Estimate
from analysis.methods.states.switch import StartStop, split_at
from analysis.results.ard import Statistic
from sap.methods.time_dependent import TimeDependent
from sap.model.days import as_times_count
from sap.model.part import Reference

PERCENT = "xx.x%"


@dataclass(frozen=True)
class Followed:
    """The times of a step."""

    times: Floats
    """Days of event or censoring, and of entry, as the times of the plan count them (NaN for never, 0 if it was not
    after the start)."""
    events: NDArray[np.bool_]
    """Whether each time ended in the event."""
    entered: Floats
    """Days of event or censoring, and of entry, as the times of the plan count them (NaN for never, 0 if it was not
    after the start)."""
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
    counted_on: tuple[int, ...]
    """Days on which the subjects in each state are counted."""


def followed(step: TimeDependent, sample: Sample) -> Followed:
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
    left_out = len(sample.subjects) - len(times)
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
        absent=f"{left_out} of {len(sample.subjects)} subjects have no time and are left out" if left_out else "",
        note="; ".join(notes),
        nobody=None if len(times) else f"there are no times in {sample.name}",
        origin_day=origin,
        counted_on=counted_on(step.at_risk, step.references[0], sample, step.start),
    )


def at_day(label: str, day: float) -> str:
    """Return the level of a result about a state on a day."""
    return f"{label}, day {day:g}"


def band_of(step: TimeDependent) -> str:
    """Return how the interval of survival is made, in words."""
    return f"{step.conf_type} interval, Greenwood variance"


def estimate(block: Block, found: Estimate, warning: str = "") -> Iterator[Statistic]:
    """Yield survival and its limits."""
    low, high = found.conf_low_reason or found.reason, found.conf_high_reason or found.reason
    yield block.stat("estimate", "Survival", found.estimate, PERCENT, reason=found.reason, warning=warning)
    yield block.stat("conf.low", "Lower limit", found.conf_low, PERCENT, reason=low)
    yield block.stat("conf.high", "Upper limit", found.conf_high, PERCENT, reason=high)


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
    treated = sample.column(Reference(dataset="ADSL", variable="TRTSDT"))[there]
    others = [str(s) for s, same in (start == treated).items() if not same]
    if others:
        what = f"{step.exposure} counts days since first treatment, and {step.data} starts on another day"
        msg = f"{what} for {', '.join(others)}"
        raise ValueError(msg)
