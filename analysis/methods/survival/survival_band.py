"""The pointwise confidence band of a survival curve: Greenwood's standard error and five transformations."""

from typing import Literal, get_args

import numpy as np
from scipy.special import ndtri

from analysis.methods.common.interval import check_choice, check_level
from analysis.methods.survival.time_to_event import Floats, Ints

BandType = Literal["log-log", "log", "plain", "logit", "arcsine"]
BAND_TYPES: tuple[BandType, ...] = get_args(BandType)


def greenwood(surv: Floats, n_risk: Ints, n_event: Ints) -> Floats:
    r"""Return Greenwood's standard error of a survival curve [1]_.

    .. math:: \widehat{se}(S(t)) = S(t) \sqrt{\sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}}

    Parameters
    ----------
    surv, n_risk, n_event : array, shape (k,)
        The curve, the number at risk and the number of events at each distinct time, in time order.

    Returns
    -------
    array, shape (k,)
        In the unit of a probability; NaN from the time the curve reaches 0, where the formula is 0 x infinity.

    References
    ----------
    .. [1] Greenwood M. The natural duration of cancer. Reports on Public Health and Medical Subjects 33. 1926.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(n_event > 0, n_event / (n_risk * (n_risk - n_event)), 0.0)
        std_err: Floats = surv * np.sqrt(np.cumsum(terms))
    return std_err


def confidence_band(surv: Floats, std_err: Floats, conf_level: float, conf_type: BandType) -> tuple[Floats, Floats]:
    r"""Return the pointwise limits of a survival curve on one of five scales [1]_, [2]_.

    With :math:`z = \Phi^{-1}(1 - \alpha/2)` and :math:`\sigma = \widehat{se}(S)/S` the limits are

    - plain: :math:`S \pm z S \sigma`, kept within [0, 1];
    - log: :math:`S \exp(\pm z \sigma)`, at most 1;
    - log-log: :math:`S^{\exp(\pm z \sigma / \log S)}`;
    - logit: the inverse logit of :math:`\mathrm{logit}(S) \pm z \sigma / (1 - S)`;
    - arcsine: :math:`\sin^2(\arcsin\sqrt{S} \pm \tfrac{z \sigma}{2} \sqrt{S / (1 - S)})`.

    Parameters
    ----------
    surv, std_err : array, shape (k,)
        Curve and its standard error.
    conf_level : float
        Two-sided level in (0, 1).
    conf_type : {"log-log", "log", "plain", "logit", "arcsine"}
        Scale on which the limits are symmetric.

    Returns
    -------
    conf_low, conf_high : array, shape (k,)
        Probabilities. NaN where S is 0 (every scale) and where S is 1 (log-log, logit, arcsine), because the
        scale is infinite there: R says NA, some programs print (0, 0) and (1, 1).

    Raises
    ------
    ValueError
        If the level is not in (0, 1) or the scale is unknown.

    References
    ----------
    .. [1] Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2nd ed. Wiley 2002.
    .. [2] Borgan O, Liestol K. A note on confidence intervals and bands for the survival function based on
       transformations. Scand J Statist 1990;17:35-41.
    """
    z = float(-ndtri((1 - check_level(conf_level)) / 2))
    check_choice(conf_type, BAND_TYPES, "conf_type")
    if conf_type == "plain":
        return np.maximum(surv - z * std_err, 0), np.minimum(surv + z * std_err, 1)
    s = np.where(surv == 0, np.nan, surv)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = std_err / s
        if conf_type == "log":
            return s * np.exp(-z * sigma), np.minimum(s * np.exp(z * sigma), 1)
        s = np.where(surv == 1, np.nan, s)
        if conf_type == "log-log":
            # The width is negative, log S being so: the minus sign gives the lower limit.
            width = z * sigma / np.log(s)
            return s ** np.exp(-width), s ** np.exp(width)
        if conf_type == "logit":
            odds, width = np.log(s / (1 - s)), z * sigma / (1 - s)
            return 1 / (1 + np.exp(width - odds)), 1 / (1 + np.exp(-width - odds))
        angle, width = np.arcsin(np.sqrt(s)), z * sigma / 2 * np.sqrt(s / (1 - s))
        return np.sin(np.maximum(angle - width, 0)) ** 2, np.sin(np.minimum(angle + width, np.pi / 2)) ** 2
