"""Intervals for a proportion beside the planned one: Wilson, Jeffreys, Agresti–Coull and mid-P."""

from collections.abc import Callable

from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from analysis.methods.common.interval import Interval, Sides, check_bool, check_choice, check_counts, check_level
from analysis.methods.rates.binomial_tail import at_least, at_most, crossing


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
    low = 0.0 if sides == "upper" else _mid_p_lower(x, n, alpha)
    high = 1.0 if sides == "lower" else _mid_p_upper(x, n, alpha)
    return Interval(low, high, level, "mid-p" if sides == "two-sided" else f"mid-p, one-sided {sides}")


def _mid_p_lower(x: int, n: int, alpha: float) -> float:
    def excess(p: float) -> float:
        return (at_least(x, n, p) + at_least(x + 1, n, p)) / 2 - alpha

    return _crossing_or_edge(excess)


def _mid_p_upper(x: int, n: int, alpha: float) -> float:
    def excess(p: float) -> float:
        return alpha - (at_most(x, n, p) + at_most(x - 1, n, p)) / 2

    return _crossing_or_edge(excess)


def _crossing_or_edge(rising: Callable[[float], float]) -> float:
    if rising(0.0) >= 0:
        return 0.0
    return 1.0 if rising(1.0) <= 0 else crossing(rising, 0.0, 1.0)


def _with_exact_edges(limits: tuple[float, float], x: int, n: int, level: float, conf_type: str) -> Interval:
    # Rounding may leave 1e-17 where the limit is 0, or a digit below 1 where it is 1.
    low, high = limits
    return Interval(0.0 if x == 0 else float(low), 1.0 if x == n else float(high), level, conf_type)
