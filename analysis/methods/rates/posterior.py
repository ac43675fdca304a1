"""Posterior of a proportion under a beta prior."""

from dataclasses import dataclass
from typing import Final

from scipy.stats import beta

from analysis.methods.common import Interval, check_counts, check_level, check_positive, check_probability

_LEAST: Final = 1e-300
_MOST: Final = 1 - 1e-15
"""The nearest to 0 and to 1 that 15 significant digits hold."""
ROUNDING: Final = 1e-12
"""How far below a probability one that equals it may come out."""


@dataclass(frozen=True)
class BetaPosterior:
    """Posterior distribution Beta(a, b) of a proportion.

    Attributes
    ----------
    a, b : float
        Parameters of the posterior: prior a plus events, prior b plus non-events.
    mean, median, sd : float
        Of the posterior, as proportions.
    threshold, prob_above : float
        A planned threshold, and the posterior probability that the proportion exceeds it.
    interval : Interval
        Equal-tailed credible interval.
    """

    a: float
    b: float
    mean: float
    median: float
    sd: float
    threshold: float
    prob_above: float
    interval: Interval


def beta_posterior(x: int, n: int, a: float, b: float, threshold: float, *, conf_level: float = 0.95) -> BetaPosterior:
    r"""Posterior of a binomial proportion under the prior Beta(a, b).

    .. math:: p \mid x \sim \mathrm{Beta}(a + x,\; b + n - x), \qquad
              P(p > t \mid x) = 1 - I_t(a + x, b + n - x)

    with :math:`I` the regularised incomplete beta function [1]_.

    Parameters
    ----------
    x, n : int
        Events and subjects; 0 <= x <= n, n >= 1.
    a, b : float
        Parameters of the prior, above 0; Beta(1, 1) is uniform, Beta(1/2, 1/2) is Jeffreys'.
    threshold : float
        Proportion in [0, 1] the posterior is asked about.
    conf_level : float
        Probability content of the credible interval, in (0, 1).

    Returns
    -------
    BetaPosterior
        Parameters, moments, probability above the threshold, equal-tailed interval. A beta distribution has no weight
        on 0 and 1 and some between any two rates: a quantile, and the probability of a threshold inside (0, 1), that
        floating point rounds to 0 or 1 is the nearest number inside.

    Raises
    ------
    ValueError
        If a count is not a whole number, x > n, n = 0, a or b is not above 0, the threshold is outside [0, 1], or
        the level is outside (0, 1).

    References
    ----------
    .. [1] Gelman A, Carlin JB, Stern HS, Dunson DB, Vehtari A, Rubin DB. Bayesian Data Analysis. 3rd ed. CRC Press;
           2013: section 2.4.
    """
    x, n = check_counts(x, n)
    shape_a, shape_b = check_positive(a, "a") + x, check_positive(b, "b") + n - x
    threshold = check_probability(threshold, "threshold")
    level = check_level(conf_level)
    posterior = beta(shape_a, shape_b)
    tail = (1 - level) / 2
    return BetaPosterior(
        a=shape_a,
        b=shape_b,
        mean=shape_a / (shape_a + shape_b),
        median=_inside(posterior.median()),
        sd=float(posterior.std()),
        threshold=threshold,
        prob_above=_inside(posterior.sf(threshold)) if 0 < threshold < 1 else float(posterior.sf(threshold)),
        interval=Interval(
            _inside(posterior.ppf(tail)),
            _inside(posterior.isf(tail)),
            level,
            f"equal-tailed credible, prior Beta({a:g}, {b:g})",
        ),
    )


def _inside(value: float) -> float:
    return float(min(max(value, _LEAST), _MOST))


def reaches(prob_above: float, probability: float) -> bool:
    """Return whether a posterior probability is the planned one or more; equal but for rounding is equal."""
    return prob_above >= probability - ROUNDING
