"""The Hodges–Lehmann shift between two samples, and the interval that inverts the exact rank test."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from analysis.methods.interval import check_level
from analysis.methods.rank_distribution import RankDistribution, rank_distribution
from analysis.methods.rank_test import check_groups

_NOISE = 1e-11


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


def hodges_lehmann(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Shift:
    r"""Hodges–Lehmann shift with the interval that inverts the exact Wilcoxon–Mann–Whitney test.

    The estimate is :math:`\hat\Delta = \operatorname{median}\{x_i - y_j\}` [1]_. The interval is the smallest
    closed interval holding every shift d that the exact test of x - d against y does not reject,

    .. math:: \{d : P(|W - n_1 n_2/2| \ge |w(d) - n_1 n_2/2|) > 1 - \text{level}\}

    with the permutation distribution of W recomputed for the ties that each d makes [2]_. Without ties within
    the groups it is the order-statistic interval :math:`[D_{(k)}, D_{(n_1 n_2 + 1 - k)}]`. Where no allocation
    is extreme enough for the level, nothing can be rejected and the limits are infinite (R's wilcox.test gives
    the range of the differences instead, with a warning). A p-value may equal 1 - level exactly (2/20 at 0.90):
    the comparison is made in double precision as in R, where 1 - 0.90 is just below 0.1 and the shift stays in.

    Parameters
    ----------
    x, y : array_like of float, shapes (n1,) and (n2,)
        The two samples. Differences closer than 1e-11 of the largest absolute value count as equal, so that
        decimals such as 0.3 - 0.1 and 0.5 - 0.3 tie as they were recorded.
    conf_level : float
        Confidence level in (0, 1).

    Returns
    -------
    Shift
        Estimate, limits and the level achieved. At very low levels no shift may be accepted; both limits are
        then the estimate.

    Raises
    ------
    ValueError
        If a group is empty, a value is missing or infinite, all values are equal, or the level is outside (0, 1).

    References
    ----------
    .. [1] Hodges JL, Lehmann EL. Estimates of location based on rank tests. Annals of Mathematical Statistics
           1963;34:598-611.
    .. [2] Bauer DF. Constructing confidence sets using rank statistics. Journal of the American Statistical
           Association 1972;67:687-690.
    """
    first, second = check_groups(x, y)
    level = check_level(conf_level)
    estimate = float(np.median(np.subtract.outer(first, second)))
    inversion = _Inversion(first, second, 1 - level)
    low, p_below = inversion.limit(range(inversion.last + 1))
    high, p_above = inversion.limit(range(inversion.last, -1, -1))
    if math.isnan(low):
        low = high = estimate
    return Shift(
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        conf_level=level,
        conf_level_achieved=1 - max(p_below, p_above),
        conf_type="exact, inverting the two-sided rank test (absolute deviation)",
    )


@dataclass
class _Inversion:
    """The exact test at every distinct place of the shift: between the differences and at each of them."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    alpha: float
    distributions: dict[bytes, RankDistribution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.noise = _NOISE * float(np.abs(np.concatenate([self.x, self.y])).max())
        self.differences = _merge(np.sort(np.subtract.outer(self.x, self.y).ravel()), self.noise)
        beyond = 1 + abs(self.differences[[0, -1]]).max()
        self.edges = np.concatenate([[self.differences[0] - beyond], self.differences, [self.differences[-1] + beyond]])
        # Place 2i is the open interval below difference i, place 2i + 1 is difference i itself.
        self.last = 2 * self.differences.size

    def limit(self, places: Iterable[int]) -> tuple[float, float]:
        """Walk inwards to the first shift not rejected; return the limit there and the largest p outside it."""
        upwards = None
        passed = [0.0, 0.0]
        for place in places:
            upwards = place == 0 if upwards is None else upwards
            p = self.p_value(place)
            if p > self.alpha:
                at_difference = place % 2 == 1
                # An open interval starts at the difference just passed, which belongs to the closed hull.
                outside = passed if at_difference else passed[:-1]
                return self._edge(place, upwards=upwards), max(outside, default=0.0)
            passed.append(p)
        return math.nan, max(passed)

    def p_value(self, place: int) -> float:
        """Return the exact two-sided p-value at one place."""
        i, at_difference = divmod(place, 2)
        d = self.differences[i] if at_difference else (self.edges[i] + self.edges[i + 1]) / 2
        pooled = np.concatenate([self.x - d, self.y])
        order = np.argsort(pooled, kind="stable")
        tied_to_previous = np.diff(pooled[order], prepend=-math.inf) <= self.noise / 4
        snapped = np.empty(pooled.size)
        snapped[order] = np.cumsum(~tied_to_previous)
        midranks = rankdata(snapped)
        key = np.sort(midranks).tobytes()
        if key not in self.distributions:
            self.distributions[key] = rank_distribution(snapped, self.x.size)
        w = float(midranks[: self.x.size].sum() - self.x.size * (self.x.size + 1) / 2)
        return self.distributions[key].two_sided(w, "absolute_deviation")

    def _edge(self, place: int, *, upwards: bool) -> float:
        i, at_difference = divmod(place, 2)
        if at_difference:
            return float(self.differences[i])
        if upwards:
            return -math.inf if i == 0 else float(self.differences[i - 1])
        return math.inf if i == self.differences.size else float(self.differences[i])


def _merge(values: NDArray[np.float64], noise: float) -> NDArray[np.float64]:
    """Keep one of each run of sorted values that differ by no more than rounding noise."""
    return values[np.diff(values, prepend=-math.inf) > noise]
