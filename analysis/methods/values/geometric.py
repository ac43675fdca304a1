"""Geometric mean and geometric coefficient of variation of a group."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common.interval import check_vector

_LARGEST_EXPONENT = 709.0


@dataclass(frozen=True)
class Geometric:
    """Geometric mean and coefficient of variation of a group.

    Attributes
    ----------
    n, n_missing : int
        Subjects with and without a value.
    mean : float or None
        Geometric mean, in the unit of the data.
    cv_percent : float or None
        Geometric coefficient of variation, in percent; None with fewer than two values, or where it
        overflows.
    reason : str or None
        Why a statistic is None.
    """

    n: int
    n_missing: int
    mean: float | None
    cv_percent: float | None
    reason: str | None


def geometric_cv(values: ArrayLike) -> Geometric:
    r"""Geometric mean and geometric coefficient of variation of a group.

    .. math:: g = \exp(\bar y), \qquad \mathrm{CV\%} = 100 \sqrt{\exp(s_y^2) - 1}, \qquad y_i = \ln x_i

    with :math:`s_y` the standard deviation of the logarithms, divisor n - 1 [1]_.

    Parameters
    ----------
    values : array_like of float, shape (m,)
        One value a subject; NaN is missing and is counted, not used.

    Returns
    -------
    Geometric
        Both statistics, None with the reason where a value is not above 0 or too few are present.

    Raises
    ------
    ValueError
        If there are no subjects at all, or a value is infinite or not a number.

    References
    ----------
    .. [1] Kirkwood TBL. Geometric means and measures of dispersion. Biometrics 1979;35:908-909.
    """
    everyone = check_vector(values, "values")
    if everyone.size == 0 or np.isinf(everyone).any():
        raise ValueError("values must hold at least one subject and no infinite value.")
    present = everyone[~np.isnan(everyone)]
    n, n_missing = int(present.size), int(everyone.size - present.size)
    if n == 0:
        return Geometric(0, n_missing, None, None, "no value is present")
    if (present <= 0).any():
        return Geometric(n, n_missing, None, None, "a value is zero or negative and has no logarithm")
    logs = np.log(present)
    mean = geometric_mean(present)
    if n == 1:
        return Geometric(1, n_missing, mean, None, "one value has no variation")
    # The logarithms of equal values have a mean that rounding may move off them.
    variance = 0.0 if (present == present[0]).all() else float(logs.var(ddof=1))
    if variance > _LARGEST_EXPONENT:
        return Geometric(n, n_missing, mean, None, "the coefficient of variation is larger than a computer can hold")
    return Geometric(n, n_missing, mean, 100 * math.sqrt(math.expm1(variance)), None)


def geometric_mean(values: NDArray[np.float64]) -> float:
    """Return the geometric mean of values above 0, shape (n,), n at least 1; of equal values it is that value."""
    smallest, largest = float(values.min()), float(values.max())
    return smallest if smallest == largest else float(np.exp(np.log(values).mean()))
