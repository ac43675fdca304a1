"""The exact permutation distribution of a rank sum on midranks, ties included: counted, or its transform inverted."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.methods.common.interval import check_choice
from analysis.methods.ranks.rank_inversion import Scores, can_be_inverted, distribution_of_sum, tail_of_sum

TwoSided = Literal["absolute_deviation", "twice_smaller_tail", "point_probability"]
TWO_SIDED: tuple[TwoSided, ...] = get_args(TwoSided)
_LARGEST_INTEGER = 2**63 - 1
_MOST_ADDED = 3e8
"""Most additions by which subsets are counted; beyond them the transform takes less time."""
_SAME = 1e-9
_FAR = 1e-4
"""Tails below this are computed at their own place, so that their digits are right and not only their decimals."""


@dataclass(frozen=True)
class RankDistribution:
    """Null distribution of W, the number of pairs with x > y (a tie counts one half), given the ties.

    Attributes
    ----------
    n1, n2 : int
        Sizes of the two groups.
    statistic : ndarray of float, shape (k,)
        The attainable values of W, ascending; of large samples those within some ten standard deviations.
    probability : ndarray of float, shape (k,)
        Probability of each under all choose(n1 + n2, n1) equally likely allocations.
    counts : ndarray of int, shape (k,), or None
        Number of allocations that give each; None where 64 bits do not hold it: probabilities are rounded.
    scores : Scores or None
        Of samples too large to count their allocations: what they are ranked by, for the far tails.
    """

    n1: int
    n2: int
    statistic: NDArray[np.float64]
    probability: NDArray[np.float64]
    counts: NDArray[Any] | None = None
    scores: Scores | None = None

    def less(self, w: float) -> Fraction | float:
        """Return P(W <= w): exact where allocations are counted."""
        found = self._total(self.statistic <= w + _SAME)
        return self._tail(w, -1) if self.scores is not None and found < _FAR else found

    def greater(self, w: float) -> Fraction | float:
        """Return P(W >= w): exact where allocations are counted."""
        found = self._total(self.statistic >= w - _SAME)
        return self._tail(w, 1) if self.scores is not None and found < _FAR else found

    def two_sided(self, w: float, definition: TwoSided) -> Fraction | float:
        """Return the two-sided p-value of w under a named definition (see ``rank_test``)."""
        if check_choice(definition, TWO_SIDED, "two_sided") == "twice_smaller_tail":
            smaller: Fraction | float = min(self.less(w), self.greater(w))
            return 2 * smaller if 2 * smaller < 1 else Fraction(1)
        if definition == "absolute_deviation":
            # n1 n2 / 2 is the mean of W whatever the ties.
            centre = self.n1 * self.n2 / 2
            far = abs(w - centre)
            return self.less(centre - far) + self.greater(centre + far) if far > _SAME else Fraction(1)
        if self.scores is not None:
            raise ValueError(f"{self.n1} and {self.n2} values are too many for {definition}: use absolute_deviation.")
        observed = self.probability[np.abs(self.statistic - w) < _SAME].sum()
        return self._total(self.probability <= observed * (1 + _SAME))

    def smallest_p(self, definition: TwoSided) -> Fraction | float:
        """Return the smallest two-sided p-value that any allocation of these midranks could give."""
        if definition == "point_probability":
            return self.two_sided(float(self.statistic[np.argmin(self.probability)]), definition)
        if self.scores is None:
            return min(self.two_sided(float(w), definition) for w in self.statistic[[0, -1]])
        # Of an end the allocations are known: all values beyond a tie are drawn, and some of the tie.
        below, above = self.scores.probability_of_end(-1), self.scores.probability_of_end(1)
        if definition == "twice_smaller_tail":
            return 2 * min(below, above)
        middle = sum(self.scores.ends) - self.n1 * (self.n1 + self.n2 + 1)
        return below + above if abs(middle) < _SAME else above if middle > 0 else below

    def _total(self, where: NDArray[np.bool_]) -> Fraction | float:
        if self.counts is not None:
            return Fraction(int(self.counts[where].sum()), math.comb(self.n1 + self.n2, self.n1))
        return min(1.0, float(self.probability[where].sum()))

    def _tail(self, w: float, side: Literal[-1, 1]) -> float:
        scores = self.scores
        assert scores is not None  # noqa: S101 - only large samples come here
        return tail_of_sum(scores, w + self.n1 * (self.n1 + 1) / 2, side)


def rank_distribution(pooled: NDArray[np.float64], n1: int, *, exact: bool = False) -> RankDistribution:
    r"""Exact null distribution of the Wilcoxon–Mann–Whitney statistic for the midranks of a pooled sample.

    Subset sums are counted by the shift recursion of Streitberg and Röhmel [1]_ over the N pooled scores
    :math:`a_i` (twice the midranks, which are whole numbers),

    .. math:: c_i(k, s) = c_{i-1}(k, s) + c_{i-1}(k - 1, s - a_i)

    so that :math:`P(\sum a = s) = c_N(n_1, s) / \binom{N}{n_1}`. The work grows as
    :math:`N \cdot n_1 \cdot \sum a_i`, not as the number of allocations. Counts are whole numbers up to 64 bits
    (33 in each group), beyond that floats with 15 digits of each count. From about 120 in each group on, the same
    distribution is had by inverting its generating function (``rank_inversion``): tail probabilities are then right to
    1e-12 of their value.

    Parameters
    ----------
    pooled : ndarray of float, shape (n1 + n2,)
        Both groups' values, in any order.
    n1 : int
        Size of the first group.
    exact : bool
        Count in whole numbers without limit: slow, where 64 bits do not hold them.

    Returns
    -------
    RankDistribution
        The attainable values of W and their probabilities.

    References
    ----------
    .. [1] Streitberg B, Röhmel J. Exact distributions for permutation and rank tests: an introduction to some
           recently published algorithms. Statistical Software Newsletter 1986;12:10-17.
    """
    midranks = rankdata(pooled)
    doubled = np.rint(2 * midranks).astype(np.int64)
    n2 = int(doubled.size) - n1
    # The smaller group's sum has the fewest terms; W of the other group is its complement.
    size = min(n1, n2)
    base = int(doubled.min())
    steps = np.sort(doubled - base)
    step = int(np.gcd.reduce(steps)) or 1
    steps //= step
    added = float(steps.size) * size * int(steps[-size:].sum())
    if not exact and added > _MOST_ADDED and can_be_inverted(size, steps.size):
        scores = Scores.of(midranks, n1)
        sums, probability = distribution_of_sum(scores)
        return RankDistribution(n1, n2, sums - n1 * (n1 + 1) / 2, probability, scores=scores)
    # Beyond 64 bits (about N = 66) floats keep 15 digits of every count.
    kind = np.int64 if math.comb(steps.size, size) <= _LARGEST_INTEGER else object if exact else np.float64
    counts = _subset_sums(steps, size, kind)
    attainable = np.flatnonzero(counts)
    w = (attainable * step + size * base) / 2 - size * (size + 1) / 2
    counts = counts[attainable]
    if size != n1:
        w, counts = (n1 * n2 - w)[::-1], counts[::-1]
    return RankDistribution(
        n1, n2, w, (counts / counts.sum()).astype(np.float64), None if kind is np.float64 else counts
    )


def _subset_sums(scores: NDArray[np.int64], size: int, kind: type) -> NDArray[Any]:
    """Count the subsets of a given size by their sum; element s of the result belongs to sum s."""
    largest = int(scores[-size:].sum())
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
