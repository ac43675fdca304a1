"""Survival by a state that subjects enter during follow-up: the Simon-Makuch curve and the Mantel-Byar test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common import Flags, Floats
from analysis.methods.states.switch import check_rows
from analysis.methods.survival.kaplan_meier import BandType, KaplanMeier, curve_from_counts
from analysis.methods.survival.logrank import LogRank, Rows, compare_groups
from analysis.methods.survival.time_to_event import check_times, tie_tolerance


@dataclass(frozen=True, eq=False)
class SimonMakuch:
    """Two curves of a state that changes in time.

    Attributes
    ----------
    unexposed, exposed : KaplanMeier or None
        The curves from the landmark on; `n` is the number of rows. None where no row of that state is at risk
        after the landmark.
    landmark : float
        Time at which both curves are 1.
    unexposed_reason, exposed_reason : str or None
        Why a curve is None.
    """

    unexposed: KaplanMeier | None
    exposed: KaplanMeier | None
    landmark: float
    unexposed_reason: str | None = None
    exposed_reason: str | None = None


def simon_makuch(
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    exposed: ArrayLike,
    *,
    landmark: float = 0.0,
    conf_level: float = 0.95,
    conf_type: BandType = "log-log",
) -> SimonMakuch:
    r"""Estimate survival in each state, subjects moving from one risk set to the other [1]_.

    .. math:: \hat S_k(t) = \prod_{L < t_i \le t} \left(1 - \frac{d_{ki}}{n_{ki}}\right)

    with :math:`n_{ki}` the rows of state *k* with start < :math:`t_i` and stop at or after :math:`t_i`. The curves
    answer "what if the state at the landmark stayed as it is"; they are not curves of fixed groups.

    Parameters
    ----------
    start, stop : array_like, shape (m,)
        Limits of each row of follow-up (see `split_at`), any unit, 0 or more.
    event : array_like, shape (m,)
        1 if the row ends with the event.
    exposed : array_like, shape (m,)
        1 if the row is in the exposed state.
    landmark : float
        Time from which the curves run, 0 or more; what happens up to a landmark above 0 is left out. With few
        subjects exposed early, one early event takes the exposed curve far down: a later landmark avoids it.
    conf_level, conf_type
        Level and scale of the bands, Greenwood's standard error as for `kaplan_meier`.

    Returns
    -------
    SimonMakuch

    Raises
    ------
    ValueError
        If a row is not valid (see `check_rows`), the landmark is negative or not finite, the level is not in
        (0, 1) or the scale is unknown.

    References
    ----------
    .. [1] Simon R, Makuch RW. A non-parametric graphical representation of the relationship between survival and the
       occurrence of an event: application to responder versus non-responder bias. Stat Med 1984;3:35-44.
    """
    starts, stops, events, state = check_rows(start, stop, event, exposed)
    at = float(check_times([landmark], "landmark")[0])
    later = stops > at + tie_tolerance(stops) if at > 0 else np.ones(stops.size, dtype=bool)
    unexposed, with_exposure = (
        _curve(starts[rows], stops[rows], events[rows], conf_level, conf_type)
        for rows in (later & ~state, later & state)
    )
    nobody = f"no follow-up in this state after {at:.6g}"
    return SimonMakuch(
        unexposed=unexposed,
        exposed=with_exposure,
        landmark=at,
        unexposed_reason=nobody if unexposed is None else None,
        exposed_reason=nobody if with_exposure is None else None,
    )


def _curve(start: Floats, stop: Floats, event: Flags, conf_level: float, conf_type: BandType) -> KaplanMeier | None:
    if not stop.size:
        return None
    # lifelines counts a row that starts at the instant of an event as at risk for it; R and this do not.
    time, index = np.unique(stop, return_inverse=True)
    entered = np.searchsorted(np.sort(start), time, side="left")
    left = np.searchsorted(np.sort(stop), time, side="left")
    n_event = np.bincount(index[event], minlength=time.size)
    return curve_from_counts(
        time=time,
        n_risk=entered - left,
        n_event=n_event,
        n_censor=np.bincount(index, minlength=time.size) - n_event,
        conf_level=conf_level,
        conf_type=conf_type,
        n=stop.size,
    )


def mantel_byar(start: ArrayLike, stop: ArrayLike, event: ArrayLike, exposed: ArrayLike) -> LogRank:
    r"""Test whether the event depends on a state that changes in time [1]_.

    The log-rank test (see `logrank`) with each subject, at each event time, in the group of the state just before
    it. Without ties between events it is the score test of R's ``coxph(Surv(start, stop, event) ~ exposed)``; with
    ties, that of ``ties = "exact"``.

    Parameters
    ----------
    start, stop, event, exposed : array_like, shape (m,)
        Rows of follow-up, as for `simon_makuch`.

    Returns
    -------
    LogRank
        Groups "unexposed" and "exposed"; `n` counts rows. None and a reason where there is no test.

    Raises
    ------
    ValueError
        If a row is not valid (see `check_rows`).

    References
    ----------
    .. [1] Mantel N, Byar DP. Evaluation of response-time data involving transient states: an illustration using
       heart-transplant data. J Am Stat Assoc 1974;69:81-86.
    """
    starts, stops, events, state = check_rows(start, stop, event, exposed)
    index = state.astype(np.int64)
    return compare_groups([Rows(starts, stops, events, index)], ("unexposed", "exposed"), rho=0.0)
