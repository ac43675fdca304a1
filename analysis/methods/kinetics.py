"""Kinetics of one subject's course: peak, last quantifiable day, values below quantification."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.interval import check_choice, check_vector

BelowQuantification = Literal["zero", "half", "lloq", "missing"]


@dataclass(frozen=True)
class Peak:
    """Highest value of a course and the day it was first reached; both None when no value was measured."""

    value: float | None
    day: float | None


def peak(days: ArrayLike, values: ArrayLike) -> Peak:
    """Peak of a course and the time to it: the first day among equal highest values.

    Parameters
    ----------
    days : array_like of float, shape (m,)
        Days since infusion, in any order.
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
    """Last day with a quantifiable value.

    Parameters
    ----------
    days : array_like of float, shape (m,)
        Days since infusion of the measurements made, in any order.
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
    time = _days(days)
    flags = _flags(below, time.size)
    return None if flags.all() else float(time[~flags].max())


def replace_below_quantification(
    values: ArrayLike, below: ArrayLike, lloq: ArrayLike, rule: BelowQuantification
) -> NDArray[np.float64]:
    """Values with those below the lower limit of quantification (LLOQ) replaced by the planned rule.

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
    flags = _flags(below, value.size)
    check_choice(rule, get_args(BelowQuantification), "rule")
    limits = np.asarray(lloq, dtype=np.float64)
    if limits.ndim > 1 or (limits.ndim == 1 and limits.size != value.size):
        raise ValueError(f"lloq must be one number or one for each of the {value.size} values.")
    if not (np.isfinite(limits).all() and (limits > 0).all()):
        raise ValueError("lloq must be finite and above 0.")
    _require(value[~flags], np.isfinite(value[~flags]), "a quantifiable value is missing or infinite")
    limit = np.broadcast_to(limits, value.shape)
    _require(value, ~(value < 0), "a value is negative")
    _require(value, flags | (value >= limit), "a value under its lloq is not marked as below quantification")
    _require(value, ~flags | ~(value >= limit), "a value at or above its lloq is marked as below quantification")
    replacement = {"zero": 0 * limit, "half": limit / 2, "lloq": limit, "missing": np.full(value.shape, np.nan)}
    return np.where(flags, replacement[rule], value)


def check_course(days: ArrayLike, values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return days and values as float arrays of one length; a value may be NaN, a day may not.

    Raises
    ------
    ValueError
        If there are no days, a day is missing, the lengths differ, or a value is negative or infinite.
    """
    time, value = _days(days), check_vector(values, "values")
    if time.size != value.size:
        raise ValueError(f"days and values must be of one length, not {time.size} and {value.size}.")
    _require(value, ~(value < 0) & ~np.isinf(value), "a value is negative or infinite")
    return time, value


def _days(days: ArrayLike) -> NDArray[np.float64]:
    time = check_vector(days, "days")
    if time.size == 0:
        raise ValueError("days is empty: a course needs at least one measurement.")
    _require(time, np.isfinite(time), "a day is missing or infinite")
    return time


def _flags(below: ArrayLike, size: int) -> NDArray[np.bool_]:
    flags = np.asarray(below)
    if flags.shape != (size,):
        raise ValueError(f"below must have one flag for each of the {size} measurements, not shape {flags.shape}.")
    if flags.size and flags.dtype != np.bool_:
        raise ValueError("below must be True or False for every measurement.")
    return flags.astype(np.bool_)


def _require(values: NDArray[np.float64], holds: NDArray[np.bool_], sentence: str) -> None:
    if not holds.all():
        raise ValueError(f"{sentence}: {values[~holds].tolist()}.")
