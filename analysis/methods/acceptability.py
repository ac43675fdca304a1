"""Two exact intervals that invert two-sided tests: Blaker's, and the minimum-likelihood one.

Both tests add to the tail beyond x as much of the other tail as is no more extreme than x. As p rises towards x/n
the other tail grows by one count at certain jump points; between two jumps the p-value is the smooth
1 - P(k < X < x). The lower limit is therefore either a jump point or a root between two of them, never a grid search.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc

from analysis.methods.interval import Interval, check_counts, check_level


def blaker(x: int, n: int, conf_level: float = 0.95) -> Interval:
    r"""Blaker's exact interval for a binomial proportion.

    The interval is the smallest one holding every p with acceptability above :math:`\alpha` [1]_,

    .. math:: \gamma(p) = t + \max\{\text{opposite tail probability} \le t\}, \qquad
              t = \min\{P_p(X \le x), P_p(X \ge x)\}

    It lies within the Clopper–Pearson interval at every level, and intervals of rising level nest.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).

    Returns
    -------
    Interval
        Limits as proportions, to machine precision (no step search).

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, or the level is outside (0, 1).

    References
    ----------
    .. [1] Blaker H. Confidence curves and improved exact confidence intervals for discrete distributions. Canadian
           Journal of Statistics 2000;28:783-798.
    """
    return _interval(x, n, conf_level, _blaker_jumps, "blaker")


def minimum_likelihood(x: int, n: int, conf_level: float = 0.95) -> Interval:
    r"""Minimum-likelihood (Sterne-type) exact interval: the one that matches R's two-sided ``binom.test``.

    The interval is the smallest one holding every p with

    .. math:: \sum_{j: P_p(X = j) \le P_p(X = x)} P_p(X = j) > \alpha

    (Sterne [1]_). Unlike Blaker's, it need not lie within the Clopper–Pearson interval.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).

    Returns
    -------
    Interval
        Limits as proportions.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, or the level is outside (0, 1).

    References
    ----------
    .. [1] Sterne TE. Some remarks on confidence or fiducial limits. Biometrika 1954;41:275-278.
    """
    return _interval(x, n, conf_level, _likelihood_jumps, "minimum-likelihood")


_Jumps = Callable[[int, int, float], Iterator[tuple[int, float]]]


def _interval(x: int, n: int, conf_level: float, jumps: _Jumps, conf_type: str) -> Interval:
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    alpha = 1 - level
    low = _lower_limit(x, n, alpha, jumps)
    high = 1 - _lower_limit(n - x, n, alpha, jumps)
    return Interval(low, high, level, conf_type)


def _lower_limit(x: int, n: int, alpha: float, jumps: _Jumps) -> float:
    """Return the smallest p whose p-value exceeds alpha (its infimum, where the p-value jumps over alpha)."""
    if x == 0:
        return 0.0
    p, k = 0.0, -1
    for next_k, next_p in jumps(x, n, alpha):
        # Within a piece the p-value falls and then rises, so it is highest at one of the two ends.
        if _p_value(p, x, n, k) > alpha:
            return p
        if _p_value(next_p, x, n, k) > alpha:
            return _root(lambda q, k=k: _p_value(q, x, n, k) - alpha, p, next_p)  # type: ignore[misc]
        p, k = next_p, next_k
    return p


def _p_value(p: float, x: int, n: int, k: int) -> float:
    """Return P(X >= x) + P(X <= k)."""
    return _at_least(x, n, p) + _at_most(k, n, p)


def _blaker_jumps(x: int, n: int, alpha: float) -> Iterator[tuple[int, float]]:
    """Yield k and the p at which P(X <= k) = P(X >= x): there the lower tail up to k joins."""

    def difference(p: float, k: int) -> float:
        return _at_least(x, n, p) - _at_most(k, n, p)

    # Below the Clopper–Pearson limit the p-value is at most alpha, so the walk starts at the jump above it.
    start = _root(lambda p: _at_least(x, n, p) - alpha / 2, 0.0, 1.0)
    joined = sum(1 for k in range(x) if difference(start, k) >= 0)
    for k in range(joined, x):
        yield k, _root(lambda p, k=k: difference(p, k), 0.0, 1.0)  # type: ignore[misc]


def _likelihood_jumps(x: int, n: int, _: float) -> Iterator[tuple[int, float]]:
    r"""Yield k and the p at which P(X = k) = P(X = x).

    The odds there are the geometric mean of j / (n - j + 1) over j = k + 1, ..., x.
    """
    j = np.arange(x, 0, -1)
    log_odds = np.cumsum(np.log(j / (n - j + 1))) / np.arange(1, x + 1)
    for k in range(x):
        yield k, 1 / (1 + math.exp(-float(log_odds[x - 1 - k])))


def _at_least(x: int, n: int, p: float) -> float:
    return 1.0 if x <= 0 else float(betainc(x, n - x + 1, p))


def _at_most(k: int, n: int, p: float) -> float:
    return 0.0 if k < 0 else _at_least(n - k, n, 1 - p)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(function, low, high, xtol=1e-300, rtol=1e-15, maxiter=1000))
