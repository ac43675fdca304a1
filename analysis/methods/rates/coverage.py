"""The exact coverage probability of a binomial interval, by enumeration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

from analysis.methods.common.interval import check_counts, check_vector
from analysis.methods.rates.binomial_interval import BinomialMethod, binomial_interval

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Coverage:
    """Coverage of an interval at each true proportion.

    Attributes
    ----------
    p : ndarray of float, shape (m,)
        True proportions.
    coverage : ndarray of float, shape (m,)
        Probability that the interval holds p.
    mean_width : ndarray of float, shape (m,)
        Expected width of the interval.
    conf_level : float
        Nominal level.
    conf_type : str
        Method.
    """

    p: NDArray[np.float64]
    coverage: NDArray[np.float64]
    mean_width: NDArray[np.float64]
    conf_level: float
    conf_type: str


def coverage(n: int, p: ArrayLike, conf_level: float = 0.95, method: BinomialMethod = "clopper-pearson") -> Coverage:
    r"""Exact coverage of a binomial interval over a grid of true proportions.

    .. math:: C(p) = \sum_{x=0}^{n} \binom{n}{x} p^x (1-p)^{n-x} \; 1\{L(x) \le p \le U(x)\}

    (Brown, Cai and DasGupta [1]_). Nothing is simulated.

    Parameters
    ----------
    n : int
        Subjects, at least 1.
    p : array_like of float, shape (m,)
        True proportions in [0, 1], in any order; coverage jumps at every limit, so the grid should be fine.
    conf_level : float
        Nominal level in (0, 1).
    method : str
        As in ``binomial_interval``.

    Returns
    -------
    Coverage
        Coverage and expected width at each p.

    Raises
    ------
    ValueError
        If n is not a whole number of at least 1, a proportion is missing or outside [0, 1], the level is outside
        (0, 1), or the method has no such name.

    References
    ----------
    .. [1] Brown LD, Cai TT, DasGupta A. Interval estimation for a binomial proportion. Statistical Science
           2001;16:101-133.
    """
    _, n = check_counts(0, n)
    truth = check_vector(p, "p")
    if not ((truth >= 0) & (truth <= 1)).all():
        raise ValueError("p must hold probabilities between 0 and 1, none missing.")
    intervals = [binomial_interval(x, n, conf_level, method) for x in range(n + 1)]
    low = np.array([interval.conf_low for interval in intervals])
    high = np.array([interval.conf_high for interval in intervals])
    probability = binom.pmf(np.arange(n + 1), n, truth[:, None])
    # A limit is itself inside: 0.025 is the lower limit of 1/1 at 95%, and comes out some 1e-18 beside it.
    holds = (low <= truth[:, None] + _ROUNDING) & (truth[:, None] <= high + _ROUNDING)
    return Coverage(
        p=truth,
        coverage=(probability * holds).sum(axis=1),
        mean_width=probability @ (high - low),
        conf_level=conf_level,
        conf_type=method,
    )
