r"""The exact permutation distribution of a rank sum on midranks, ties included: counted, or its transform inverted.

Of samples too large to count allocations, the generating function of how many are drawn (K) and the sum of what they
score (S) is a product over the values,

.. math:: \sum_{k,s} P(K = k, S = s) z^k q^s = \prod_j (1 - p_j + p_j z q^{a_j})^{t_j}

with :math:`t_j` values of score :math:`a_j`, each drawn with probability :math:`p_j`. Where the odds of :math:`p_j`
are :math:`\exp(\lambda + \beta a_j)`, the conditional distribution of S given K = n is the permutation distribution
times :math:`\exp(\beta s)`: with :math:`\beta = 0` the distribution itself, else its tail, raised above the rounding
[1]_. On the unit circle the product is evaluated where it is not negligible, and transformed back.

References
----------
.. [1] Daniels HE. Tail probability approximations. International Statistical Review 1987;55:37-48 (tilting).
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.optimize import brentq
from scipy.special import expit, gammaln
from scipy.stats import rankdata

from analysis.methods.common import Flags, Floats, Ints, check_choice

_NEGLIGIBLE = 50.0
"""What is below exp(-50) is left out: millions of such terms make less than 1e-14."""
_PART = 24
"""Factors multiplied before points that have become negligible are dropped."""
_POINTS = 100_000
"""Points evaluated at once."""
_LEAST_VARIANCE = 80.0
"""Of the number drawn: with less, hardly a point is negligible."""
_FEW = 320
"""Values of which every point may be evaluated, once, for a far tail."""
_SAME_STEP = 1e-6
_TINY = 5e-324


TwoSided = Literal["absolute_deviation", "twice_smaller_tail", "point_probability"]
TWO_SIDED: tuple[TwoSided, ...] = get_args(TwoSided)
_LARGEST_INTEGER = 2**63 - 1
_MOST_ADDED = 3e8
"""Most additions by which subsets are counted; beyond them the transform takes less time."""
_SAME = 1e-9
_FAR = 1e-4
"""Tails below this are computed at their own place, so that their digits are right and not only their decimals."""


@dataclass(frozen=True)
class Scores:
    """Midranks of a pooled sample, of which n are drawn.

    Attributes
    ----------
    steps : ndarray of float, shape (k,)
        The distinct midranks from 0, in their largest unit.
    sizes : ndarray of float, shape (k,)
        How many values have each.
    unit, least : float
        ``least + unit * step`` is a midrank.
    n : int
        How many are drawn.
    """

    steps: Floats
    sizes: Floats
    unit: float
    least: float
    n: int

    @classmethod
    def of(cls, midranks: Floats, n: int) -> Self:
        """Return the scores of a pooled sample."""
        values, sizes = np.unique(midranks, return_counts=True)
        doubled = np.rint(2 * (values - values[0])).astype(np.int64)
        unit = int(np.gcd.reduce(doubled)) or 1
        return cls((doubled // unit).astype(np.float64), sizes.astype(np.float64), unit / 2, float(values[0]), n)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest sum of midranks."""
        every = np.repeat(self.steps, self.sizes.astype(np.int64))
        return self.sum_of(float(every[: self.n].sum())), self.sum_of(float(every[-self.n :].sum()))

    def sum_of(self, steps: float) -> float:
        """Return the sum of midranks that a sum of steps stands for."""
        return self.n * self.least + self.unit * steps

    def probability_of_end(self, side: Literal[-1, 1]) -> float:
        """Return the probability of the least or the greatest sum, no less than the smallest positive float."""
        left, found = self.n, 0.0
        for size in (self.sizes if side < 0 else self.sizes[::-1]).astype(np.int64).tolist():
            if left <= size:
                found = _log_choose(size, left)
                break
            left -= size
        return math.exp(max(found - _log_choose(int(self.sizes.sum()), self.n), math.log(_TINY)))


def distribution_of_sum(scores: Scores) -> tuple[Floats, Floats]:
    """Return sums of midranks about their mean, ascending, and the probability of each, right to 1e-14.

    Sums further out have less than 1e-20 together.
    """
    sums, joint = _joint(scores, 0.0)
    joint = np.maximum(joint, 0)
    return scores.n * scores.least + scores.unit * sums, joint / joint.sum()


def tail_of_sum(scores: Scores, at: float, side: Literal[-1, 1]) -> float:
    """Return P(S <= at) for side -1, P(S >= at) for side 1, `at` being any sum of midranks.

    Right in its digits to 1e-20 at least (of 1,000 v 1,000 values to 1e-100), and to about 1e-11 of its value where it
    is small; further out, near complete separation, some orders of magnitude too large. The smallest positive float
    where it is smaller still.
    """
    end = scores.ends[side > 0]
    if side * (at - end) > _SAME_STEP * scores.unit:
        return 0.0
    edge = scores.probability_of_end(side)
    if side * (end - at) < _SAME_STEP * scores.unit:
        return edge
    wanted = (at - scores.n * scores.least) / scores.unit
    tilt = _tilt_towards(scores, wanted)
    sums, joint = _joint(scores, tilt)
    beyond = side * (sums - wanted) > -_SAME_STEP
    # The product of 1 + odds over all values takes the tilt off again.
    log_odds, shift = _log_odds(scores, tilt)
    constant = float(scores.sizes @ np.logaddexp(0, log_odds)) - _log_choose(int(scores.sizes.sum()), scores.n)
    logs = constant - scores.n * shift - tilt * (sums[beyond] - scores.n * _centre(scores))
    found = math.fsum((np.exp(np.clip(logs, -745, 700)) * np.maximum(joint[beyond], 0)).tolist())
    return min(1.0, max(found, edge))


def can_be_inverted(n: int, total: int) -> bool:
    """Return whether most of the circle is negligible, so that inverting the transform is quick."""
    return n * (total - n) > _NEGLIGIBLE * total


def _joint(scores: Scores, tilt: float) -> tuple[Floats, Floats]:
    """Return whole sums of steps about their mean under a tilt, and P(K = n, S = s) of each."""
    drawn = expit(_log_odds(scores, tilt)[0])
    spread = scores.sizes * drawn * (1 - drawn)
    off = scores.steps - _centre(scores)
    total = float(scores.sizes.sum())
    # So many points that what falls on another's place is negligible (Hoeffding's and Bernstein's inequalities).
    wide = _reach(float(scores.sizes @ off**2), float(spread @ off**2), float(np.abs(off).max()))
    points = next_fast_len(math.ceil(2 * wide) + 2, real=True)
    circle = min(int(total) + 1, math.ceil(_reach(total, float(spread.sum()), 1.0)) + 1)
    place = np.rint(scores.steps).astype(np.int64)
    bound = np.fft.rfft(np.bincount(place % points, weights=spread, minlength=points)).conj()
    kept = np.flatnonzero(spread.sum() - np.abs(bound) <= _NEGLIGIBLE)
    angles = 2 * math.pi * np.arange(circle) / circle
    transform = np.zeros(points // 2 + 1, dtype=np.complex128)
    for some in np.array_split(kept, max(1, kept.size * circle // _POINTS)):
        least = np.abs(bound[some])[:, None] * np.cos(angles + np.angle(bound[some])[:, None])
        row, column = np.nonzero(spread.sum() - least <= _NEGLIGIBLE)
        terms = _product(place, scores.sizes, drawn, (some[row], points), angles[column])
        terms *= np.exp(-1j * angles[column] * scores.n)
        transform[some] = np.bincount(row, terms.real, some.size) + 1j * np.bincount(row, terms.imag, some.size)
    start = math.floor(float((scores.sizes * drawn) @ scores.steps)) - points // 2
    turned = 2 * math.pi * ((np.arange(transform.size) * start) % points) / points
    joint = np.fft.irfft((transform * np.exp(-1j * turned)).conj(), points) / circle
    return start + np.arange(points, dtype=np.float64), joint


def _reach(squares: float, variance: float, largest: float) -> float:
    """Return how far a sum of independent terms lies from its mean with probability exp(-50) at most."""
    third = largest * _NEGLIGIBLE / 3
    return min(math.sqrt(_NEGLIGIBLE / 2 * squares), third + math.sqrt(third**2 + 2 * _NEGLIGIBLE * variance))


def _product(
    place: Ints,
    sizes: Floats,
    drawn: Floats,
    of_sum: tuple[Ints, int],
    of_number: Floats,
) -> NDArray[np.complex128]:
    """Return the product over the values at points on the unit circle, 0 where it is negligible."""
    turn, points = of_sum
    found = np.zeros(turn.size, dtype=np.complex128)
    open_ = np.arange(turn.size)
    running = np.ones(turn.size, dtype=np.complex128)
    # Neighbouring ranks turn alike: taken far apart, they show early what is negligible.
    order = np.argsort(np.arange(place.size) * 0.6180339887498949 % 1)
    for start in range(0, place.size, _PART):
        for j in order[start : start + _PART]:
            angle = of_number[open_] + 2 * math.pi / points * (turn[open_] * place[j] % points)
            factor = 1 - drawn[j] + drawn[j] * np.exp(1j * angle)
            running *= factor if sizes[j] == 1 else factor ** sizes[j]
        left = np.abs(running) > math.exp(-_NEGLIGIBLE)
        open_, running = open_[left], running[left]
    found[open_] = running
    return found


def _log_odds(scores: Scores, tilt: float) -> tuple[Floats, float]:
    """Return the logarithm of the odds of each score so that n are drawn on average, and its constant part."""
    total = float(scores.sizes.sum())
    tilted = tilt * (scores.steps - _centre(scores))
    even = math.log(scores.n / (total - scores.n))
    if tilt == 0:
        return tilted + even, even
    far = float(np.abs(tilted).max())
    shift = float(brentq(lambda c: scores.sizes @ expit(tilted + c) - scores.n, even - far - 1, even + far + 1))
    return tilted + shift, shift


def _tilt_towards(scores: Scores, wanted: float) -> float:
    """Return the tilt under which the mean is a sum, or the largest under which the number drawn still varies."""
    mean = scores.n * _centre(scores)
    side = 1.0 if wanted > mean else -1.0
    least = _LEAST_VARIANCE if scores.sizes.sum() > _FEW else _LEAST_VARIANCE / 6

    def short(tilt: float) -> bool:
        drawn = expit(_log_odds(scores, side * tilt)[0])
        short_of_it = side * (wanted - float((scores.sizes * drawn) @ scores.steps)) > 0
        return short_of_it and float(scores.sizes @ (drawn * (1 - drawn))) > least

    low, high = 0.0, 1e-3 / float(scores.steps[-1])
    while short(high):
        low, high = high, 2 * high
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return side * low


def _centre(scores: Scores) -> float:
    return float(scores.sizes @ scores.steps / scores.sizes.sum())


def _log_choose(total: int, n: int) -> float:
    return float(gammaln(total + 1) - gammaln(n + 1) - gammaln(total - n + 1))


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
    statistic: Floats
    probability: Floats
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

    def _total(self, where: Flags) -> Fraction | float:
        if self.counts is not None:
            return Fraction(int(self.counts[where].sum()), math.comb(self.n1 + self.n2, self.n1))
        return min(1.0, float(self.probability[where].sum()))

    def _tail(self, w: float, side: Literal[-1, 1]) -> float:
        scores = self.scores
        assert scores is not None  # noqa: S101 - only large samples come here
        return tail_of_sum(scores, w + self.n1 * (self.n1 + 1) / 2, side)


def rank_distribution(pooled: Floats, n1: int, *, exact: bool = False) -> RankDistribution:
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


def _subset_sums(scores: Ints, size: int, kind: type) -> NDArray[Any]:
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
