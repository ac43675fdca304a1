"""The Hodges–Lehmann shift between two samples, and the interval that inverts the exact rank test."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.common.interval import check_level
from analysis.methods.ranks.rank_distribution import TwoSided
from analysis.methods.ranks.rank_test import check_groups
from analysis.methods.ranks.shift_limit import Shifts, first_not_rejected

_NOISE = 16
_LARGEST = 1e300


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
    estimate = float(np.median(np.subtract.outer(first, second)))
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


def _lower_limit(
    x: NDArray[np.float64], y: NDArray[np.float64], alpha: Fraction, two_sided: TwoSided
) -> tuple[float | None, Fraction | float]:
    """Raise the shift from minus infinity to the first one not rejected.

    The p-value changes only at the differences x - y: it is constant between two of them, and another at each one
    itself, where values tie. Returns the limit (None if every shift is rejected) and the largest p-value below it.
    """
    largest = float(np.abs(np.concatenate([x, y])).max())
    noise = _NOISE * float(np.spacing(largest))
    differences = _merge(np.sort(np.subtract.outer(x, y).ravel()), noise)
    # Beyond the outermost differences nothing changes any more, so any finite place there stands for infinity.
    ends = np.concatenate([[differences[0] - largest], differences, [differences[-1] + largest]])
    places = np.empty(2 * differences.size + 1)
    places[1::2] = differences
    places[::2] = (ends[:-1] + ends[1:]) / 2
    first, passed = first_not_rejected(Shifts(x, y, places, noise, two_sided), alpha)
    if first is None:
        return None, passed
    return (-math.inf if first == 0 else float(differences[(first - 1) // 2])), passed


def _merge(values: NDArray[np.float64], noise: float) -> NDArray[np.float64]:
    """Keep one of each run of sorted values that differ by no more than rounding noise."""
    return values[np.diff(values, prepend=-math.inf) > noise]
