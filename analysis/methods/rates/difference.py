"""The exact unconditional interval for the difference of two proportions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import betainc
from scipy.stats import binom

from analysis.methods.common.interval import Interval, Sides, check_choice, check_counts, check_level
from analysis.methods.rates.binomial_tail import at_most, crossing

_GRID = 400
_BISECTIONS = 60
_VALLEYS = 3


@dataclass(frozen=True)
class Difference:
    """Difference of two proportions, x1/n1 - x2/n2, with its interval."""

    estimate: float
    interval: Interval


def difference_interval(
    x1: int, n1: int, x2: int, n2: int, conf_level: float = 0.95, *, sides: Sides = "two-sided"
) -> Difference:
    r"""Exact unconditional interval for a difference of proportions (Santner and Snell's tail method).

    The lower limit inverts the one-sided test whose statistic is the observed difference itself [1]_,

    .. math:: \Delta_L = \inf\Bigl\{\delta : \sup_{p_2}
              P_{p_2 + \delta,\, p_2}\Bigl(\tfrac{X_1}{n_1} - \tfrac{X_2}{n_2} \ge \tfrac{x_1}{n_1} - \tfrac{x_2}{n_2}
              \Bigr) > \alpha/2\Bigr\}

    and the upper limit mirrors it with the groups exchanged (:math:`\alpha` on one side for a one-sided bound). It
    is the interval of ``EXACT RISKDIFF`` in SAS with METHOD=NOSCORE, valid but wider than the one that orders tables by
    the score statistic (METHOD=SCORE). Because the tail rises with p1, the limit is
    the minimum over p2 of p1(p2) - p2, where p1(p2) puts exactly :math:`\alpha/2` in the tail; the minimum is found
    on a grid of p2 and refined around its lowest points.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Events and subjects of each group; n1, n2 >= 1. The work grows as n2 times the size of the grid.
    conf_level : float
        Confidence level in (0, 1).
    sides : {"two-sided", "lower", "upper"}
        "lower" and "upper" give one-sided bounds at the whole level.

    Returns
    -------
    Difference
        Estimate and interval, in [-1, 1]. Coverage is at least the level, whatever the two proportions.

    Raises
    ------
    ValueError
        If a count is not a whole number, a group is empty, more events than subjects are given, or the level is
        outside (0, 1).

    References
    ----------
    .. [1] Santner TJ, Snell MK. Small-sample confidence intervals for p1 - p2 and p1/p2 in 2 x 2 contingency tables.
           Journal of the American Statistical Association 1980;75:386-394.
    """
    x1, n1 = check_counts(x1, n1)
    x2, n2 = check_counts(x2, n2)
    level = check_level(conf_level)
    check_choice(sides, ("two-sided", "lower", "upper"), "sides")
    alpha = (1 - level) / 2 if sides == "two-sided" else 1 - level
    low = -1.0 if sides == "upper" else _lower_limit((x1, n1), (x2, n2), alpha)
    high = 1.0 if sides == "lower" else -_lower_limit((x2, n2), (x1, n1), alpha)
    label = "exact unconditional (santner-snell)"
    conf_type = label if sides == "two-sided" else f"{label}, one-sided {sides}"
    return Difference(x1 / n1 - x2 / n2, Interval(low, high, level, conf_type))


def _lower_limit(first: tuple[int, int], second: tuple[int, int], alpha: float) -> float:
    (x1, n1), (x2, n2) = first, second
    events2 = np.arange(n2 + 1)
    # The fewest events in group 1 that make the difference at least the observed one; whole numbers avoid ties lost
    # to rounding.
    needed = -((events2 * -n1 - (x1 * n2 - x2 * n1)) // n2)

    def shortest(p2: NDArray[np.float64]) -> NDArray[np.float64]:
        return _p1_at(alpha, p2, needed, n1) - p2

    # Where p1 first reaches 0 or 1 the curve has a corner, which a smooth search rounds off.
    corners = [p1 - _p2_at(alpha, int((needed <= n1 * p1).sum()) - 1, n2) for p1 in (0, 1) if (needed <= n1 * p1).any()]
    # Equal steps in the arcsine of the root of p2 are about equal steps in standard errors.
    angle = np.linspace(0, np.pi / 2, _GRID + 1)
    found: NDArray[np.float64] = shortest(np.sin(angle) ** 2)
    neighbours = np.pad(found, 1, constant_values=np.inf)
    valleys = np.flatnonzero((found <= neighbours[:-2]) & (found <= neighbours[2:]))
    refined = [
        minimize_scalar(
            lambda a: shortest(np.array([np.sin(a) ** 2])).item(),
            bounds=(angle[max(i - 1, 0)], angle[min(i + 1, _GRID)]),
            method="bounded",
            options={"xatol": 1e-10},
        ).fun
        for i in valleys[np.argsort(found[valleys], kind="stable")][:_VALLEYS].tolist()
    ]
    return float(min(found.min(), *corners, *refined))


def _p2_at(alpha: float, most: int, n2: int) -> float:
    """Return the p2 at which P(X2 <= most) falls to alpha."""
    return 1.0 if most >= n2 else crossing(lambda p2: alpha - at_most(most, n2, p2), 0.0, 1.0)


def _p1_at(alpha: float, p2: NDArray[np.float64], needed: NDArray[np.int64], n1: int) -> NDArray[np.float64]:
    """Return for each p2 the p1 that puts alpha in the tail: 0 where every p1 exceeds it, 2 where none does."""
    weight = np.asarray(binom.pmf(np.arange(needed.size), needed.size - 1, p2[:, None]))
    reachable = (needed > 0) & (needed <= n1)
    certain = weight[:, needed <= 0].sum(axis=1)
    k = needed[reachable]
    weight = weight[:, reachable]

    def tail(p1: NDArray[np.float64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = certain + (weight * betainc(k, n1 - k + 1, p1[:, None])).sum(axis=1)
        return total

    low, high = np.zeros(p2.size), np.ones(p2.size)
    never = tail(high) <= alpha
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = tail(middle) > alpha
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(never, 2.0, np.where(certain > alpha, 0.0, high))
