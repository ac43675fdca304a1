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
    """Return whole days from `start` to `end` (same day is 0)."""
    return (end - start).dt.days.astype("float64")


def days_since_treatment(study_day: "pd.Series[float]") -> "pd.Series[float]":
    """Return days since first treatment from CDISC study days."""
    return study_day.where(study_day < 0, study_day - 1)


def study_day(days: "pd.Series[float]") -> "pd.Series[float]":
    """Return CDISC study days from days since first treatment (the inverse of `days_since_treatment`)."""
    return days.where(days < 0, days + 1)


def as_times_count(days: Days, origin_day: int) -> Days:
    """Return days since a start as times to event count them, where the start itself is `origin_day`."""
    return days + origin_day * (days >= 0)


def duration(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Return how many days an episode lasted, first and last day both counted."""
    return days_between(start, end) + 1
