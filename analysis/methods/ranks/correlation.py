"""Do two quantities go together? Spearman's rho and Kendall's tau-b with the exact permutation test, ties included."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kendalltau, norm, rankdata, t

from analysis.methods.common import Estimate, Floats, check_choice, check_level, check_vector

Coefficient = Literal["spearman", "kendall"]
COEFFICIENTS: tuple[Coefficient, ...] = get_args(Coefficient)
MOST_STATES = 2**14
"""Most multisets that are visited: those of 14 pairs without ties, and of more pairs with ties."""
MOST_BITS = 2**29
"""Most bits that these may hold together, for many pairs with many ties."""

Sizes = tuple[int, ...]
"""Numbers of equal values, from the smallest value to the greatest; (1, 1, ...) without ties."""


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
Ties = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class CorrelationDistribution:
    """Null distribution of S, the numerator of a rank correlation, given the ties of both variables.

    Attributes
    ----------
    counts : mapping of int to int
        Number of the equally likely arrangements that give each value of S.
    """

    counts: Mapping[int, int]

    @property
    def arrangements(self) -> int:
        """How many arrangements there are."""
        return sum(self.counts.values())

    def two_sided(self, s: int) -> Fraction:
        """Return P(|S| >= |s|); the mean of S is 0 whatever the ties."""
        return Fraction(sum(n for v, n in self.counts.items() if abs(v) >= abs(s)), self.arrangements)

    @property
    def smallest_p(self) -> Fraction:
        """Smallest two-sided p that any arrangement of these values gives."""
        return self.two_sided(max(map(abs, self.counts)))


def tie_sizes(values: Floats) -> Sizes:
    """Return how often each value occurs, from the smallest value to the greatest."""
    return tuple(np.unique(values, return_counts=True)[1].tolist())


def centred_ranks(sizes: Sizes) -> tuple[int, ...]:
    """Return twice the midrank of each value minus twice the mean rank: whole numbers that sum to 0 over all pairs."""
    ends = np.cumsum(sizes).tolist()
    return tuple(2 * end - size - ends[-1] for end, size in zip(ends, sizes, strict=True))


def is_small(coefficient: Coefficient, x: Sizes, y: Sizes) -> bool:
    """Return whether the exact distribution is computed: it needs no more than `MOST_STATES` and `MOST_BITS`."""
    walked, left = _sides(x, y)
    states = _states(left)
    if states > MOST_STATES:
        return False
    exponents = _Gains(coefficient, walked, left).greatest + 1
    return states * exponents * _arrangements(walked).bit_length() <= MOST_BITS


@lru_cache(maxsize=64)
def correlation_distribution(coefficient: Coefficient, x: Sizes, y: Sizes) -> CorrelationDistribution:
    r"""Exact null distribution of S when one variable is permuted against the other in every way.

    For Spearman :math:`S = \sum_i a_i b_i` with a and b the centred doubled midranks; for Kendall S is the number of
    concordant minus that of discordant pairs. Both depend on the values through the sizes of their ties alone. One
    variable is walked through from its smallest to its greatest value; the state is the multiset of values of the other
    that are left, and :math:`f(\text{left})` the generating function of what has been gained,

    .. math:: f(L) = \sum_{C} \prod_j \binom{L_j + C_j}{C_j}\, q^{\text{gain}(C, L)} f(L + C)

    over the multisets C that the tied values of a step can take (Laplace's expansion of the permanent that van de Wiel
    and Di Bucchianico [1]_ use, with equal columns taken together). A generating function is held as one whole number,
    its value at a power of two beyond every count: nothing is rounded.

    Parameters
    ----------
    coefficient : {"spearman", "kendall"}
        Which S.
    x, y : tuple of int
        Sizes of the ties of each variable, from the smallest value to the greatest; each sums to the number of pairs.

    Returns
    -------
    CorrelationDistribution
        Every attainable S with its number of arrangements.

    Raises
    ------
    ValueError
        If it would need more than `MOST_STATES` or `MOST_BITS`.

    References
    ----------
    .. [1] van de Wiel MA, Di Bucchianico A. Fast computation of the exact null distribution of Spearman's rho and
           Page's L statistic for samples with and without ties. J Stat Plan Inference 2001;92:133-145.
    """
    if not is_small(coefficient, x, y):
        raise ValueError(f"{sum(x)} pairs with these ties are too many for the exact distribution.")
    walked, left = _sides(x, y)
    width = _arrangements(walked).bit_length()
    gains = _Gains(coefficient, walked, left)
    states: dict[Sizes, int] = {left: 1}
    for step, size in enumerate(walked):
        after: defaultdict[Sizes, int] = defaultdict(int)
        for before, gained in states.items():
            for chosen, ways in _choices(before, size):
                rest = tuple(b - c for b, c in zip(before, chosen, strict=True))
                after[rest] += ways * gained << width * gains.of(step, chosen, rest)
        states = after
    (total,) = states.values()
    return CorrelationDistribution(dict(_digits(total, width, gains)))


def _sides(x: Sizes, y: Sizes) -> tuple[Sizes, Sizes]:
    """Return the variable that is walked through and the one whose multisets make the states: that with fewer."""
    return (x, y) if _states(y) <= _states(x) else (y, x)


def _states(sizes: Sizes) -> int:
    return math.prod(t + 1 for t in sizes)


def _arrangements(sizes: Sizes) -> int:
    return math.factorial(sum(sizes)) // math.prod(map(math.factorial, sizes))


class _Gains:
    """What a step adds to the exponent, in whole units from 0, and how an exponent is turned back into S."""

    def __init__(self, coefficient: Coefficient, walked: Sizes, left: Sizes) -> None:
        self.kendall = coefficient == "kendall"
        a, b = centred_ranks(walked), centred_ranks(left)
        self.a = [v - a[0] for v in a]
        self.b = [v - b[0] for v in b]
        if self.kendall:
            # S is at most, and the exponent counted from, the number of pairs of steps.
            self.unit = 2 if max(left) == 1 else 1
            self.lowest = math.comb(sum(walked), 2) - sum(math.comb(t, 2) for t in walked)
            self.greatest = 2 * self.lowest // self.unit
        else:
            self.unit = (math.gcd(*self.a) or 1) * (math.gcd(*self.b) or 1)
            self.lowest = sum(walked) * a[0] * b[0]
            first, second = (np.repeat(v, t).tolist() for v, t in ((self.a, walked), (self.b, left)))
            self.greatest = sum(v * w for v, w in zip(first, second, strict=True)) // self.unit

    def of(self, step: int, chosen: Sizes, rest: Sizes) -> int:
        """Return what is gained when a step takes some of the values and leaves the rest."""
        if not self.kendall:
            return self.a[step] * sum(c * b for c, b in zip(chosen, self.b, strict=True)) // self.unit
        gained, above = 0, sum(rest)
        for c, r in zip(chosen, rest, strict=True):
            above -= r
            # A pair counts 2 when concordant, 1 when tied, 0 when discordant.
            gained += c * (2 * above + r)
        return gained // self.unit

    def statistic(self, exponent: int) -> int:
        """Return S of an exponent."""
        return exponent * self.unit - self.lowest


def _choices(sizes: Sizes, size: int) -> Iterator[tuple[Sizes, int]]:
    """Yield every multiset of a size within the sizes, with the number of ways to draw it from labelled values."""
    if size == 1:
        for j, t in enumerate(sizes):
            if t:
                yield (*(0,) * j, 1, *(0,) * (len(sizes) - j - 1)), t
        return
    if len(sizes) == 1:
        if size <= sizes[0]:
            yield (size,), math.comb(sizes[0], size)
        return
    first, *others = sizes
    for c in range(max(0, size - sum(others)), min(first, size) + 1):
        for chosen, ways in _choices(tuple(others), size - c):
            yield (c, *chosen), ways * math.comb(first, c)


def _digits(total: int, width: int, gains: _Gains) -> Iterator[tuple[int, int]]:
    """Yield S and its count from the generating function at a power of two."""
    mask = (1 << width) - 1
    exponent = 0
    while total:
        if count := total & mask:
            yield gains.statistic(exponent), count
        total >>= width
        exponent += 1


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
