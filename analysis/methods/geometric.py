"""Geometric mean and geometric coefficient of variation of a group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.interval import check_vector


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
        Geometric coefficient of variation, in percent; None with fewer than two values.
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
    mean = float(np.exp(logs.mean()))
    if n == 1:
        return Geometric(1, n_missing, mean, None, "one value has no variation")
    return Geometric(n, n_missing, mean, float(100 * np.sqrt(np.expm1(logs.var(ddof=1)))), None)
