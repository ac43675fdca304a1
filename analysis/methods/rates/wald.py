"""The Wald interval of a difference of two proportions."""

import math

from scipy.special import ndtri

from analysis.methods.common import Interval, check_counts, check_level, check_real
from analysis.methods.rates.two_proportions import Difference


def wald_difference(
    x1: int, n1: int, x2: int, n2: int, conf_level: float = 0.95, *, quantile: float | None = None
) -> Difference:
    r"""Wald interval of a difference of two proportions, without continuity correction.

    .. math:: d = \frac{x_1}{n_1} - \frac{x_2}{n_2}, \qquad
              d \pm z_{1-\alpha/2} \sqrt{\frac{p_1 (1 - p_1)}{n_1} + \frac{p_2 (1 - p_2)}{n_2}}

    It is the interval of RISKDIFF in SAS and of ``prop.test(correct = FALSE)`` in R [1]_. Its coverage is poor in
    small groups and near 0 and 1: where no subject, or every subject, has the event in both groups it has no width.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Subjects with the event and all subjects of each group; n1, n2 >= 1.
    conf_level : float
        Confidence level in (0, 1).
    quantile : float or None
        What stands in the place of the normal quantile :math:`z`: 1.96, as programs have it that round it. The
        quantile of the level where it is None.

    Returns
    -------
    Difference
        Estimate and interval; the limits are cut at -1 and 1.

    Raises
    ------
    ValueError
        If a count is not a whole number, a group is empty, more events than subjects are given, or the level is
        outside (0, 1), or the quantile is not above 0.

    References
    ----------
    .. [1] Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven
           methods. Statistics in Medicine 1998;17:873-890 (method 1).
    """
    x1, n1 = check_counts(x1, n1)
    x2, n2 = check_counts(x2, n2)
    level = check_level(conf_level)
    z = float(ndtri((1 + level) / 2)) if quantile is None else check_real(quantile, "quantile")
    if z <= 0:
        raise ValueError(f"quantile must be above 0, not {z}.")
    p1, p2 = x1 / n1, x2 / n2
    half = z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    difference = p1 - p2
    return Difference(difference, Interval(max(-1.0, difference - half), min(1.0, difference + half), level, "wald"))
