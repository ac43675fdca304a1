"""Effect sizes of the rank test: probability of superiority and rank-biserial correlation."""

from dataclasses import dataclass

import pingouin
from numpy.typing import ArrayLike
from scipy.stats import norm

from analysis.methods.common import Interval, check_level
from analysis.methods.ranks.rank_test import check_groups
from analysis.methods.rates.exact import crossing

_METHOD = "newcombe (score, method 5)"


@dataclass(frozen=True)
class RankEffect:
    """Effect sizes of two independent samples, with intervals.

    Attributes
    ----------
    prob_superiority : float
        P(x > y) + P(x = y) / 2, in [0, 1]; 0.5 is no effect.
    rank_biserial : float
        2 prob_superiority - 1, in [-1, 1]; positive when x tends to be larger.
    prob_superiority_interval, rank_biserial_interval : Interval
        Their confidence intervals, the second a linear image of the first.
    """

    prob_superiority: float
    rank_biserial: float
    prob_superiority_interval: Interval
    rank_biserial_interval: Interval


def rank_effect(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> RankEffect:
    r"""Probability of superiority and rank-biserial correlation of two samples.

    .. math:: \hat\theta = \frac{1}{n_1 n_2} \sum_{i,j} \left[1(x_i > y_j) + \tfrac12 1(x_i = y_j)\right],
              \qquad r = 2\hat\theta - 1

    (Vargha and Delaney [1]_, Wendt [2]_). The interval for :math:`\theta` is Newcombe's method 5 [3]_: the two
    :math:`\theta` that solve :math:`(\hat\theta - \theta)^2 = z^2 V(\theta)` with Hanley and McNeil's variance
    at the hypothesised value and both sizes replaced by their mean :math:`n^*` in the numerator,

    .. math:: V(\theta) = \frac{\theta (1 - \theta)}{n_1 n_2} \left[1 + (n^* - 1)
              \left(\frac{1 - \theta}{2 - \theta} + \frac{\theta}{1 + \theta}\right)\right]

    It is asymptotic, stays within [0, 1], and keeps a width at complete separation, where Wald intervals vanish.

    Parameters
    ----------
    x, y : array_like of float, shapes (n1,) and (n2,)
        The two samples.
    conf_level : float
        Confidence level in (0, 1).

    Returns
    -------
    RankEffect
        Both effect sizes with their intervals.

    Raises
    ------
    ValueError
        If a group is empty, a value is missing or infinite, all values are equal, or the level is outside (0, 1).

    References
    ----------
    .. [1] Vargha A, Delaney HD. A critique and improvement of the CL common language effect size statistics of
           McGraw and Wong. Journal of Educational and Behavioral Statistics 2000;25:101-132.
    .. [2] Wendt HW. Dealing with a common problem in social science: a simplified rank-biserial coefficient of
           correlation based on the U statistic. European Journal of Social Psychology 1972;2:463-465.
    .. [3] Newcombe RG. Confidence intervals for an effect size measure based on the Mann-Whitney statistic.
           Part 2: asymptotic methods and evaluation. Statistics in Medicine 2006;25:559-573.
    """
    first, second = check_groups(x, y)
    level = check_level(conf_level)
    theta = float(pingouin.compute_effsize(first, second, eftype="CLES"))
    low, high = _newcombe(theta, int(first.size), int(second.size), level)
    return RankEffect(
        prob_superiority=theta,
        rank_biserial=2 * theta - 1,
        prob_superiority_interval=Interval(low, high, level, _METHOD),
        rank_biserial_interval=Interval(2 * low - 1, 2 * high - 1, level, _METHOD),
    )


def _newcombe(theta: float, n1: int, n2: int, level: float) -> tuple[float, float]:
    # The equation is the same seen from the other group, so one limit gives both.
    return 1 - _upper(1 - theta, n1, n2, level), _upper(theta, n1, n2, level)


def _upper(theta: float, n1: int, n2: int, level: float) -> float:
    z = float(norm.isf((1 - level) / 2))
    extra = (n1 + n2) / 2 - 1

    def beyond(candidate: float) -> float:
        spread = (1 - candidate) / (2 - candidate) + candidate / (1 + candidate)
        variance = (1 - candidate) * (1 + extra * spread) / (n1 * n2)
        # Both sides are divided by the candidate, which removes the root at 0 that is no limit.
        distance = (candidate - theta) ** 2 / candidate if candidate > 0 else candidate
        return distance - z**2 * variance

    return 1.0 if theta == 1 else crossing(beyond, theta, 1.0)
