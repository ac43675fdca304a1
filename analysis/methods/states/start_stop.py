"""Follow-up split at a change of state, such as transplantation: rows of start, stop, event and state."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.states.switch import check_switch
from analysis.methods.survival.time_to_event import (
    Flags,
    Floats,
    Ints,
    check_flags,
    check_survival,
    check_times,
    merge_ties,
    read_only,
    tie_tolerance,
)


@dataclass(frozen=True, eq=False)
class StartStop:
    """Rows of follow-up: at risk on (start, stop], in one state throughout.

    A row that starts at 0 is at risk at 0 too, so that an event on the day of origin counts.

    Attributes
    ----------
    subject : array of int, shape (m,)
        Position of the subject in the input, one or two rows each.
    start, stop : array, shape (m,)
        Limits of the row in the unit of the input.
    event : array of bool, shape (m,)
        Whether the subject had the event at stop.
    exposed : array of bool, shape (m,)
        State during the row.
    """

    subject: Ints
    start: Floats
    stop: Floats
    event: Flags
    exposed: Flags


def split_at(time: ArrayLike, event: ArrayLike, switch_time: ArrayLike) -> StartStop:
    """Split each subject's follow-up where the exposure begins.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    switch_time : array_like, shape (n,)
        Time the exposure began, same origin and unit; NaN or None for never. A subject is unexposed up to and
        including that instant and exposed after it, from the beginning if it is 0. An exposure at or after the end
        of follow-up changes nothing.

    Returns
    -------
    StartStop
        Rows ordered by subject, then by time.

    Raises
    ------
    ValueError
        As `kaplan_meier`, or if a switch is negative or the lengths differ.
    """
    times, events = check_survival(time, event)
    switch = check_switch(switch_time, times.size)
    switch[switch <= tie_tolerance(times)] = 0
    splits = (switch > 0) & (switch < times - tie_tolerance(times))
    # Rows up to the switch, one a subject, then rows after it; sorting by subject puts them side by side.
    subject = np.concatenate((np.arange(times.size), np.flatnonzero(splits)))
    order = np.argsort(subject, kind="stable")
    return StartStop(
        subject=read_only(subject[order]),
        start=read_only(np.concatenate((np.zeros(times.size), switch[splits]))[order]),
        stop=read_only(np.concatenate((np.where(splits, switch, times), times[splits]))[order]),
        event=read_only(np.concatenate((events & ~splits, events[splits]))[order]),
        exposed=read_only(np.concatenate((switch == 0, splits[splits]))[order]),
    )


def check_rows(
    start: ArrayLike, stop: ArrayLike, event: ArrayLike, exposed: ArrayLike
) -> tuple[Floats, Floats, Flags, Flags]:
    """Return rows of follow-up with float noise between times removed and rows from 0 starting before 0.

    Raises
    ------
    ValueError
        If there is no row, the lengths differ, a time is missing, infinite or negative, a row does not end after
        it starts (at or after, if it starts at 0), or a flag is not 0 or 1.
    """
    starts, stops = check_times(start, "start"), check_times(stop, "stop")
    if starts.size != stops.size:
        raise ValueError(f"start has {starts.size} values and stop {stops.size}: each row needs both.")
    merged = merge_ties(np.concatenate((starts, stops)))
    starts, stops = merged[: starts.size].copy(), merged[starts.size :]
    starts[starts == 0] = -np.inf
    if (starts >= stops).any():
        where = np.flatnonzero(starts >= stops).tolist()
        raise ValueError(f"stop is not after start in rows {where}.")
    return starts, stops, check_flags(event, stops.size), check_flags(exposed, stops.size, "exposed")
