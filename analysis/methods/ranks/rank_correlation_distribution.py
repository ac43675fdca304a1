"""The exact permutation distribution of a rank correlation, ties included, by recursion over multisets."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Coefficient = Literal["spearman", "kendall"]
COEFFICIENTS: tuple[Coefficient, ...] = get_args(Coefficient)
MOST_STATES = 2**14
"""Most multisets that are visited: those of 14 pairs without ties, and of more pairs with ties."""
MOST_BITS = 2**29
"""Most bits that these may hold together, for many pairs with many ties."""

Sizes = tuple[int, ...]
"""Numbers of equal values, from the smallest value to the greatest; (1, 1, ...) without ties."""


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


def tie_sizes(values: NDArray[np.float64]) -> Sizes:
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
