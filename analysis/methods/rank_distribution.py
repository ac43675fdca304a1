"""The exact permutation distribution of a rank sum on midranks, ties included, by recursion."""

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.methods.interval import check_choice

TwoSided = Literal["absolute_deviation", "twice_smaller_tail", "point_probability"]
TWO_SIDED: tuple[TwoSided, ...] = get_args(TwoSided)
_LARGEST_INTEGER = 2**63 - 1
_LARGEST_FLOAT = 10**300
_SAME = 1e-9


@dataclass(frozen=True)
class RankDistribution:
    """Null distribution of W, the number of pairs with x > y (a tie counts one half), given the ties.

    Attributes
    ----------
    n1, n2 : int
        Sizes of the two groups.
    statistic : ndarray of float, shape (k,)
        The attainable values of W, ascending.
    probability : ndarray of float, shape (k,)
        Probability of each under all choose(n1 + n2, n1) equally likely allocations.
    """

    n1: int
    n2: int
    statistic: NDArray[np.float64]
    probability: NDArray[np.float64]

    def less(self, w: float) -> float:
        """Return P(W <= w)."""
        return _total(self.probability[self.statistic <= w + _SAME])

    def greater(self, w: float) -> float:
        """Return P(W >= w)."""
        return _total(self.probability[self.statistic >= w - _SAME])

    def two_sided(self, w: float, definition: TwoSided) -> float:
        """Return the two-sided p-value of w under a named definition (see ``rank_test``)."""
        if check_choice(definition, TWO_SIDED, "two_sided") == "twice_smaller_tail":
            return min(1.0, 2 * min(self.less(w), self.greater(w)))
        if definition == "absolute_deviation":
            # n1 n2 / 2 is the mean of W whatever the ties.
            centre = self.n1 * self.n2 / 2
            return _total(self.probability[np.abs(self.statistic - centre) >= abs(w - centre) - _SAME])
        observed = self.probability[np.abs(self.statistic - w) < _SAME].sum()
        return _total(self.probability[self.probability <= observed * (1 + _SAME)])

    def smallest_p(self, definition: TwoSided) -> float:
        """Return the smallest two-sided p-value that any allocation of these midranks could give."""
        if definition == "point_probability":
            return self.two_sided(float(self.statistic[np.argmin(self.probability)]), definition)
        return min(self.two_sided(float(w), definition) for w in self.statistic[[0, -1]])


def rank_distribution(pooled: NDArray[np.float64], n1: int) -> RankDistribution:
    r"""Exact null distribution of the Wilcoxon–Mann–Whitney statistic for the midranks of a pooled sample.

    Subset sums are counted by the shift recursion of Streitberg and Röhmel [1]_ over the N pooled scores
    :math:`a_i` (twice the midranks, which are whole numbers),

    .. math:: c_i(k, s) = c_{i-1}(k, s) + c_{i-1}(k - 1, s - a_i)

    so that :math:`P(\sum a = s) = c_N(n_1, s) / \binom{N}{n_1}`. The work grows as
    :math:`N \cdot n_1 \cdot \sum a_i`, not as the number of allocations.

    Parameters
    ----------
    pooled : ndarray of float, shape (n1 + n2,)
        Both groups' values, in any order.
    n1 : int
        Size of the first group.

    Returns
    -------
    RankDistribution
        The attainable values of W and their probabilities.

    Raises
    ------
    ValueError
        If the number of allocations exceeds 1e300 (about 500 in each group).

    References
    ----------
    .. [1] Streitberg B, Röhmel J. Exact distributions for permutation and rank tests: an introduction to some
           recently published algorithms. Statistical Software Newsletter 1986;12:10-17.
    """
    doubled = np.rint(2 * rankdata(pooled)).astype(np.int64)
    n2 = int(doubled.size) - n1
    # The smaller group's sum has the fewest terms; W of the other group is its complement.
    size = min(n1, n2)
    base = int(doubled.min())
    scores = np.sort(doubled - base)
    step = int(np.gcd.reduce(scores)) or 1
    counts = _subset_sums(scores // step, size)
    attainable = np.flatnonzero(counts)
    rank_sum = (attainable * step + size * base) / 2
    w = rank_sum - size * (size + 1) / 2
    probability = counts[attainable] / counts.sum()
    if size != n1:
        w, probability = (n1 * n2 - w)[::-1], probability[::-1]
    return RankDistribution(n1, n2, w, probability)


def _subset_sums(scores: NDArray[np.int64], size: int) -> NDArray[Any]:
    """Count the subsets of a given size by their sum; element s of the result belongs to sum s."""
    largest = int(scores[-size:].sum())
    allocations = math.comb(scores.size, size)
    if allocations > _LARGEST_FLOAT:
        raise ValueError(
            f"{size} and {scores.size - size} values are too many for the exact distribution: use normal_approximation."
        )
    # Whole numbers are exact; beyond 64 bits (about N = 66) floats keep 15 digits of every count.
    kind = np.int64 if allocations <= _LARGEST_INTEGER else np.float64
    counts: NDArray[Any] = np.zeros((size + 1, largest + 1), dtype=kind)
    counts[0, 0] = 1
    reach = np.cumsum(scores).tolist()
    for used, score in enumerate(scores.tolist(), start=1):
        # Only rows that can still grow to the full size, and sums reached so far, need the shift.
        fewest, most = max(1, size - (scores.size - used)), min(used, size)
        highest = min(largest, reach[used - 1])
        if score <= highest:
            counts[fewest : most + 1, score : highest + 1] += counts[fewest - 1 : most, : highest + 1 - score].copy()
    of_size: NDArray[Any] = counts[size]
    return of_size


def _total(probabilities: NDArray[np.float64]) -> float:
    return min(1.0, math.fsum(probabilities.tolist()))
