"""Follow-up that stops at a change of treatment, such as transplantation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common.interval import check_vector
from analysis.methods.survival.time_to_event import Flags, Floats, check_survival, read_only, tie_tolerance


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
    """Return times of a switch, shape (size,), infinite for a subject who never switched (NaN, None).

    Raises
    ------
    ValueError
        If the length differs from `size` or a time is negative.
    """
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
