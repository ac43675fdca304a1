"""The exact Wilcoxon–Mann–Whitney test, and its normal approximation as a labelled alternative."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import mannwhitneyu, rankdata

from analysis.methods.common import Floats, check_bool, check_choice, check_sample
from analysis.methods.ranks.rank_distribution import TWO_SIDED, TwoSided, rank_distribution


@dataclass(frozen=True)
class RankTest:
    """Result of the exact Wilcoxon–Mann–Whitney test.

    Attributes
    ----------
    n1, n2 : int
        Sizes of the two groups.
    statistic : float
        W, the number of pairs with x > y plus half the tied pairs (R's W, the U of the first group).
    p_value : float
        Exact two-sided p-value under the definition named in ``two_sided``.
    p_less, p_greater : float
        Exact one-sided p-values: x tends to be smaller, x tends to be larger.
    p_min_attainable : float
        Smallest two-sided p-value any allocation of the same values could have given.
    has_ties : bool
        Whether any two values are equal.
    two_sided : str
        Definition of the two-sided p-value.
    """

    n1: int
    n2: int
    statistic: float
    p_value: float
    p_less: float
    p_greater: float
    p_min_attainable: float
    has_ties: bool
    two_sided: str


@dataclass(frozen=True)
class NormalApproximation:
    """Result of the normal approximation to the Wilcoxon–Mann–Whitney test.

    Attributes
    ----------
    n1, n2, statistic
        As in ``RankTest``.
    p_value, p_less, p_greater : float
        Approximate two-sided and one-sided p-values.
    continuity : bool
        Whether the statistic was moved by one half towards its mean.
    method : str
        Label to print beside the p-value.
    """

    n1: int
    n2: int
    statistic: float
    p_value: float
    p_less: float
    p_greater: float
    continuity: bool
    method: str


def rank_test(x: ArrayLike, y: ArrayLike, two_sided: TwoSided = "absolute_deviation") -> RankTest:
    r"""Exact Wilcoxon–Mann–Whitney test of two independent samples, ties included.

    The statistic is :math:`W = \sum_i R_i - n_1 (n_1 + 1) / 2` with :math:`R_i` the midranks of x in the pooled
    sample [1]_; its null distribution is the permutation distribution given the ties. With :math:`w` observed and
    mean :math:`n_1 n_2 / 2`, the two-sided p-value is one of

    - ``absolute_deviation``: :math:`P(|W - n_1 n_2/2| \ge |w - n_1 n_2/2|)`, as R's coin and SAS;
    - ``twice_smaller_tail``: :math:`\min(1, 2\min\{P(W \le w), P(W \ge w)\})`, as R's wilcox.test and scipy;
    - ``point_probability``: :math:`\sum P(W = v)` over the v with :math:`P(W = v) \le P(W = w)`.

    They coincide without ties (save the last) and may differ with them. Values are ranked as they were recorded: two
    are tied only if they are equal (the differences of `hodges_lehmann` are one within rounding noise). Up to about 33
    values a group allocations are counted; p of larger samples is rounded in its last digits (``rank_distribution``).

    Parameters
    ----------
    x, y : array_like of float, shapes (n1,) and (n2,)
        The two samples, in any common unit; one value a group is enough.
    two_sided : {"absolute_deviation", "twice_smaller_tail", "point_probability"}
        Definition of the two-sided p-value.

    Returns
    -------
    RankTest
        Statistic, exact p-values and the attainable minimum.

    Raises
    ------
    ValueError
        If a group is empty, a value is missing or infinite, or all values are equal.

    References
    ----------
    .. [1] Hollander M, Wolfe DA, Chicken E. Nonparametric Statistical Methods. 3rd ed. Wiley; 2014: section 4.1.
    """
    first, second = check_groups(x, y)
    check_choice(two_sided, TWO_SIDED, "two_sided")
    pooled = np.concatenate([first, second])
    # scipy's method="exact" ignores ties without a word; this distribution is conditional on them.
    distribution = rank_distribution(pooled, first.size)
    w = pairs_greater(first, second)
    return RankTest(
        n1=int(first.size),
        n2=int(second.size),
        statistic=w,
        p_value=float(distribution.two_sided(w, two_sided)),
        p_less=float(distribution.less(w)),
        p_greater=float(distribution.greater(w)),
        p_min_attainable=float(distribution.smallest_p(two_sided)),
        has_ties=bool(np.unique(pooled).size < pooled.size),
        two_sided=two_sided,
    )


def normal_approximation(x: ArrayLike, y: ArrayLike, continuity: bool) -> NormalApproximation:
    r"""Approximate the Wilcoxon–Mann–Whitney test by the normal distribution: an alternative, never the planned test.

    .. math:: z = \frac{W - n_1 n_2 / 2 \mp c}{\sqrt{\frac{n_1 n_2}{12}
              \left(N + 1 - \frac{\sum_j (t_j^3 - t_j)}{N (N - 1)}\right)}}

    with :math:`t_j` the sizes of the tied groups, N = n1 + n2 and c = 1/2 with the continuity correction,
    0 without [1]_.

    Parameters
    ----------
    x, y : array_like of float, shapes (n1,) and (n2,)
        The two samples.
    continuity : bool
        Whether to apply the continuity correction.

    Returns
    -------
    NormalApproximation
        Statistic and approximate p-values, labelled.

    Raises
    ------
    ValueError
        If a group is empty, a value is missing or infinite, all values are equal, or
        `continuity` is not True or False.

    References
    ----------
    .. [1] Lehmann EL. Nonparametrics: Statistical Methods Based on Ranks. Holden-Day; 1975: chapter 1.
    """
    first, second = check_groups(x, y)
    correct = check_bool(continuity, "continuity")
    p_value, p_less, p_greater = (
        float(mannwhitneyu(first, second, use_continuity=correct, alternative=alternative, method="asymptotic").pvalue)
        for alternative in ("two-sided", "less", "greater")
    )
    return NormalApproximation(
        n1=int(first.size),
        n2=int(second.size),
        statistic=pairs_greater(first, second),
        p_value=p_value,
        p_less=p_less,
        p_greater=p_greater,
        continuity=correct,
        method=f"normal approximation {'with' if correct else 'without'} continuity correction",
    )


def check_groups(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return two samples as float arrays."""
    first, second = check_sample(x, "x"), check_sample(y, "y")
    if (np.concatenate([first, second]) == first[0]).all():
        raise ValueError("all values of x and y are equal: their ranks cannot tell the groups apart.")
    return first, second


def pairs_greater(x: Floats, y: Floats) -> float:
    """Return W: the number of pairs with x > y, a tied pair counting one half."""
    midranks = rankdata(np.concatenate([x, y]))
    return float(midranks[: x.size].sum() - x.size * (x.size + 1) / 2)
