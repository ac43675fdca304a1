"""Descriptive statistics of a continuous variable, and counts with a planned denominator."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common import Floats, check_choice, check_count, check_vector

_LARGEST_EXPONENT = 709.0


Quantile = Literal["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "sas1", "sas2", "sas3", "sas4", "sas5"]
_LARGEST = 1e150
_NumpyQuantile = Literal[
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
]
_NUMPY_QUANTILE: dict[Quantile, _NumpyQuantile] = {
    "r1": "inverted_cdf",
    "r2": "averaged_inverted_cdf",
    "r3": "closest_observation",
    "r4": "interpolated_inverted_cdf",
    "r5": "hazen",
    "r6": "weibull",
    "r7": "linear",
    "r8": "median_unbiased",
    "r9": "normal_unbiased",
    "sas1": "interpolated_inverted_cdf",
    "sas2": "closest_observation",
    "sas3": "inverted_cdf",
    "sas4": "weibull",
    "sas5": "averaged_inverted_cdf",
}


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


def geometric_mean(values: Floats) -> float:
    """Return the geometric mean of values above 0, shape (n,), n at least 1; of equal values it is that value."""
    smallest, largest = float(values.min()), float(values.max())
    return smallest if smallest == largest else float(np.exp(np.log(values).mean()))


@dataclass(frozen=True)
class Description:
    """Descriptive statistics of one variable; None where a statistic cannot be estimated.

    Attributes
    ----------
    n, n_missing : int
        Subjects with and without a value.
    mean, median, q1, q3, minimum, maximum : float or None
        In the unit of the data; None when no value is present.
    sd : float or None
        Standard deviation with divisor n - 1; None when n < 2.
    geometric_mean : float or None
        None when no value is present or any value is zero or negative.
    quantile : str
        Definition of the median and quartiles.
    """

    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    geometric_mean: float | None
    quantile: str


@dataclass(frozen=True)
class Count:
    """A count with its planned denominator.

    Attributes
    ----------
    n : int
        Subjects with the characteristic.
    N : int
        Planned denominator.
    percent : float or None
        100 n / N; None when N is 0.
    """

    n: int
    N: int
    percent: float | None


def describe(values: ArrayLike, quantile: Quantile = "r7") -> Description:
    r"""Describe a continuous variable.

    .. math:: \bar x = \frac1n \sum x_i, \qquad s^2 = \frac{1}{n-1} \sum (x_i - \bar x)^2, \qquad
              g = \exp\left(\frac1n \sum \ln x_i\right)

    Parameters
    ----------
    values : array_like of float, shape (m,)
        One value a subject; NaN or None is missing and is counted, not used.
    quantile : {"r1", ..., "r9", "sas1", ..., "sas5"}
        Sample quantile definition of the quartiles: type 1 to 9 of Hyndman and Fan [1]_ as in R's ``quantile``
        ("r7" is R's default), or PCTLDEF 1 to 5 of SAS ("sas5" is SAS's default and equals "r2"). The median
        follows the same definition.

    Returns
    -------
    Description
        The statistics, None where one cannot be estimated.

    Raises
    ------
    ValueError
        If there are no subjects at all, a value is infinite, above 1e150 in absolute value or not a
        number, or the quantile has no such name.

    References
    ----------
    .. [1] Hyndman RJ, Fan Y. Sample quantiles in statistical packages. The American Statistician 1996;50:361-365.
    """
    everyone = check_vector(values, "values")
    check_choice(quantile, get_args(Quantile), "quantile")
    if everyone.size == 0:
        raise ValueError("values is empty: there are no subjects to describe.")
    if np.isinf(everyone).any():
        raise ValueError(f"values has infinite values at positions {np.flatnonzero(np.isinf(everyone)).tolist()}.")
    if (np.abs(everyone) > _LARGEST).any():
        where = np.flatnonzero(np.abs(everyone) > _LARGEST).tolist()
        raise ValueError(f"values are too large to be squared, at positions {where}: use a larger unit.")
    present = everyone[~np.isnan(everyone)]
    n_missing = int(everyone.size - present.size)
    if present.size == 0:
        return Description(0, n_missing, None, None, None, None, None, None, None, None, quantile)
    q1, median, q3 = _quartiles(present, quantile)
    # The mean of equal values may be a rounding error off them, and their standard deviation off 0.
    constant = bool((present == present[0]).all())
    return Description(
        n=int(present.size),
        n_missing=n_missing,
        mean=float(present[0] if constant else present.mean()),
        sd=float(0 if constant else present.std(ddof=1)) if present.size > 1 else None,
        median=median,
        q1=q1,
        q3=q3,
        minimum=float(present.min()),
        maximum=float(present.max()),
        geometric_mean=geometric_mean(present) if (present > 0).all() else None,
        quantile=quantile,
    )


def count(n: int, denominator: int) -> Count:
    r"""Count with percent of a planned denominator, :math:`100\, n / N`.

    Parameters
    ----------
    n, denominator : int
        Subjects with the characteristic, and the subjects the plan counts it among.

    Returns
    -------
    Count
        n, N and the percent; the percent of an empty denominator is None.

    Raises
    ------
    ValueError
        If either is not a whole number of 0 or more, or n exceeds the denominator.
    """
    subjects, total = check_count(n, "n"), check_count(denominator, "denominator")
    if subjects > total:
        raise ValueError(f"n must not exceed the denominator: {subjects} subjects of {total}.")
    return Count(subjects, total, 100 * subjects / total if total else None)


def _quartiles(values: Floats, quantile: Quantile) -> tuple[float, float, float]:
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75], method=_NUMPY_QUANTILE[quantile])
    return float(q1), float(median), float(q3)
