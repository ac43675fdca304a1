"""How long were subjects followed? The Kaplan-Meier curve of the time to censoring."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common.interval import check_choice
from analysis.methods.survival.kaplan_meier import KaplanMeier, curve_from_counts, kaplan_meier
from analysis.methods.survival.survival_band import BandType
from analysis.methods.survival.time_to_event import check_survival

TieRule = Literal["at-risk", "removed"]
TIE_RULES: tuple[TieRule, ...] = get_args(TieRule)


def reverse_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    conf_level: float = 0.95,
    conf_type: BandType = "log-log",
    ties: TieRule = "at-risk",
) -> KaplanMeier:
    r"""Estimate the distribution of potential follow-up: censoring is the event, death censors it [1]_.

    .. math:: \hat G(t) = \prod_{t_i \le t} \left(1 - \frac{c_i}{n_i - a d_i}\right)

    with :math:`c_i` censorings, :math:`d_i` events and :math:`n_i` at risk, and *a* = 0 for ties "at-risk", 1 for
    "removed". `median` of the result is the median follow-up.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`: `event` is 1 for the event of interest, 0 for censoring.
    conf_level, conf_type
        Level and scale of the band.
    ties : {"at-risk", "removed"}
        Whether a subject who has the event at the instant of another's censoring is at risk of censoring there.
        "at-risk" is R's ``survfit(Surv(time, 1 - event) ~ 1)``; "removed" is ``prodlim(..., reverse = TRUE)``.

    Returns
    -------
    KaplanMeier
        `n_event` counts censorings and `n_censor` counts events; with ties "removed", `n_risk` leaves out the
        events of the instant and can be 0.

    Raises
    ------
    ValueError
        As `kaplan_meier`, or if the tie rule is unknown.

    References
    ----------
    .. [1] Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control Clin Trials
       1996;17:343-346.
    """
    check_choice(ties, TIE_RULES, "ties")
    times, events = check_survival(time, event)
    if ties == "at-risk":
        return kaplan_meier(times, ~events, conf_level, conf_type)
    distinct, index = np.unique(times, return_inverse=True)
    n_event = np.bincount(index, weights=events).astype(np.int64)
    n_total = np.bincount(index)
    return curve_from_counts(
        time=distinct,
        n_risk=n_total[::-1].cumsum()[::-1] - n_event,
        n_event=n_total - n_event,
        n_censor=n_event,
        conf_level=conf_level,
        conf_type=conf_type,
        n=times.size,
    )
