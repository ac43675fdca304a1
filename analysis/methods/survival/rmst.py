"""How much event-free time is there, on average, up to a horizon? The restricted mean survival time."""

import numpy as np
from scipy.special import ndtri

from analysis.methods.common.estimate import Estimate
from analysis.methods.common.interval import check_bool, check_positive
from analysis.methods.survival.kaplan_meier import KaplanMeier
from analysis.methods.survival.time_to_event import same_instant


def restricted_mean(km: KaplanMeier, tau: float, *, extend: bool = False) -> Estimate:
    r"""Estimate the mean of min(time, tau): the area under a survival curve up to tau [1]_.

    .. math::
        \widehat{RMST} = \int_0^\tau \hat S(t)\,dt, \qquad
        \widehat{Var} = \sum_{t_i \le \tau} A_i^2 \frac{d_i}{n_i (n_i - d_i)}, \quad
        A_i = \int_{t_i}^\tau \hat S(t)\,dt

    with limits :math:`\widehat{RMST} \pm z \sqrt{\widehat{Var}}`, neither of them kept within [0, tau].

    Parameters
    ----------
    km : KaplanMeier
        The curve; its level is the level of the limits.
    tau : float
        Horizon in the unit of time, above 0.
    extend : bool
        Beyond the last observed time, extend a curve that has not reached 0 flat up to tau, as R and lifelines do
        without a word. By default the restricted mean is not estimable there.

    Returns
    -------
    Estimate
        In the unit of time, with its standard error. A curve that has reached 0 adds nothing beyond its end, so
        its restricted mean is estimable for any tau.

    Raises
    ------
    ValueError
        If tau is not a finite number above 0, or `extend` is not True or False.

    References
    ----------
    .. [1] Royston P, Parmar MKB. Restricted mean survival time: an alternative to the hazard ratio for the design
       and analysis of randomized trials with a time-to-event outcome. BMC Med Res Methodol 2013;13:152.
    """
    horizon = check_positive(tau, "tau")
    check_bool(extend, "extend")
    last = float(km.time[-1])
    if horizon > last + same_instant(last) and km.surv[-1] > 0 and not extend:
        return Estimate(
            estimate=None,
            conf_level=km.conf_level,
            conf_type="plain",
            reason=f"tau {horizon:.6g} is after the last observed time, {last:.6g}, where survival is not yet 0",
        )
    inside = km.time <= horizon
    edges = np.concatenate(([0.0], km.time[inside], [horizon]))
    areas = np.diff(edges) * np.concatenate(([1.0], km.surv[inside]))
    mean = float(areas.sum())
    area_after = areas[:0:-1].cumsum()[::-1]
    # lifelines' variance is that of min(time, tau) itself, not of the estimated mean, so it is not used.
    n_risk, n_event = km.n_risk[inside], km.n_event[inside]
    survivors = n_risk - n_event
    # Where all fail the area after is 0; where nobody is at risk, ties being removed, nothing happens.
    terms = n_event / np.maximum(n_risk * survivors, 1) * (survivors > 0)
    std_err = float(np.sqrt(np.sum(area_after**2 * terms)))
    margin = float(-ndtri((1 - km.conf_level) / 2)) * std_err
    return Estimate(
        estimate=mean,
        conf_low=mean - margin,
        conf_high=mean + margin,
        std_err=std_err,
        conf_level=km.conf_level,
        conf_type="plain",
    )
