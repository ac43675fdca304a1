"""Two proportions, conditional on the margins: Fisher's exact test and the odds ratio."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import hypergeom

from analysis.methods.common.interval import Interval, Sides, check_choice, check_counts, check_level

FisherDefinition = Literal["minimum-likelihood", "central", "mid-p"]
_TIE = 1 + 1e-7


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

    def log_tail(log_psi: float, tail: NDArray[np.bool_]) -> float:
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


def _conditional(x1: int, n1: int, x2: int, n2: int) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Return the possible x1 given the margins, their log probabilities at odds ratio 1, and the observed x1."""
    x1, n1 = check_counts(x1, n1)
    x2, n2 = check_counts(x2, n2)
    events = x1 + x2
    support = np.arange(max(0, events - n2), min(n1, events) + 1)
    return support, hypergeom.logpmf(support, n1 + n2, events, n1), x1


def _total(probability: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """Return the probability of the chosen tables; of all of them it is 1, which a sum misses by rounding."""
    return 1.0 if chosen.all() else float(min(1.0, probability[chosen].sum()))


def _solve(rising: Callable[[float], float]) -> float:
    """Return exp(t) at the root t of a rising function of the log odds ratio."""
    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(np.exp(brentq(rising, -reach, reach, xtol=1e-15, rtol=1e-15, maxiter=1000)))
