"""Which times to event are legitimate, and which of them are the same instant."""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common import Flags, Floats, check_sample, check_vector

_Scalar = TypeVar("_Scalar", bound=np.generic)

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
"""Probabilities, and times relative to their mean, closer than this are equal (as in R's survival)."""


def check_times(time: ArrayLike, name: str = "time") -> Floats:
    """Return times since origin as floats, shape (n,), n at least 1, all finite and not negative."""
    times = check_sample(time, name)
    if (times < 0).any():
        where = np.flatnonzero(times < 0).tolist()
        raise ValueError(f"{name} is negative at positions {where}: count time from the origin, which is 0.")
    return times


def check_flags(flag: ArrayLike, size: int, name: str = "event") -> Flags:
    """Return a 0/1 or False/True indicator as booleans, shape (size,)."""
    values = check_vector(flag, name)
    if values.size != size:
        raise ValueError(f"{name} has {values.size} values where {size} are needed: one a subject.")
    if not np.isin(values, (0, 1)).all():
        where = np.flatnonzero(~np.isin(values, (0, 1))).tolist()
        raise ValueError(f"{name} must be 1 (event) or 0 (censored); it is not at positions {where}.")
    return np.asarray(values == 1)


def check_survival(time: ArrayLike, event: ArrayLike) -> tuple[Floats, Flags]:
    """Return times with float noise between ties removed, and event flags, both of shape (n,)."""
    times = check_times(time)
    return merge_ties(times), check_flags(event, times.size)


def tie_tolerance(time: Floats) -> float:
    """Return the largest gap between two times that are the same instant: sqrt(eps) max(1, mean time)."""
    return TOLERANCE * max(1.0, float(np.abs(np.unique(time)).mean()))


def same_instant(time: float) -> float:
    """Return how far from an asked time an observed one may be and still be that time: 64 units in the last place.

    Narrower than the tolerance for ties between observed times, as R reads a curve at exactly the asked time.
    """
    return 64 * float(np.spacing(time))


def merge_ties(time: Floats) -> Floats:
    """Return times where those equal up to float noise are made equal to the earliest of them.

    Days divided by 30.4375, or 0.1 + 0.2 beside 0.3, are ties to a reader and not to a computer. The rule is
    that of R's ``aeqSurv`` (the ``timefix`` argument of ``survfit``) [1]_.

    References
    ----------
    .. [1] Therneau TM. A Package for Survival Analysis in R, vignette "Roundoff error and tied times".
    """
    distinct = np.unique(time)
    starts = np.concatenate(([True], np.diff(distinct) > tie_tolerance(distinct)))
    earliest = distinct[starts]
    merged: Floats = earliest[np.searchsorted(earliest, time, side="right") - 1]
    return merged


def read_only(values: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a copy of an array that cannot be written to."""
    copy = values.copy()
    copy.setflags(write=False)
    return copy
