"""The one place where days are counted.

CDISC study day (``ADY``): the day of first treatment is day 1, the day before is day −1, there is no day 0.
Days since first treatment: the date minus that of the first treatment, which is on day 0.
Windows in the plan are in these days.
"""

from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = TypeVar("Days", float, NDArray[np.float64], "pd.Series[float]")


def days_between(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Return whole days from `start` to `end` (same day is 0).

    Parameters
    ----------
    start, end : Series of datetime64
        Dates, aligned by position.

    Returns
    -------
    Series of float
        Days; missing where either date is missing.
    """
    return (end - start).dt.days.astype("float64")


def days_since_treatment(study_day: "pd.Series[float]") -> "pd.Series[float]":
    """Return days since first treatment from CDISC study days.

    Parameters
    ----------
    study_day : Series of float
        ``ADY``: 1 is the day of first treatment, −1 the day before.

    Returns
    -------
    Series of float
        ``ADY − 1`` from first treatment on, ``ADY`` before it.
    """
    return study_day.where(study_day < 0, study_day - 1)


def study_day(days: "pd.Series[float]") -> "pd.Series[float]":
    """Return CDISC study days from days since first treatment (the inverse of `days_since_treatment`).

    Parameters
    ----------
    days : Series of float
        Days since first treatment: 0 is the day of first treatment.

    Returns
    -------
    Series of float
        ``days + 1`` from first treatment on, ``days`` before it.
    """
    return days.where(days < 0, days + 1)


def as_times_count(days: Days, origin_day: int) -> Days:
    """Return days since a start as times to event count them, where the start itself is `origin_day`.

    Parameters
    ----------
    days : float, array or Series of float
        Days since the start: 0 is the day of the start.
    origin_day : int
        What the plan's times to event count on the start date: 0, or 1 where AVAL = ADT − STARTDT + 1.

    Returns
    -------
    float, array or Series of float
        ``days + origin_day`` from the start on, ``days`` before it: with 1 there is no day 0. Missing stays missing.
    """
    return days + origin_day * (days >= 0)


def duration(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Return how many days an episode lasted, first and last day both counted.

    Parameters
    ----------
    start, end : Series of datetime64
        First and last day of the episode.

    Returns
    -------
    Series of float
        ``end − start + 1``.
    """
    return days_between(start, end) + 1
