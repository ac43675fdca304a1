"""Follow-up at a change of state, such as transplantation: censored there, split there, or grouped at a landmark."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common import Flags, Floats, Ints, check_positive, check_vector
from analysis.methods.survival.time_to_event import (
    check_flags,
    check_survival,
    check_times,
    merge_ties,
    read_only,
    tie_tolerance,
)


@dataclass(frozen=True, eq=False)
class CensoredAtSwitch:
    """Times and events after censoring at a switch.

    Attributes
    ----------
    time : array, shape (n,)
        Time to event, censoring or switch, whichever came first.
    event : array of bool, shape (n,)
        True for an event before or at the switch.
    switched : array of bool, shape (n,)
        True where the switch ended the follow-up.
    """

    time: Floats
    event: Flags
    switched: Flags


def check_switch(switch_time: ArrayLike, size: int, name: str = "switch_time") -> Floats:
    """Return times of a switch, shape (size,), infinite for a subject who never switched (NaN, None)."""
    values = check_vector(switch_time, name)
    if values.size != size:
        raise ValueError(f"{name} has {values.size} values where {size} are needed: one a subject.")
    if (values < 0).any():
        where = np.flatnonzero(values < 0).tolist()
        raise ValueError(f"{name} is negative at positions {where}: count time from the origin, which is 0.")
    return np.where(np.isnan(values), np.inf, values)


def censor_at(time: ArrayLike, event: ArrayLike, switch_time: ArrayLike) -> CensoredAtSwitch:
    r"""Censor follow-up at a switch: :math:`t' = \min(t, u)` and :math:`\delta' = \delta\,[t \le u]`.

    An event at the instant of the switch counts, because events come before censorings at the same time. The
    curve of the result estimates survival without the switch only if switching is unrelated to prognosis,
    which for transplantation it seldom is [1]_.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    switch_time : array_like, shape (n,)
        Time of the switch from the same origin, same unit; NaN or None for a subject who never switched. A
        switch after the end of follow-up changes nothing.

    Returns
    -------
    CensoredAtSwitch

    Raises
    ------
    ValueError
        As `kaplan_meier`, or if a switch is negative or the lengths differ.

    References
    ----------
    .. [1] ICH E9(R1). Addendum on estimands and sensitivity analysis in clinical trials. 2019.
    """
    times, events = check_survival(time, event)
    switch = check_switch(switch_time, times.size)
    switched = switch < times - tie_tolerance(times)
    return CensoredAtSwitch(
        time=read_only(np.where(switched, switch, times)),
        event=read_only(events & ~switched),
        switched=read_only(switched),
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
    r"""Split each subject's follow-up where the exposure begins.

    One with :math:`0 < u < t` gives a row on :math:`(0, u]`, unexposed and without the event, and one on
    :math:`(u, t]`, exposed.

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

    There is at least one row, each ends after it starts (at or after, if it starts at 0), times are finite and not
    negative, flags are 0 or 1.
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


@dataclass(frozen=True, eq=False)
class LandmarkSubset:
    """Subjects still followed and event-free at a landmark, with time counted from it.

    Attributes
    ----------
    position : array of int, shape (m,)
        Positions of these subjects in the input.
    time : array, shape (m,)
        Time from the landmark to event or censoring, above 0.
    event : array of bool, shape (m,)
        Whether they had the event.
    exposed : array of bool, shape (m,)
        Whether the exposure had begun by the landmark.
    n_event_before, n_censor_before : int
        Subjects left out because of an event, or the end of follow-up, up to and including the landmark.
    """

    position: Ints
    time: Floats
    event: Flags
    exposed: Flags
    n_event_before: int
    n_censor_before: int


def landmark_subset(time: ArrayLike, event: ArrayLike, exposure_time: ArrayLike, landmark: float) -> LandmarkSubset:
    r"""Select the subjects at risk just after a landmark and group them by exposure at the landmark [1]_.

    Subject *i* is kept if :math:`t_i > L`, exposed if :math:`u_i \le L`, and followed for :math:`t_i - L`. What
    happens after the landmark does not change the group, so nobody is credited with time survived before exposure.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    exposure_time : array_like, shape (n,)
        Time the exposure began (a transplantation, say), same origin and unit; NaN or None for never.
    landmark : float
        Landmark in the same unit, above 0.

    Returns
    -------
    LandmarkSubset
        Empty if nobody was followed beyond the landmark.

    Raises
    ------
    ValueError
        As `kaplan_meier`; if an exposure is negative; if the landmark is not a finite number above 0.

    References
    ----------
    .. [1] Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. J Clin Oncol 1983;1:710-719.
    """
    times, events = check_survival(time, event)
    exposure = check_switch(exposure_time, times.size, "exposure_time")
    at = check_positive(landmark, "landmark")
    tolerance = tie_tolerance(times)
    kept = times > at + tolerance
    return LandmarkSubset(
        position=read_only(np.flatnonzero(kept)),
        time=read_only(times[kept] - at),
        event=read_only(events[kept]),
        exposed=read_only((exposure <= at + tolerance)[kept]),
        n_event_before=int((events & ~kept).sum()),
        n_censor_before=int((~events & ~kept).sum()),
    )
