"""Exact inference on a proportion: tail probabilities, tests, and the intervals that invert two-sided tests.

Blaker's test and the minimum-likelihood one add to the tail beyond x as much of the other tail as is no more extreme
than x. As p rises towards x/n the other tail grows by one count at certain jump points; between two jumps the p-value
is the smooth 1 - P(k < X < x). The lower limit is therefore either a jump point or a root between two of them, never a
grid search.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaincc, expit
from scipy.stats import binomtest

from analysis.methods.common import Interval, check_choice, check_counts, check_level, check_probability

TestDefinition = Literal["central", "minimum-likelihood", "blaker", "mid-p"]
_TIE = 1 + 1e-7
_Pieces = Callable[[int, int, float], Iterator[tuple[int, float, float]]]
_MARGIN = 1e-6
"""More than the logarithm of a probability can be out by."""
_LIMITS = 4096
"""How many limits are kept: the interval of n - x asks again for both limits of the interval of x."""


def at_least(x: int, n: int, p: float) -> float:
    """Return P(X >= x) for n subjects with probability p; any whole x is allowed."""
    if x <= 0:
        return 1.0
    return 0.0 if x > n else float(betainc(x, n - x + 1, p))


def at_most(x: int, n: int, p: float) -> float:
    """Return P(X <= x) for n subjects with probability p; any whole x is allowed."""
    if x >= n:
        return 1.0
    return 0.0 if x < 0 else float(betaincc(x + 1, n - x, p))


def crossing(function: Callable[..., float], low: float, high: float, *args: float) -> float:
    """Return the root of ``function(p, *args)`` between low and high, to machine precision even near 0."""
    return float(brentq(function, low, high, args=args, xtol=1e-300, rtol=1e-15, maxiter=1000))


@dataclass(frozen=True)
class ExactTest:
    """Exact test of a binomial proportion.

    Attributes
    ----------
    x, n : int
        Events and subjects.
    p0 : float
        Proportion under the null hypothesis.
    p_value : float
        Two-sided p-value under ``definition``.
    p_less, p_greater : float
        One-sided p-values, against a true proportion below p0 and above p0; mid-P under "mid-p".
    definition : str
        Definition of the two-sided p-value.
    """

    x: int
    n: int
    p0: float
    p_value: float
    p_less: float
    p_greater: float
    definition: str


def exact_test(x: int, n: int, p0: float, definition: TestDefinition = "central") -> ExactTest:
    r"""Exact test of a proportion against p0, two-sided by a named definition.

    With X binomial (n, p0), :math:`F = P(X \le x)` and :math:`G = P(X \ge x)`:

    - ``central``: :math:`\min(1, 2 \min(F, G))`, the test the Clopper–Pearson interval inverts;
    - ``minimum-likelihood``: :math:`\sum P(X = j)` over the j with :math:`P(X = j) \le P(X = x)`, the test of R's
      ``binom.test`` [1]_, inverted by ``minimum_likelihood``;
    - ``blaker``: :math:`t = \min(F, G)` plus the largest opposite tail probability not above t [2]_, inverted by
      ``blaker``;
    - ``mid-p``: as central, with half of :math:`P(X = x)` in each tail, inverted by ``mid_p``.

    A test and an interval of the same definition never contradict each other; of different definitions they may.
    Probabilities that agree to 1e-7 count as equal, as in R.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    p0 : float
        Null proportion in [0, 1].
    definition : {"central", "minimum-likelihood", "blaker", "mid-p"}
        Definition of the two-sided p-value.

    Returns
    -------
    ExactTest
        Two-sided and one-sided p-values.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, p0 is outside [0, 1], or the definition has no such name.

    References
    ----------
    .. [1] Hirji KF. Exact Analysis of Discrete Data. Chapman and Hall/CRC; 2006: chapter 3.
    .. [2] Blaker H. Confidence curves and improved exact confidence intervals for discrete distributions. Canadian
           Journal of Statistics 2000;28:783-798.
    """
    x, n = check_counts(x, n)
    p0 = check_probability(p0, "p0")
    check_choice(definition, get_args(TestDefinition), "definition")
    less, greater = at_most(x, n, p0), at_least(x, n, p0)
    if definition == "mid-p":
        less, greater = (less + at_most(x - 1, n, p0)) / 2, (greater + at_least(x + 1, n, p0)) / 2
    if definition == "minimum-likelihood":
        p_value = float(binomtest(x, n, p0).pvalue)
    elif definition == "blaker":
        p_value = _acceptability(n, p0, less, greater)
    else:
        p_value = 2 * min(less, greater)
    return ExactTest(x, n, p0, min(1.0, p_value), less, greater, definition)


def _acceptability(n: int, p0: float, less: float, greater: float) -> float:
    tail = min(less, greater)
    k = np.arange(n)
    # The tails of the other side: P(X <= k) for k below n, or P(X >= k) for k above 0.
    opposite = betaincc(k + 1, n - k, p0) if greater <= less else betainc(k + 1, n - k, p0)
    return tail + float(opposite[opposite <= tail * _TIE].max(initial=0.0))


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
