"""How two survival curves differ: at a time, and in the area below them."""

import math
from dataclasses import dataclass

from scipy.special import ndtri

from analysis.methods.common import Estimate, check_level

NO_VARIANCE = "one of the two estimates has no variance, as Greenwood's is not defined where a curve is 0"


@dataclass(frozen=True)
class Contrast:
    """A difference or ratio of two estimates.

    Attributes
    ----------
    estimate, conf_low, conf_high, p_value : float or None
        None where it cannot be estimated.
    reason : str or None
        Why there is no estimate.
    interval_reason : str or None
        Why there are no limits and no p-value.
    """

    estimate: float | None
    conf_low: float | None
    conf_high: float | None
    p_value: float | None
    reason: str | None = None
    interval_reason: str | None = None


def difference(first: Estimate, second: Estimate, conf_level: float = 0.95) -> Contrast:
    r"""Return :math:`\hat a - \hat b \pm z \sqrt{se_a^2 + se_b^2}` of two independent estimates, with Wald's p.

    Parameters
    ----------
    first, second : Estimate
        Of two groups, each with its standard error.
    conf_level : float
        Two-sided level, in (0, 1).

    Returns
    -------
    Contrast
        Where both variances are 0, as of two curves that are still 1, or one is not defined, as Greenwood's of a
        curve that is 0, there are no limits and no p-value.
    """
    z = float(ndtri((1 + check_level(conf_level)) / 2))
    if first.estimate is None or second.estimate is None:
        return Contrast(None, None, None, None, first.reason or second.reason)
    apart = first.estimate - second.estimate
    if first.std_err is None or second.std_err is None:
        return Contrast(apart, None, None, None, None, NO_VARIANCE)
    if not (first.std_err or second.std_err):
        return Contrast(apart, None, None, None, None, "both estimates have variance 0")
    error = math.hypot(first.std_err, second.std_err)
    return Contrast(apart, apart - z * error, apart + z * error, math.erfc(abs(apart) / error / math.sqrt(2)))


def ratio(first: Estimate, second: Estimate, conf_level: float = 0.95) -> Contrast:
    r"""Return the ratio of two independent positive estimates, limits and Wald's p on the scale of logarithms [1]_.

    .. math:: \exp\left(\log\frac{\hat a}{\hat b} \pm z \sqrt{\frac{se_a^2}{\hat a^2} + \frac{se_b^2}{\hat b^2}}\right)

    Parameters
    ----------
    first, second : Estimate
        Of two groups, each with its standard error.
    conf_level : float
        Two-sided level, in (0, 1).

    References
    ----------
    .. [1] Uno H, Claggett B, Tian L, et al. Moving beyond the hazard ratio in quantifying the between-group
       difference in survival analysis. J Clin Oncol 2014;32:2380-2385.
    """
    z = float(ndtri((1 + check_level(conf_level)) / 2))
    a, b = first.estimate, second.estimate
    if a is None or b is None:
        return Contrast(None, None, None, None, first.reason or second.reason)
    if a <= 0 or b <= 0:
        return Contrast(None, None, None, None, "one of the two is 0")
    if first.std_err is None or second.std_err is None:
        return Contrast(a / b, None, None, None, None, NO_VARIANCE)
    if not (first.std_err or second.std_err):
        return Contrast(a / b, None, None, None, None, "both estimates have variance 0")
    error = math.hypot(first.std_err / a, second.std_err / b)
    centre = math.log(a / b)
    p_value = math.erfc(abs(centre) / error / math.sqrt(2))
    return Contrast(a / b, math.exp(centre - z * error), math.exp(centre + z * error), p_value)
