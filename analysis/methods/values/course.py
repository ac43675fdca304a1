"""One subject's course over time: checks, peak and time to peak, last quantifiable day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common.interval import check_vector


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
    """Last day with a quantifiable value.

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


def check_course(days: ArrayLike, values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return days and values as float arrays of one length; a value may be NaN, a day may not.

    Raises
    ------
    ValueError
        If there are no days, a day is missing, the lengths differ, or a value is negative or infinite.
    """
    time, value = check_days(days), check_vector(values, "values")
    if time.size != value.size:
        raise ValueError(f"days and values must be of one length, not {time.size} and {value.size}.")
    require(value, ~(value < 0) & ~np.isinf(value), "a value is negative or infinite")
    return time, value


def check_days(days: ArrayLike) -> NDArray[np.float64]:
    """Return days since first treatment as a float array.

    Raises
    ------
    ValueError
        If there are none, or one is missing or infinite.
    """
    time = check_vector(days, "days")
    if time.size == 0:
        raise ValueError("days is empty: a course needs at least one measurement.")
    require(time, np.isfinite(time), "a day is missing or infinite")
    return time


def check_flags(below: ArrayLike, size: int) -> NDArray[np.bool_]:
    """Return the marks "below quantification" as a bool array of the given length.

    Raises
    ------
    ValueError
        If there is not one True or False (or 1 or 0) for each measurement.
    """
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


def require(values: NDArray[np.float64], holds: NDArray[np.bool_], sentence: str) -> None:
    """Raise a ValueError with the sentence and the offending values unless the condition holds for all.

    Raises
    ------
    ValueError
        If the condition fails for any value.
    """
    if not holds.all():
        raise ValueError(f"{sentence}: {values[~holds].tolist()}.")
