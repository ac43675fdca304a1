"""Exposure: the area under one subject's course over a planned window."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common.interval import check_choice, check_real
from analysis.methods.values.course import check_course

AreaRule = Literal["linear-up/log-down", "linear"]


@dataclass(frozen=True)
class Area:
    """Area under one course over a planned window.

    Attributes
    ----------
    value : float or None
        Area in the unit of the values times days; None when the course does not span the window.
    start, end : float
        The window, in days since first treatment.
    rule : str
        Rule between two measurements.
    reason : str or None
        Why there is no value.
    """

    value: float | None
    start: float
    end: float
    rule: str
    reason: str | None


def auc(days: ArrayLike, values: ArrayLike, start: float, end: float, rule: AreaRule = "linear-up/log-down") -> Area:
    r"""Area under a course over a planned window, by the trapezoidal rule of the plan.

    Between two measurements :math:`(t_1, c_1)` and :math:`(t_2, c_2)` the area is

    .. math:: (t_2 - t_1) \frac{c_1 - c_2}{\ln (c_1 / c_2)} \quad \text{falling, } c_2 > 0; \qquad
              (t_2 - t_1) \frac{c_1 + c_2}{2} \quad \text{otherwise}

    under "linear-up/log-down" [1]_, and always the second under "linear". Where the window begins or ends between two
    measurements, the value there is interpolated by the same rule. Nothing is extrapolated.

    Parameters
    ----------
    days : array_like of float, shape (m,)
        Days since first treatment, in any order, each at most once.
    values : array_like of float, shape (m,)
        Values, 0 or more; NaN is missing and is not used. Values below quantification are replaced by the planned
        rule before.
    start, end : float
        Planned window in days since first treatment, start < end.
    rule : {"linear-up/log-down", "linear"}
        Rule between two measurements.

    Returns
    -------
    Area
        The area, or None with the reason where the measurements do not span the window.

    Raises
    ------
    ValueError
        If there are no days, a day is missing or repeated, the lengths differ, a value is negative or infinite, or the
        window is empty or its ends are not numbers.

    References
    ----------
    .. [1] Gabrielsson J, Weiner D. Pharmacokinetic and Pharmacodynamic Data Analysis. 5th ed. Apotekarsocieteten;
           2016: section 2.8.
    """
    time, value = check_course(days, values)
    check_choice(rule, get_args(AreaRule), "rule")
    start, end = check_real(start, "start"), check_real(end, "end")
    if not (np.isfinite([start, end]).all() and start < end):
        raise ValueError(f"the window must run from an earlier to a later day, not from {start:g} to {end:g}.")
    if np.unique(time).size < time.size:
        raise ValueError("days must differ: two values on one day leave the course undefined.")
    order = np.argsort(time)
    order = order[~np.isnan(value[order])]
    time, value = time[order], value[order]
    if time.size == 0 or time[0] > start or time[-1] < end:
        measured = f"days {time[0]:g} to {time[-1]:g}" if time.size else "no day"
        return Area(None, start, end, rule, f"measured on {measured}, the window is days {start:g} to {end:g}")
    log_down = rule == "linear-up/log-down"
    inside = (time > start) & (time < end)
    c_start, c_end = (_between(time, value, day, log_down=log_down) for day in (start, end))
    t = np.concatenate([[start], time[inside], [end]])
    c = np.concatenate([[c_start], value[inside], [c_end]])
    # The law of a piece follows from the measurements around it: a fall to zero is straight wherever it is cut.
    has_logarithm = value[np.searchsorted(time, t[1:])] > 0
    pieces = zip(np.diff(t).tolist(), c[:-1].tolist(), c[1:].tolist(), has_logarithm.tolist(), strict=True)
    area = math.fsum(width * _mean_height(c1, c2, log_down=log_down and logs) for width, c1, c2, logs in pieces)
    return Area(area, start, end, rule, None)


def _between(time: NDArray[np.float64], value: NDArray[np.float64], day: float, *, log_down: bool) -> float:
    """Return the value on a day between two measurements."""
    after = int(np.searchsorted(time, day))
    if time[after] == day:
        return float(value[after])
    c1, c2 = float(value[after - 1]), float(value[after])
    share = float((day - time[after - 1]) / (time[after] - time[after - 1]))
    return c1 * (c2 / c1) ** share if log_down and 0 < c2 < c1 else c1 + (c2 - c1) * share


def _mean_height(c1: float, c2: float, *, log_down: bool) -> float:
    """Return the mean height between two values; a fall to zero has no logarithm and is taken as a straight line."""
    if log_down and 0 < c2 < c1:
        # log1p keeps the digits that c1 / c2 loses when the two values are close.
        return (c1 - c2) / math.log1p((c1 - c2) / c2)
    return (c1 + c2) / 2
