"""One subject's course over time: peak and time to peak, last quantifiable day, area, values below quantification."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common import Flags, Floats, check_choice, check_real, check_vector

AreaRule = Literal["linear-up/log-down", "linear"]
BelowQuantification = Literal["zero", "half", "lloq", "missing"]


@dataclass(frozen=True)
class Peak:
    """Highest value of a course and the day it was first reached; both None when no value was measured."""

    value: float | None
    day: float | None


def peak(days: ArrayLike, values: ArrayLike) -> Peak:
    r"""Peak of a course and the time to it: the first day among equal highest values.

    .. math:: C_{max} = \max_j y_j, \qquad t_{max} = \min \{t_j : y_j = C_{max}\}

    Parameters
    ----------
    days : array_like of float, shape (m,)
        Days since first treatment, in any order.
    values : array_like of float, shape (m,)
        Value of each day, 0 or more, in the unit of the assay; NaN is missing and is not used.

    Returns
    -------
    Peak
        Highest value and its first day; both None when every value is missing.

    Raises
    ------
    ValueError
        If there are no days, a day is missing, the lengths differ, or a value is negative or infinite.
    """
    time, value = check_course(days, values)
    measured = ~np.isnan(value)
    if not measured.any():
        return Peak(None, None)
    highest = float(value[measured].max())
    return Peak(highest, float(time[value == highest].min()))


def last_quantifiable(days: ArrayLike, below: ArrayLike) -> float | None:
    r"""Last day with a quantifiable value, :math:`\max \{t_j : y_j \text{ not below}\}`.

    Parameters
    ----------
    days : array_like of float, shape (m,)
        Days since first treatment of the measurements made, in any order.
    below : array_like of bool, shape (m,)
        Whether each measurement is below the limit of quantification.

    Returns
    -------
    float or None
        The day; None when no measurement was quantifiable.

    Raises
    ------
    ValueError
        If there are no days, a day is missing, or the lengths differ.
    """
    time = check_days(days)
    flags = check_flags(below, time.size)
    return None if flags.all() else float(time[~flags].max())


def check_course(days: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Return days and values as float arrays of one length; a value may be NaN, a day may not."""
    time, value = check_days(days), check_vector(values, "values")
    if time.size != value.size:
        raise ValueError(f"days and values must be of one length, not {time.size} and {value.size}.")
    require(value, ~(value < 0) & ~np.isinf(value), "a value is negative or infinite")
    return time, value


def check_days(days: ArrayLike) -> Floats:
    """Return days since first treatment as a float array."""
    time = check_vector(days, "days")
    if time.size == 0:
        raise ValueError("days is empty: a course needs at least one measurement.")
    require(time, np.isfinite(time), "a day is missing or infinite")
    return time


def check_flags(below: ArrayLike, size: int) -> Flags:
    """Return the marks "below quantification" as a bool array of the given length."""
    shape = np.shape(below)
    if shape != (size,):
        raise ValueError(f"below must have one flag for each of the {size} measurements, not shape {shape}.")
    try:
        flags = check_vector(below, "below")
    except ValueError as error:
        raise ValueError(f"below must be True or False for every measurement. {error}") from error
    if not np.isin(flags, (0, 1)).all():
        where = np.flatnonzero(~np.isin(flags, (0, 1))).tolist()
        raise ValueError(f"below must be True or False for every measurement; it is not at positions {where}.")
    return np.asarray(flags == 1)


def require(values: Floats, holds: Flags, sentence: str) -> None:
    """Raise a ValueError with the sentence and the offending values unless the condition holds for all."""
    if not holds.all():
        raise ValueError(f"{sentence}: {values[~holds].tolist()}.")


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


def _between(time: Floats, value: Floats, day: float, *, log_down: bool) -> float:
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


def replace_below_quantification(
    values: ArrayLike, below: ArrayLike, lloq: ArrayLike, rule: BelowQuantification
) -> Floats:
    r"""Values with those below the lower limit of quantification (LLOQ) replaced by the planned rule.

    A value below becomes :math:`0`, :math:`L/2`, :math:`L` or missing, L being the limit.

    Parameters
    ----------
    values : array_like of float, shape (m,)
        Values, 0 or more; those below quantification may be NaN.
    below : array_like of bool, shape (m,)
        Whether each value is below quantification.
    lloq : float or array_like of float, shape (m,)
        Lower limit of quantification, above 0, in the unit of the values.
    rule : {"zero", "half", "lloq", "missing"}
        What a value below quantification becomes: 0, LLOQ / 2, LLOQ, or NaN.

    Returns
    -------
    ndarray of float, shape (m,)
        A new array; NaN only under the rule "missing".

    Raises
    ------
    ValueError
        If a value not below quantification is missing or under its limit, a value below quantification is at or
        above it, a value is negative or infinite, a limit is not above 0, or the lengths differ.
    """
    value = check_vector(values, "values")
    flags = check_flags(below, value.size)
    check_choice(rule, get_args(BelowQuantification), "rule")
    shape = np.shape(lloq)
    if shape not in {(), value.shape}:
        raise ValueError(f"lloq must be one number or one for each of the {value.size} values.")
    limits = check_vector(np.atleast_1d(lloq), "lloq")
    if not (np.isfinite(limits).all() and (limits > 0).all()):
        raise ValueError("lloq must be finite and above 0.")
    require(value[~flags], np.isfinite(value[~flags]), "a quantifiable value is missing or infinite")
    limit = np.broadcast_to(limits, value.shape)
    require(value, ~(value < 0), "a value is negative")
    require(value, flags | (value >= limit), "a value under its lloq is not marked as below quantification")
    require(value, ~flags | ~(value >= limit), "a value at or above its lloq is marked as below quantification")
    replacement = {"zero": 0 * limit, "half": limit / 2, "lloq": limit, "missing": np.full(value.shape, np.nan)}
    return np.where(flags, replacement[rule], value)
