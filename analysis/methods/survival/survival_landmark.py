"""Survival at given times, and the number still at risk."""

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common.estimate import Estimate
from analysis.methods.survival.kaplan_meier import KaplanMeier
from analysis.methods.survival.time_to_event import check_times, merge_ties, same_instant


def survival_at(km: KaplanMeier, times: ArrayLike) -> list[Estimate]:
    """Read a survival curve at landmark times.

    Parameters
    ----------
    km : KaplanMeier
        Curve with its band.
    times : array_like, shape (m,) or scalar
        Landmarks in the unit of the curve, 0 or more, in any order.

    Returns
    -------
    list of Estimate, length m
        Survival just after each landmark, with the limits of the band. Before the first observed time survival
        is 1 with limits (1, 1), as in R. After the last observed time it is not estimable, whatever the
        curve's last value: nobody was observed there, and a value is not carried forward.

    Raises
    ------
    ValueError
        If a landmark is missing, infinite or negative, or there is none.
    """
    return [_survival_at(km, float(t)) for t in check_times(np.atleast_1d(times), "times")]


def _survival_at(km: KaplanMeier, t: float) -> Estimate:
    tolerance = same_instant(t)
    if t > km.time[-1] + tolerance:
        return Estimate(
            estimate=None,
            conf_level=km.conf_level,
            conf_type=km.conf_type,
            reason=f"time {t:.6g} is after the last observed time, {km.time[-1]:.6g}",
        )
    row = int(np.searchsorted(km.time, t + tolerance, side="right")) - 1
    if row < 0:
        return Estimate(
            estimate=1.0,
            conf_low=1.0,
            conf_high=1.0,
            std_err=0.0,
            conf_level=km.conf_level,
            conf_type=km.conf_type,
        )
    low, high = float(km.conf_low[row]), float(km.conf_high[row])
    std_err = float(km.std_err[row])
    undefined = f"the {km.conf_type} band is not defined where the curve is {km.surv[row]:.6g}"
    return Estimate(
        estimate=float(km.surv[row]),
        conf_low=None if math.isnan(low) else low,
        conf_high=None if math.isnan(high) else high,
        std_err=None if math.isnan(std_err) else std_err,
        conf_level=km.conf_level,
        conf_type=km.conf_type,
        conf_low_reason=undefined if math.isnan(low) else None,
        conf_high_reason=undefined if math.isnan(high) else None,
    )


def n_risk_at(time: ArrayLike, times: ArrayLike) -> list[int]:
    """Count the subjects at risk at the start of given instants, as R and SAS print under a curve.

    Parameters
    ----------
    time : array_like, shape (n,)
        Observed times to event or censoring, 0 or more.
    times : array_like, shape (m,) or scalar
        Instants in the same unit, 0 or more.

    Returns
    -------
    list of int, length m
        Subjects whose observed time is at or after each instant; 0 after the last one. lifelines' at-risk table
        counts after the instant's events, so a death on the day of the landmark is missing there.

    Raises
    ------
    ValueError
        If a time is missing, infinite or negative, or there is none.
    """
    observed = merge_ties(check_times(time))
    asked = check_times(np.atleast_1d(times), "times")
    return [int((observed >= t - same_instant(t)).sum()) for t in asked]
