"""Do two quantities go together? Spearman's rho and Kendall's tau-b with the exact permutation test."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau, norm, rankdata, t

from analysis.methods.common.estimate import Estimate
from analysis.methods.common.interval import check_choice, check_level, check_vector
from analysis.methods.ranks.rank_correlation_distribution import (
    COEFFICIENTS,
    Coefficient,
    correlation_distribution,
    is_small,
    tie_sizes,
)

EXACT = "exact permutation distribution"
APPROXIMATE = {
    "spearman": "t distribution with n - 2 degrees of freedom",
    "kendall": "normal distribution with the variance corrected for ties",
}
FEWEST = 3
"""Fewest pairs of which a coefficient is given: of two, it is 1 or -1 whatever they are."""
_CONF_TYPE = "fisher z (bonett-wright), approximate"
_LOST = {"spearman": 3, "kendall": 4}
"""Pairs that the standard error on Fisher's scale takes off n."""


@dataclass(frozen=True)
class RankCorrelation:
    """A rank correlation with its interval and its test.

    Attributes
    ----------
    n : int
        Pairs.
    estimate : Estimate
        rho or tau-b, in [-1, 1], with its approximate interval; without a value, the reason.
    p_value : float or None
        Two-sided: P(|S| >= |s|) with S the numerator of the coefficient; None where there is no estimate.
    p_min_attainable : float or None
        Smallest exact p that any arrangement of these values gives; None where p is not exact.
    exact : bool
        Whether p is from the exact distribution.
    p_method : str
        Label to print beside p; empty where there is none.
    has_ties : bool
        Whether two values of a variable are equal.
    """

    n: int
    estimate: Estimate
    p_value: float | None
    p_min_attainable: float | None
    exact: bool
    p_method: str
    has_ties: bool


def rank_correlation(x: ArrayLike, y: ArrayLike, coefficient: Coefficient, conf_level: float = 0.95) -> RankCorrelation:
    r"""Rank correlation of pairs, with the exact permutation test given the ties of both variables.

    Spearman's rho is Pearson's correlation of the midranks, Kendall's tau-b [1]_ the difference of concordant and
    discordant pairs over the geometric mean of the pairs that are untied in x and in y,

    .. math:: \hat\rho = \frac{\sum a_i b_i}{\sqrt{\sum a_i^2 \sum b_i^2}}, \qquad
              \hat\tau_b = \frac{C - D}{\sqrt{(n_0 - n_x)(n_0 - n_y)}}

    with a and b the centred midranks, :math:`n_0 = n(n-1)/2` and :math:`n_x, n_y` the pairs tied in x and in y. Under
    independence every pairing of the y with the x is equally likely; the denominators do not change, so the test is on
    the numerator S, a whole number (of doubled ranks), whose mean is 0. The two-sided p-value is
    :math:`P(|S| \ge |s|)`. Where the distribution is too large to be computed (see ``is_small``; 14 pairs without
    ties are computed), p is approximated, and labelled so: for rho
    :math:`\hat\rho \sqrt{(n-2)/(1-\hat\rho^2)}` as t with n - 2 degrees of freedom, for tau-b S as normal with its
    variance given the ties [1]_ and no continuity correction.

    The interval is approximate: :math:`\tanh(\operatorname{artanh}\hat\rho \pm z\,\mathrm{se})` with
    :math:`\mathrm{se}^2 = (1 + \hat\rho^2/2)/(n-3)` for rho [2]_ and :math:`0.437/(n-4)` for tau-b [3]_ [2]_. It does
    not invert the test, so the two may disagree.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        The pairs, in any units; two values are tied only if they are equal.
    coefficient : {"spearman", "kendall"}
        Which coefficient.
    conf_level : float
        Confidence level in (0, 1).

    Returns
    -------
    RankCorrelation
        No estimate, with the reason, of fewer than three pairs or when a variable does not vary; no limits, with the
        reason, when the coefficient is 1 or -1 or there are too few pairs for the standard error.

    Raises
    ------
    ValueError
        If x and y differ in length, a value is missing or infinite, or an option is none.

    References
    ----------
    .. [1] Kendall MG, Gibbons JD. Rank Correlation Methods. 5th ed. Edward Arnold; 1990.
    .. [2] Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman correlations.
           Psychometrika 2000;65:23-28.
    .. [3] Fieller EC, Hartley HO, Pearson ES. Tests for rank correlation coefficients. I. Biometrika 1957;44:470-481.
    """
    first, second = _pairs(x, y)
    check_choice(coefficient, COEFFICIENTS, "coefficient")
    level = check_level(conf_level)
    n = int(first.size)
    ties = tie_sizes(first), tie_sizes(second)
    has_ties = any(len(sizes) < n for sizes in ties)
    reason = "fewer than 3 pairs" if n < FEWEST else "all values of one variable are equal"
    if n < FEWEST or any(len(sizes) == 1 for sizes in ties):
        nothing = Estimate(estimate=None, conf_level=level, conf_type=_CONF_TYPE, reason=reason)
        return RankCorrelation(n, nothing, None, None, False, "", has_ties)
    s, norm_squared = (_spearman if coefficient == "spearman" else _kendall)(first, second, ties)
    value = s / math.sqrt(norm_squared)
    estimate = _with_limits(value, n, coefficient, level)
    if is_small(coefficient, *ties):
        distribution = correlation_distribution(coefficient, *ties)
        p, least = float(distribution.two_sided(s)), float(distribution.smallest_p)
        return RankCorrelation(n, estimate, p, least, True, EXACT, has_ties)
    approximate = _t_test(value, n) if coefficient == "spearman" else _normal_test(first, second)
    return RankCorrelation(n, estimate, approximate, None, False, APPROXIMATE[coefficient], has_ties)


Floats = NDArray[np.float64]
Ties = tuple[tuple[int, ...], tuple[int, ...]]


def _pairs(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    first, second = check_vector(x, "x"), check_vector(y, "y")
    if first.size != second.size:
        raise ValueError(f"x and y are pairs: {first.size} values of x and {second.size} of y.")
    for name, values in (("x", first), ("y", second)):
        if not np.isfinite(values).all():
            where = np.flatnonzero(~np.isfinite(values)).tolist()
            raise ValueError(f"{name} has missing or infinite values at positions {where}: remove the pairs first.")
    return first, second


def _spearman(x: Floats, y: Floats, _: Ties) -> tuple[int, int]:
    """Return S and the square of its greatest possible size, of centred doubled midranks."""
    a, b = ([round(2 * rank) - (x.size + 1) for rank in rankdata(v).tolist()] for v in (x, y))
    return sum(v * w for v, w in zip(a, b, strict=True)), sum(v * v for v in a) * sum(w * w for w in b)


def _kendall(x: Floats, y: Floats, ties: Ties) -> tuple[int, int]:
    """Return concordant minus discordant pairs, and the product of the pairs untied in x and in y."""
    untied = [math.comb(x.size, 2) - sum(math.comb(t, 2) for t in sizes) for sizes in ties]
    product = untied[0] * untied[1]
    # scipy counts in n log n; its quotient times the denominator is a whole number again.
    tau = float(kendalltau(x, y, variant="b", method="asymptotic").statistic)
    return round(tau * math.sqrt(product)), product


def _with_limits(value: float, n: int, coefficient: Coefficient, level: float) -> Estimate:
    free = n - _LOST[coefficient]
    reason = None
    if abs(value) == 1:
        reason = "a coefficient of 1 or -1 has no standard error on Fisher's scale"
    elif free < 1:
        reason = f"fewer than {_LOST[coefficient] + 1} pairs"
    if reason is not None:
        return Estimate(
            estimate=value, conf_level=level, conf_type=_CONF_TYPE, conf_low_reason=reason, conf_high_reason=reason
        )
    spread = 1 + value * value / 2 if coefficient == "spearman" else 0.437
    reach = float(norm.isf((1 - level) / 2)) * math.sqrt(spread / free)
    centre = math.atanh(value)
    low, high = math.tanh(centre - reach), math.tanh(centre + reach)
    return Estimate(estimate=value, conf_low=low, conf_high=high, conf_level=level, conf_type=_CONF_TYPE)


def _t_test(rho: float, n: int) -> float:
    if abs(rho) == 1:
        return 0.0
    return float(2 * t.sf(abs(rho) * math.sqrt((n - 2) / (1 - rho * rho)), n - 2))


def _normal_test(x: Floats, y: Floats) -> float:
    return float(kendalltau(x, y, variant="b", method="asymptotic").pvalue)
