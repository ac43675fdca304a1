"""Groups formed by what happened up to a landmark, followed from the landmark."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common.interval import check_positive
from analysis.methods.states.switch import check_switch
from analysis.methods.survival.time_to_event import Flags, Floats, Ints, check_survival, read_only, tie_tolerance


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
