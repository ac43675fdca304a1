"""Two proportions: Fisher's exact test and the odds ratio given the margins, the exact interval of their difference."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import betainc, logsumexp
from scipy.stats import binom, hypergeom

from analysis.methods.common import Flags, Floats, Interval, Ints, Sides, check_choice, check_counts, check_level
from analysis.methods.rates.exact import at_most, crossing

FisherDefinition = Literal["minimum-likelihood", "central", "mid-p"]
_TIE = 1 + 1e-7


_GRID = 400
_BISECTIONS = 60
_VALLEYS = 3


@dataclass(frozen=True)
class FisherTest:
    """Fisher's exact test of two proportions.

    Attributes
    ----------
    p_value : float
        Two-sided p-value under ``definition``.
    p_less, p_greater : float
        One-sided p-values: the odds ratio is below 1, above 1.
    definition : str
        Definition of the two-sided p-value.
    """

    p_value: float
    p_less: float
    p_greater: float
    definition: str


@dataclass(frozen=True)
class OddsRatio:
    """Conditional maximum-likelihood odds ratio of group 1 to group 2, with its exact interval.

    Attributes
    ----------
    estimate : float or None
        0 or infinity where the observed table is the most extreme of its margins; None where the margins leave
        only one table (nobody, or everybody, has the event).
    interval : Interval
        Exact conditional interval; its limits may be 0 and infinity.
    reason : str or None
        Why there is no estimate.
    """

    estimate: float | None
    interval: Interval
    reason: str | None


def fisher_exact(x1: int, n1: int, x2: int, n2: int, definition: FisherDefinition = "minimum-likelihood") -> FisherTest:
    r"""Fisher's exact test of x1/n1 against x2/n2.

    Given all margins, x1 is hypergeometric. The two-sided p-value is one of

    - ``minimum-likelihood``: :math:`\sum P(j)` over the j with :math:`P(j) \le P(x_1)`, R's ``fisher.test`` [1]_;
    - ``central``: :math:`\min(1, 2 \min\{P(j \le x_1), P(j \ge x_1)\})`, which never contradicts the interval of
      ``odds_ratio``;
    - ``mid-p``: the first, counting one half of the tables exactly as probable as the observed one.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Events and subjects of each group; n1, n2 >= 1.
    definition : {"minimum-likelihood", "central", "mid-p"}
        Definition of the two-sided p-value. Probabilities that agree to 1e-7 count as equal, as in R.

    Returns
    -------
    FisherTest
        Two-sided and one-sided p-values.

    Raises
    ------
    ValueError
        If a count is not a whole number, a group is empty, or more events than subjects are given.

    References
    ----------
    .. [1] Agresti A. Categorical Data Analysis. 3rd ed. Wiley; 2013: section 3.5.
    """
    check_choice(definition, get_args(FisherDefinition), "definition")
    support, log_weight, observed = _conditional(x1, n1, x2, n2)
    probability = np.exp(log_weight - logsumexp(log_weight))
    less, greater = _total(probability, support <= observed), _total(probability, support >= observed)
    at = probability[support == observed]
    as_extreme = probability <= at * _TIE
    if definition == "central":
        p_value = 2 * min(less, greater)
    else:
        p_value = _total(probability, as_extreme)
        if definition == "mid-p":
            p_value -= float(probability[as_extreme & (probability * _TIE >= at)].sum()) / 2
    return FisherTest(min(1.0, p_value), less, greater, definition)


def odds_ratio(
    x1: int, n1: int, x2: int, n2: int, conf_level: float = 0.95, *, sides: Sides = "two-sided"
) -> OddsRatio:
    r"""Conditional maximum-likelihood odds ratio with the exact (Cornfield) interval.

    Given all margins, x1 follows Fisher's noncentral hypergeometric distribution with odds ratio :math:`\psi`. The
    estimate solves :math:`E_\psi(X) = x_1`; the limits solve

    .. math:: P_{\psi_L}(X \ge x_1) = \alpha/2, \qquad P_{\psi_U}(X \le x_1) = \alpha/2

    (:math:`\alpha` on one side for a one-sided bound) [1]_. The estimate is not the sample odds ratio ad/bc.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Events and subjects of each group; n1, n2 >= 1.
    conf_level : float
        Confidence level in (0, 1).
    sides : {"two-sided", "lower", "upper"}
        "lower" and "upper" give one-sided bounds at the whole level.

    Returns
    -------
    OddsRatio
        Estimate and interval, to machine precision.

    Raises
    ------
    ValueError
        If a count is not a whole number, a group is empty, more events than subjects are given, or the level is
        outside (0, 1).

    References
    ----------
    .. [1] Cornfield J. A statistical problem arising from retrospective studies. Proceedings of the Third Berkeley
           Symposium 1956;4:135-148.
    """
    support, log_weight, observed = _conditional(x1, n1, x2, n2)
    level = check_level(conf_level)
    check_choice(sides, ("two-sided", "lower", "upper"), "sides")
    alpha = (1 - level) / 2 if sides == "two-sided" else 1 - level
    conf_type = "exact conditional" if sides == "two-sided" else f"exact conditional, one-sided {sides}"
    if support.size == 1:
        reason = "all or none of the subjects have the event: every odds ratio fits the table equally well"
        return OddsRatio(None, Interval(0.0, float("inf"), level, conf_type), reason)
    # R's fisher.test and scipy stop their root search early (1e-4 to 1e-6 relative): solved here to the last digits.
    low, high, estimate = 0.0, float("inf"), None
    centred = support - observed

    def log_tail(log_psi: float, tail: Flags) -> float:
        terms = log_weight + centred * log_psi
        return float(logsumexp(terms[tail]) - logsumexp(terms))

    def mean(log_psi: float) -> float:
        terms = log_weight + centred * log_psi
        return float((centred * np.exp(terms - terms.max())).sum())

    if observed > support[0] and sides != "upper":
        low = _solve(lambda t: log_tail(t, support >= observed) - np.log(alpha))
    if observed < support[-1] and sides != "lower":
        high = _solve(lambda t: np.log(alpha) - log_tail(t, support <= observed))
    if observed == support[0]:
        estimate = 0.0
    elif observed == support[-1]:
        estimate = float("inf")
    else:
        estimate = _solve(mean)
    return OddsRatio(estimate, Interval(low, high, level, conf_type), None)


def _conditional(x1: int, n1: int, x2: int, n2: int) -> tuple[Ints, Floats, int]:
    """Return the possible x1 given the margins, their log probabilities at odds ratio 1, and the observed x1."""
    x1, n1 = check_counts(x1, n1)
    x2, n2 = check_counts(x2, n2)
    events = x1 + x2
    support = np.arange(max(0, events - n2), min(n1, events) + 1)
    return support, hypergeom.logpmf(support, n1 + n2, events, n1), x1


def _total(probability: Floats, chosen: Flags) -> float:
    """Return the probability of the chosen tables; of all of them it is 1, which a sum misses by rounding."""
    return 1.0 if chosen.all() else float(min(1.0, probability[chosen].sum()))


def _solve(rising: Callable[[float], float]) -> float:
    """Return exp(t) at the root t of a rising function of the log odds ratio."""
    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(np.exp(brentq(rising, -reach, reach, xtol=1e-15, rtol=1e-15, maxiter=1000)))


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

    def shortest(p2: Floats) -> Floats:
        return _p1_at(alpha, p2, needed, n1) - p2

    # Where p1 first reaches 0 or 1 the curve has a corner, which a smooth search rounds off.
    corners = [p1 - _p2_at(alpha, int((needed <= n1 * p1).sum()) - 1, n2) for p1 in (0, 1) if (needed <= n1 * p1).any()]
    # Equal steps in the arcsine of the root of p2 are about equal steps in standard errors.
    angle = np.linspace(0, np.pi / 2, _GRID + 1)
    found: Floats = shortest(np.sin(angle) ** 2)
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


def _p1_at(alpha: float, p2: Floats, needed: Ints, n1: int) -> Floats:
    """Return for each p2 the p1 that puts alpha in the tail: 0 where every p1 exceeds it, 2 where none does."""
    weight = np.asarray(binom.pmf(np.arange(needed.size), needed.size - 1, p2[:, None]))
    reachable = (needed > 0) & (needed <= n1)
    certain = weight[:, needed <= 0].sum(axis=1)
    k = needed[reachable]
    weight = weight[:, reachable]

    def tail(p1: Floats) -> Floats:
        total: Floats = certain + (weight * betainc(k, n1 - k + 1, p1[:, None])).sum(axis=1)
        return total

    low, high = np.zeros(p2.size), np.ones(p2.size)
    never = tail(high) <= alpha
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = tail(middle) > alpha
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(never, 2.0, np.where(certain > alpha, 0.0, high))
