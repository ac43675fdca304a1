"""The Hodges–Lehmann shift between two samples, and the interval that inverts the exact rank test.

The p-value of a shift changes at each difference x - y. A shift that makes values tie has another permutation
distribution than its neighbours, so p need not rise from each to the next (by point probability it falls and rises
again), and nothing is taken for granted: a bisection looks for the limit, and each shift it passes over is ruled out by
an upper bound of its p. Only where the bound says nothing is p computed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from analysis.methods.common import Floats, check_level
from analysis.methods.ranks.differences import Differences
from analysis.methods.ranks.rank_distribution import RankDistribution, TwoSided, rank_distribution
from analysis.methods.ranks.rank_test import check_groups

_SLACK = 2e-9
"""More than the tolerance with which sums of ranks are compared."""
_ROUNDED = 1 + 1e-11
_NOISE = 1e-13
"""More than the rounding of a sum of probabilities, of its value and at all."""
_DOUBT = 1e-11
"""A rounded p this close to alpha may equal it."""
_MOST_COUNTED = 10**7
"""Most counts kept at once to tell."""


_UNITS_OF_NOISE = 16
"""Units in the last place of the largest value within which differences are one."""
_LARGEST = 1e300
_MOST_LISTED = 250_000
"""Most differences that are listed whole; of more a part about the limit."""
_AROUND = 16
"""Multiples of the noise that a list of differences goes on beyond its ends: more than what is taken for tied."""


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
    listed : ndarray of float, optional
        Their differences about the places, ascending; all of them where left out.
    before : int
        How many differences are less than those.
    """

    x: Floats
    y: Floats
    places: Floats
    noise: float
    two_sided: TwoSided
    listed: Floats | None = None
    before: int = 0
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
        listed = np.sort(np.subtract.outer(self.x, self.y).ravel()) if self.listed is None else self.listed
        # Four times the noise on either side: too many pairs taken for tied only widen the bound.
        below = self.before + np.searchsorted(listed, self.places - 4 * self.noise, side="left")
        not_above = self.before + np.searchsorted(listed, self.places + 4 * self.noise, side="right")
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
    """Return the first shift whose p exceeds alpha (None if none), and the largest p of a shift outside the interval.

    Places 0, 2, 4 … lie before, between and after the differences, places 1, 3, 5 … on them. A place between two
    differences belongs to an interval that begins on the difference before it, which is then not outside.
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


@dataclass(frozen=True)
class Shift:
    """Hodges–Lehmann estimate of the shift x - y, with its exact confidence interval.

    Attributes
    ----------
    estimate : float
        Median of all n1 n2 differences x - y, in the unit of the data.
    conf_low, conf_high : float
        Limits; minus or plus infinity where the level cannot be attained with these sample sizes.
    conf_level : float
        Level asked for.
    conf_level_achieved : float
        1 minus the largest two-sided p-value of any shift outside the interval: the level the interval really
        has, at least ``conf_level``. 1 when both limits are infinite.
    conf_type : str
        Which test is inverted.
    """

    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float
    conf_level_achieved: float
    conf_type: str


def hodges_lehmann(
    x: ArrayLike, y: ArrayLike, conf_level: float = 0.95, two_sided: TwoSided = "absolute_deviation"
) -> Shift:
    r"""Hodges–Lehmann shift with the interval that inverts the exact Wilcoxon–Mann–Whitney test.

    The estimate is :math:`\hat\Delta = \operatorname{median}\{x_i - y_j\}` [1]_. The interval is the smallest
    closed interval holding every shift d that the exact test of x - d against y does not reject,

    .. math:: \{d : p(d) > 1 - \text{level}\}

    where p is the two-sided p-value by the definition named in `two_sided` (by default
    :math:`P(|W - n_1 n_2/2| \ge |w(d) - n_1 n_2/2|)`), so that interval and test
    never disagree; the permutation distribution of W is computed anew for the ties that each d makes [2]_. Without
    ties within the groups it is the order-statistic interval :math:`[D_{(k)}, D_{(n_1 n_2 + 1 - k)}]`. Where no
    allocation is extreme enough for the level, nothing can be rejected and the limits are infinite (R's wilcox.test
    gives the range of the differences instead, with a warning). A p-value may equal 1 - level exactly (2/20 at 0.90):
    such a shift is rejected. The comparison is made exactly, of a count of allocations with the decimal that the level
    is written as; in double precision 1 - 0.90 is just below 0.1, and 1 - 0.95 just above 0.05.

    Parameters
    ----------
    x, y : array_like of float, shapes (n1,) and (n2,)
        The two samples. Values are ranked as they were recorded; differences within rounding noise, 16 units in the
        last place of the largest absolute value, are one, so that 0.3 - 0.1 and 0.5 - 0.3 tie.
    conf_level : float
        Confidence level in (0, 1).
    two_sided : {"absolute_deviation", "twice_smaller_tail", "point_probability"}
        The definition of the two-sided p-value that is inverted, as in `rank_test`.

    Returns
    -------
    Shift
        Estimate, limits and the level achieved. At very low levels no shift may be accepted; both limits are
        then the estimate.

    Raises
    ------
    ValueError
        If a group is empty, a value is missing, infinite or above 1e300 in absolute value, all values are equal, or
        the level is outside (0, 1).

    References
    ----------
    .. [1] Hodges JL, Lehmann EL. Estimates of location based on rank tests. Annals of Mathematical Statistics
           1963;34:598-611.
    .. [2] Bauer DF. Constructing confidence sets using rank statistics. Journal of the American Statistical
           Association 1972;67:687-690.
    """
    first, second = check_groups(x, y)
    level = check_level(conf_level)
    if np.abs(np.concatenate([first, second])).max() > _LARGEST:
        raise ValueError("x and y hold values too large to be subtracted: use a larger unit.")
    estimate = Differences.of(first, second).median()
    alpha = 1 - Fraction(repr(level))
    low, p_below = _lower_limit(first, second, alpha, two_sided)
    # Seen from the other group the shift changes its sign and the test stays the same.
    high, p_above = _lower_limit(second, first, alpha, two_sided)
    return Shift(
        estimate=estimate,
        conf_low=estimate if low is None else low,
        conf_high=estimate if high is None else -high,
        conf_level=level,
        conf_level_achieved=float(1 - max(p_below, p_above)),
        conf_type=f"exact, inverting the two-sided rank test ({two_sided.replace('_', ' ')})",
    )


def _lower_limit(x: Floats, y: Floats, alpha: Fraction, two_sided: TwoSided) -> tuple[float | None, Fraction | float]:
    """Raise the shift from minus infinity to the first one not rejected.

    The p-value changes only at the differences x - y: it is constant between two of them, and another at each one
    itself, where values tie. Returns the limit (None if every shift is rejected) and the largest p-value below it.
    """
    largest = float(np.abs(np.concatenate([x, y])).max())
    noise = _UNITS_OF_NOISE * float(np.spacing(largest))
    every = Differences.of(x, y)
    start, stop = 0, every.count
    ceiling: Callable[[int], float] = float  # not asked where all are listed
    if every.count > _MOST_LISTED and two_sided != "point_probability":
        ceiling, start, stop = _window(every, noise, alpha, two_sided)
    while True:
        listed, before = every.between(
            every.smallest(start) - _AROUND * noise, every.smallest(stop - 1) + _AROUND * noise
        )
        differences = _merge(listed, noise)
        # Beyond the outermost differences nothing changes any more, so any finite place there stands for infinity.
        ends = np.concatenate([[differences[0] - largest], differences, [differences[-1] + largest]])
        places = np.empty(2 * differences.size + 1)
        places[1::2] = differences
        places[::2] = (ends[:-1] + ends[1:]) / 2
        # Of a part, what is at its ends has neighbours that are not listed: the places begin and end one difference on.
        more = before + listed.size < every.count
        inner = places[2 * (before > 0) : places.size - 2 * more]
        shifts = Shifts(x, y, inner, noise, two_sided, listed, before)
        first, passed = first_not_rejected(shifts, alpha) if inner.size else (None, 0.0)
        if more and first is None:
            stop = min(every.count, stop + 2 * (stop - start))
        elif before and (
            first == 0 or ceiling(before + int((listed <= inner[0] + 4 * noise).sum())) > min(alpha, passed)
        ):
            start = max(0, start - 2 * (stop - start))
        else:
            break
    if first is None:
        return None, passed
    return (-math.inf if first == 0 else float(shifts.places[first - (first % 2 == 0)])), passed


def _window(
    every: Differences, noise: float, alpha: Fraction, two_sided: TwoSided
) -> tuple[Callable[[int], float], int, int]:
    r"""Return an upper bound of p at every shift before a rank of the differences, and which ranks to list at first.

    At a shift with no more than k differences at or below it, W is at least :math:`n_1 n_2 - k` with the ties of the
    shift broken for x; midranks take no more than half of the pairs off that one shift can tie.
    """
    n1, n2 = every.x.size, every.y.size
    reference = rank_distribution(np.arange(n1 + n2, dtype=np.float64), n1)
    pairs = min(n1 * _most_alike(every.y[::-1], noise), n2 * _most_alike(every.x, noise))
    far = _spread_of_ties(every.x, noise) + _spread_of_ties(every.y, noise) + pairs / 2
    half = every.count // 2
    ranks = np.unique(np.linspace(0, half, 100_001).astype(np.int64))
    w = (every.count - ranks).astype(np.float64)
    bound = _ceilings(reference, w, np.full(w.size, far), two_sided)
    near = _ceilings(reference, w, np.zeros(w.size), two_sided)
    start = int(ranks[max(0, int(np.searchsorted(bound, float(alpha) / 2)) - 1)])
    limit = int(ranks[min(ranks.size - 1, int(np.searchsorted(near, float(alpha))))])

    def ceiling(rank: int) -> float:
        if rank > half:
            return 1.0
        return float(_ceilings(reference, np.array([float(every.count - rank)]), np.array([far]), two_sided)[0])

    return ceiling, start, min(every.count, limit + (limit - start) + 1)


def _most_alike(ordered: Floats, noise: float) -> int:
    """Return the most values that one shift can tie with one value."""
    last = np.searchsorted(ordered, ordered + 2 * _AROUND * noise, side="right")
    return int((last - np.arange(ordered.size)).max())


def _merge(values: Floats, noise: float) -> Floats:
    """Keep one of each run of sorted values that differ by no more than rounding noise."""
    return values[np.diff(values, prepend=-math.inf) > noise]
