"""The cumulative incidence of a cause at given times."""

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common.estimate import Estimate
from analysis.methods.survival.competing_risks import AalenJohansen, CumulativeIncidence
from analysis.methods.survival.time_to_event import check_times, same_instant


def incidence_at(curves: AalenJohansen, cause: int, times: ArrayLike) -> list[Estimate]:
    """Read the cumulative incidence of one cause at landmark times.

    Parameters
    ----------
    curves : AalenJohansen
        Result of `aalen_johansen`.
    cause : int
        Code of the cause.
    times : array_like, shape (m,) or scalar
        Landmarks in the unit of the curves, 0 or more.

    Returns
    -------
    list of Estimate, length m
        Not estimable after the last observed time. Before the first, 0 with limits (0, 0), as in R.

    Raises
    ------
    ValueError
        If the cause is unknown, or a landmark is missing, infinite or negative, or there is none.
    """
    curve = curves.of(cause)
    return [_incidence_at(curves, curve, float(t)) for t in check_times(np.atleast_1d(times), "times")]


def _incidence_at(curves: AalenJohansen, curve: CumulativeIncidence, t: float) -> Estimate:
    level, scale = curves.conf_level, curves.conf_type
    last = float(curves.time[-1])
    if t > last + same_instant(t):
        reason = f"time {t:.6g} is after the last observed time, {last:.6g}"
        return Estimate(estimate=None, conf_level=level, conf_type=scale, reason=reason)
    row = int(np.searchsorted(curves.time, t + same_instant(t), side="right")) - 1
    if row < 0:
        return Estimate(estimate=0.0, conf_low=0.0, conf_high=0.0, std_err=0.0, conf_level=level, conf_type=scale)
    low, high = float(curve.conf_low[row]), float(curve.conf_high[row])
    undefined = f"the {scale} band is not defined where the incidence is {curve.incidence[row]:.6g}"
    return Estimate(
        estimate=float(curve.incidence[row]),
        conf_low=None if math.isnan(low) else low,
        conf_high=None if math.isnan(high) else high,
        std_err=float(curve.std_err[row]),
        conf_level=level,
        conf_type=scale,
        conf_low_reason=undefined if math.isnan(low) else None,
        conf_high_reason=undefined if math.isnan(high) else None,
    )
