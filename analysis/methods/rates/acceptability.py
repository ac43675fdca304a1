"""Two exact intervals that invert two-sided tests: Blaker's, and the minimum-likelihood one.

Both tests add to the tail beyond x as much of the other tail as is no more extreme than x. As p rises towards x/n
the other tail grows by one count at certain jump points; between two jumps the p-value is the smooth
1 - P(k < X < x). The lower limit is therefore either a jump point or a root between two of them, never a grid search.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from scipy.special import betaincc, expit

from analysis.methods.common.interval import Interval, check_counts, check_level
from analysis.methods.rates.binomial_tail import at_least, at_most, crossing


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
    return _interval(x, n, conf_level, _blaker_pieces, "blaker")


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
    return _interval(x, n, conf_level, _likelihood_pieces, "minimum-likelihood")


_Pieces = Callable[[int, int, float], Iterator[tuple[int, float, float]]]
_MARGIN = 1e-6
"""More than the logarithm of a probability can be out by."""
_LIMITS = 4096
"""How many limits are kept: the interval of n - x asks again for both limits of the interval of x."""


def _interval(x: int, n: int, conf_level: float, pieces: _Pieces, conf_type: str) -> Interval:
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    low = _lower_limit(x, n, 1 - level, pieces)
    high = 1 - _lower_limit(n - x, n, 1 - level, pieces)
    return Interval(low, high, level, conf_type)


@lru_cache(maxsize=_LIMITS)
def _lower_limit(x: int, n: int, alpha: float, pieces: _Pieces) -> float:
    """Return the infimum of the p whose p-value exceeds alpha; it may be where the p-value jumps over alpha."""
    end = 0.0
    for k, start, end in pieces(x, n, alpha):
        # Within a piece the p-value falls and then rises, so it is highest at one of the two ends.
        if _excess(start, x, n, k, alpha) > 0:
            return start
        if _excess(end, x, n, k, alpha) > 0:
            return crossing(_excess, start, end, x, n, k, alpha)
    return end


def _excess(p: float, x: int, n: int, k: int, alpha: float) -> float:
    """Return the p-value P(X >= x) + P(X <= k), less alpha."""
    return at_least(x, n, p) + at_most(k, n, p) - alpha


def _blaker_pieces(x: int, n: int, alpha: float) -> Iterator[tuple[int, float, float]]:
    """Yield k and the stretch of p where the lower tail up to k has joined: it joins at P(X <= k) = P(X >= x)."""
    if x == 0:
        return
    # Below the Clopper–Pearson limit the p-value is at most alpha, so the walk starts there.
    start = crossing(lambda p: at_least(x, n, p) - alpha / 2, 0.0, 1.0)
    lower_tails = betaincc(np.arange(1, x + 1), n - np.arange(x), start)
    for k in range(int((lower_tails <= alpha / 2).sum()), x):
        end = crossing(_tail_difference, 0.0, 1.0, x, n, k)
        yield k - 1, start, end
        start = end


def _tail_difference(p: float, x: int, n: int, k: int) -> float:
    return at_least(x, n, p) - at_most(k, n, p)


def _likelihood_pieces(x: int, n: int, alpha: float) -> Iterator[tuple[int, float, float]]:
    """Yield k and the stretch of p where the lower tail up to k has joined: it joins at P(X = k) = P(X = x).

    The odds of p there are the geometric mean of j / (n - j + 1) over j = k + 1, ..., x. No p-value is more than
    (n + 1) P(X = x), which rises with p, so the walk starts where that comes to alpha.
    """
    if x == 0:
        return
    j = np.arange(x, 0, -1)
    factors = np.log(j / (n - j + 1))
    log_odds = (np.cumsum(factors) / np.arange(1, x + 1))[::-1]
    log_most = x * log_odds - n * np.logaddexp(0, log_odds) - factors.sum() + np.log(n + 1)
    first = min(int((log_most < np.log(alpha) - _MARGIN).sum()), x - 1)
    ends = expit(log_odds).tolist()
    yield from zip(range(first - 1, x - 1), [0.0, *ends][first:], ends[first:], strict=False)
