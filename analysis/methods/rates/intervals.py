"""Intervals for a proportion beside Clopper and Pearson's, any of them by the plan's name, and their exact coverage."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import proportion_confint

from analysis.methods.common import (
    Floats,
    Interval,
    Sides,
    check_bool,
    check_choice,
    check_counts,
    check_level,
    check_vector,
)
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import at_least, at_most, blaker, crossing, minimum_likelihood

BinomialMethod = Literal[
    "clopper-pearson", "mid-p", "blaker", "minimum-likelihood", "wilson", "jeffreys", "agresti-coull"
]
BINOMIAL_METHODS: tuple[BinomialMethod, ...] = get_args(BinomialMethod)
_ROUNDING = 1e-12


def wilson(x: int, n: int, conf_level: float = 0.95, *, continuity: bool = False) -> Interval:
    r"""Wilson score interval for a binomial proportion.

    .. math:: \frac{\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p)/n + z^2/4n^2}}{1 + z^2/n}

    the solutions of the score equation [1]_; with the continuity correction, Newcombe's method 4 [2]_.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).
    continuity : bool
        Whether to apply the continuity correction. R's ``prop.test(correct=TRUE)`` applies none at x = n/2; this does.

    Returns
    -------
    Interval
        Limits as proportions; exactly 0 at x = 0 and exactly 1 at x = n.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, the level is outside (0, 1), or `continuity` is not True or
        False.

    References
    ----------
    .. [1] Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the American
           Statistical Association 1927;22:209-212.
    .. [2] Newcombe RG. Two-sided confidence intervals for the single proportion: comparison of seven methods.
           Statistics in Medicine 1998;17:857-872.
    """
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    if check_bool(continuity, "continuity"):
        limits = binomtest(x, n).proportion_ci(level, method="wilsoncc")
        return _with_exact_edges((limits.low, limits.high), x, n, level, "wilson, continuity corrected")
    return _with_exact_edges(proportion_confint(x, n, alpha=1 - level, method="wilson"), x, n, level, "wilson")


def jeffreys(x: int, n: int, conf_level: float = 0.95, *, boundary_rule: bool = True) -> Interval:
    r"""Jeffreys interval: equal-tailed posterior interval under the prior Beta(1/2, 1/2).

    .. math:: p_L = B(\alpha/2;\; x + \tfrac12,\; n - x + \tfrac12), \qquad
              p_U = B(1 - \alpha/2;\; x + \tfrac12,\; n - x + \tfrac12)

    with the boundary rule of Brown, Cai and DasGupta [1]_: the lower limit is 0 at x = 0, the upper 1 at x = n.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Level in (0, 1).
    boundary_rule : bool
        Whether to apply the boundary rule; without it the limits are plain posterior quantiles.

    Returns
    -------
    Interval
        Limits as proportions.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, the level is outside (0, 1), or `boundary_rule` is not True or
        False.

    References
    ----------
    .. [1] Brown LD, Cai TT, DasGupta A. Interval estimation for a binomial proportion. Statistical Science
           2001;16:101-133.
    """
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    limits = proportion_confint(x, n, alpha=1 - level, method="jeffreys")
    if check_bool(boundary_rule, "boundary_rule"):
        # statsmodels has no boundary rule: at x = 0 its interval would leave out the estimate.
        return _with_exact_edges(limits, x, n, level, "jeffreys")
    return Interval(float(limits[0]), float(limits[1]), level, "jeffreys, no boundary rule")


def agresti_coull(x: int, n: int, conf_level: float = 0.95) -> Interval:
    r"""Agresti–Coull interval, limited to [0, 1].

    .. math:: \tilde p \pm z \sqrt{\tilde p (1 - \tilde p) / \tilde n}, \qquad
              \tilde n = n + z^2, \quad \tilde p = (x + z^2/2) / \tilde n

    (Agresti and Coull [1]_); a limit outside [0, 1] is replaced by 0 or 1.

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
    .. [1] Agresti A, Coull BA. Approximate is better than "exact" for interval estimation of binomial proportions.
           The American Statistician 1998;52:119-126.
    """
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    low, high = proportion_confint(x, n, alpha=1 - level, method="agresti_coull")
    return Interval(float(low), float(high), level, "agresti-coull")


def mid_p(x: int, n: int, conf_level: float = 0.95, sides: Sides = "two-sided") -> Interval:
    r"""Mid-P interval: Clopper–Pearson's tails with half the probability of the observed count.

    The limits solve

    .. math:: P_{p_L}(X > x) + \tfrac12 P_{p_L}(X = x) = \alpha_L, \qquad
              P_{p_U}(X < x) + \tfrac12 P_{p_U}(X = x) = \alpha_U

    with :math:`\alpha_L = \alpha_U = \alpha/2` when two-sided (Lancaster [1]_, Berry and Armitage [2]_). Where an
    equation has no solution the limit is 0 or 1.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).
    sides : {"two-sided", "lower", "upper"}
        As in ``clopper_pearson``.

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
    .. [1] Lancaster HO. Significance tests in discrete distributions. Journal of the American Statistical
           Association 1961;56:223-234.
    .. [2] Berry G, Armitage P. Mid-P confidence intervals: a brief review. The Statistician 1995;44:417-423.
    """
    x, n = check_counts(x, n)
    level = check_level(conf_level)
    check_choice(sides, ("two-sided", "lower", "upper"), "sides")
    alpha = (1 - level) / 2 if sides == "two-sided" else 1 - level
    low, high = 0.0, 1.0
    if sides != "upper":
        low = _crossing_or_edge(lambda p: (at_least(x, n, p) + at_least(x + 1, n, p)) / 2 - alpha)
    if sides != "lower":
        high = _crossing_or_edge(lambda p: alpha - (at_most(x, n, p) + at_most(x - 1, n, p)) / 2)
    return Interval(low, high, level, "mid-p" if sides == "two-sided" else f"mid-p, one-sided {sides}")


def _crossing_or_edge(rising: Callable[[float], float]) -> float:
    if rising(0.0) >= 0:
        return 0.0
    return 1.0 if rising(1.0) <= 0 else crossing(rising, 0.0, 1.0)


def _with_exact_edges(limits: tuple[float, float], x: int, n: int, level: float, conf_type: str) -> Interval:
    # Rounding may leave 1e-17 where the limit is 0, or a digit below 1 where it is 1.
    low, high = limits
    return Interval(0.0 if x == 0 else float(low), 1.0 if x == n else float(high), level, conf_type)


def binomial_interval(x: int, n: int, conf_level: float = 0.95, method: BinomialMethod = "clopper-pearson") -> Interval:
    """Two-sided confidence interval for a binomial proportion by the named method.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    conf_level : float
        Confidence level in (0, 1).
    method : str
        "clopper-pearson", "mid-p", "blaker", "minimum-likelihood", "wilson", "jeffreys" or "agresti-coull"; formula
        and reference are with the function of that name, as `clopper_pearson`.

    Returns
    -------
    Interval
        Limits as proportions, labelled with the method.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, the level is outside (0, 1), or the method has no such name.
    """
    functions: dict[BinomialMethod, Callable[[int, int, float], Interval]] = {
        "clopper-pearson": clopper_pearson,
        "mid-p": mid_p,
        "blaker": blaker,
        "minimum-likelihood": minimum_likelihood,
        "wilson": wilson,
        "jeffreys": jeffreys,
        "agresti-coull": agresti_coull,
    }
    return functions[check_choice(method, BINOMIAL_METHODS, "method")](x, n, conf_level)


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

    p: Floats
    coverage: Floats
    mean_width: Floats
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
