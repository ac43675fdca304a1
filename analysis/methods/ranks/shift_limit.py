"""Where the exact rank test stops rejecting a shift, found without computing the test at every shift.

The p-value of a shift changes at each difference x - y. A shift that makes values tie has another permutation
distribution than its neighbours, so p need not rise from each to the next (by point probability it falls and rises
again), and nothing is taken for granted: a bisection looks for the place, and each shift it passes over is ruled out by
an upper bound of its p. Only where the bound says nothing is p computed.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.methods.ranks.rank_distribution import RankDistribution, TwoSided, rank_distribution

Floats = NDArray[np.float64]
_SLACK = 2e-9
"""More than the tolerance with which sums of ranks are compared."""
_ROUNDED = 1 + 1e-11
_NOISE = 1e-13
"""More than the rounding of a sum of probabilities, of its value and at all."""
_DOUBT = 1e-11
"""A rounded p this close to alpha may equal it."""
_MOST_COUNTED = 10**7
"""Most counts kept at once to tell."""


@dataclass(frozen=True)
class Ranked:
    """The pooled sample at one shift, as the rank test sees it.

    Attributes
    ----------
    tied : ndarray of float, shape (n1 + n2,)
        The pooled values, those closer than rounding noise made equal.
    scores : ndarray of float, shape (n1 + n2,)
        Their midranks, ascending.
    w : float
        The Wilcoxon–Mann–Whitney statistic.
    """

    tied: Floats
    scores: Floats
    w: float


@dataclass
class Shifts:
    """Two samples and the shifts at which p may change: before, at and after each of their differences.

    Attributes
    ----------
    x, y : ndarray of float
        The samples.
    places : ndarray of float, shape (k,)
        The shifts, ascending.
    noise : float
        Values that differ by less are equal.
    two_sided : str
        Definition of the p-value.
    """

    x: Floats
    y: Floats
    places: Floats
    noise: float
    two_sided: TwoSided
    _ranked: dict[int, Ranked] = field(default_factory=dict)
    _distributions: dict[bytes, RankDistribution] = field(default_factory=dict)
    _found: dict[int, Fraction | float] = field(default_factory=dict)

    def ranked(self, at: int) -> Ranked:
        """Return the pooled sample at a shift."""
        if at not in self._ranked:
            n1 = self.x.size
            pooled = np.concatenate([self.x - self.places[at], self.y])
            order = np.argsort(pooled, kind="stable")
            tied = np.empty(pooled.size)
            tied[order] = np.cumsum(np.diff(pooled[order], prepend=-math.inf) > self.noise / 4)
            midranks = rankdata(tied)
            w = float(midranks[:n1].sum() - n1 * (n1 + 1) / 2)
            self._ranked[at] = Ranked(tied, np.sort(midranks), w)
        return self._ranked[at]

    def distribution(self, at: int) -> RankDistribution:
        """Return the permutation distribution at a shift; shifts that tie alike share it."""
        ranked = self.ranked(at)
        pattern = ranked.scores.tobytes()
        if pattern not in self._distributions:
            self._distributions[pattern] = rank_distribution(ranked.tied, self.x.size)
        return self._distributions[pattern]

    def p_value(self, at: int) -> Fraction | float:
        """Return the exact two-sided p-value at a shift."""
        if at not in self._found:
            self._found[at] = self.distribution(at).two_sided(self.ranked(at).w, self.two_sided)
        return self._found[at]

    def exceeds(self, at: int, alpha: Fraction) -> bool:
        """Return whether p exceeds a level: a p that was rounded, and may equal it, is counted."""
        p, ranked, size = self.p_value(at), self.ranked(at), min(self.x.size, self.y.size)
        few = size**2 * np.ptp(ranked.scores) < _MOST_COUNTED
        if isinstance(p, float) and abs(p - alpha) < _DOUBT and few:
            p = rank_distribution(ranked.tied, self.x.size, exact=True).two_sided(ranked.w, self.two_sided)
        return p > alpha

    def first_ceilings(self) -> Floats:
        r"""Return an upper bound of p at every shift, by the distribution without ties.

        Midranks are the mean of the ranks over all ways to break the ties, so W lies within
        :math:`\sum_g \lfloor t_g^2/4 \rfloor / 2` of a W without ties, :math:`t_g` being how many values each
        tie joins. Where c pairs of x - d and y tie, no more than c/2 is added to what ties within the samples make.
        """
        n1, n2 = self.x.size, self.y.size
        if self.two_sided == "point_probability":
            return np.ones(self.places.size)
        differences = np.sort(np.subtract.outer(self.x, self.y).ravel())
        # Four times the noise on either side: too many pairs taken for tied only widen the bound.
        below = np.searchsorted(differences, self.places - 4 * self.noise, side="left")
        not_above = np.searchsorted(differences, self.places + 4 * self.noise, side="right")
        pairs = (not_above - below).astype(np.float64)
        w = n1 * n2 - (below + not_above) / 2
        within = _spread_of_ties(self.x, self.noise) + _spread_of_ties(self.y, self.noise)
        reference = rank_distribution(np.arange(n1 + n2, dtype=np.float64), n1)
        return _ceilings(reference, w, within + pairs, self.two_sided)

    def tighten(self, ceilings: Floats, open_: NDArray[np.intp], at: int) -> None:
        """Lower the bounds at some shifts by the distribution at another: W moves no more than ranks do."""
        if self.two_sided == "point_probability" or open_.size == 0:
            return
        moved = np.sort(np.array([self.ranked(int(i)).scores for i in open_]) - self.ranked(at).scores, axis=1)
        n1 = self.x.size
        distance = np.maximum(moved[:, -n1:].sum(axis=1), -moved[:, :n1].sum(axis=1))
        w = np.array([self.ranked(int(i)).w for i in open_])
        found = _ceilings(self.distribution(at), w, distance, self.two_sided)
        ceilings[open_] = np.minimum(ceilings[open_], found)


def first_not_rejected(shifts: Shifts, alpha: Fraction) -> tuple[int | None, Fraction | float]:
    """Return the first shift whose p exceeds alpha, and the largest p of a shift that lies outside the interval.

    Parameters
    ----------
    shifts : Shifts
        Places 0, 2, 4 … lie before, between and after the differences, places 1, 3, 5 … on them.
    alpha : Fraction
        1 minus the confidence level.

    Returns
    -------
    (int or None, float)
        Index of the place, None when every shift is rejected. A place between two differences belongs to an interval
        that begins on the difference before it, which is then not outside.
    """
    ceilings = shifts.first_ceilings()
    count = ceilings.size
    first = count
    done = np.zeros(count, dtype=bool)
    while (open_ := np.flatnonzero(~done[:first] & (ceilings[:first] > float(alpha)))).size:
        at = int(open_[open_.size // 2])
        done[at] = True
        if shifts.exceeds(at, alpha):
            first = at
        else:
            shifts.tighten(ceilings, open_[open_ != at], at)
    outside = np.arange(first)
    if first < count and first % 2 == 0:
        outside = outside[:-1]
    largest: Fraction | float = max([shifts.p_value(int(i)) for i in outside[done[outside]]], default=0.0)
    while (open_ := outside[~done[outside] & (ceilings[outside] > float(largest))]).size:
        at = int(open_[np.argmax(ceilings[open_])])
        done[at] = True
        largest = max(largest, shifts.p_value(at))
        near = open_[(open_ != at) & (ceilings[open_] > float(largest))]
        shifts.tighten(ceilings, near[np.argsort(np.abs(near - at), kind="stable")][:200], at)
    return (first if first < count else None), largest


def _ceilings(reference: RankDistribution, w: Floats, distance: Floats, two_sided: TwoSided) -> Floats:
    """Return the bound of p where W lies within a distance of the W that a distribution is of."""
    far = distance + _SLACK
    if two_sided == "twice_smaller_tail":
        below = np.concatenate([[0.0], np.cumsum(reference.probability)])
        above = np.concatenate([np.cumsum(reference.probability[::-1])[::-1], [0.0]])
        less = below[np.searchsorted(reference.statistic, w + far, side="right")]
        greater = above[np.searchsorted(reference.statistic, w - far, side="left")]
        return np.asarray(np.minimum(1.0, 2 * np.minimum(less, greater) * _ROUNDED + _NOISE))
    centre = reference.n1 * reference.n2 / 2
    deviation = np.abs(reference.statistic - centre)
    order = np.argsort(deviation, kind="stable")
    tail = np.concatenate([np.cumsum(reference.probability[order][::-1])[::-1], [0.0]])
    return np.asarray(
        tail[np.searchsorted(deviation[order], np.abs(w - centre) - far, side="left")] * _ROUNDED + _NOISE
    )


def _spread_of_ties(values: Floats, noise: float) -> float:
    """Return how far W with midranks may lie from W with ties broken, for ties within one sample."""
    ordered = np.sort(values)
    sizes = np.unique(np.cumsum(np.diff(ordered, prepend=-math.inf) > noise), return_counts=True)[1]
    return float((sizes**2 // 4).sum()) / 2
