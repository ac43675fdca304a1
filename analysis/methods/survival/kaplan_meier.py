"""What is the probability of being event-free, or followed, at each time? The Kaplan-Meier curve and its band."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from lifelines import KaplanMeierFitter
from numpy.typing import ArrayLike
from scipy.special import ndtri

from analysis.methods.common import Floats, Ints, check_choice, check_level
from analysis.methods.survival.time_to_event import check_survival, read_only

BandType = Literal["log-log", "log", "plain", "logit", "arcsine"]
BAND_TYPES: tuple[BandType, ...] = get_args(BandType)


TieRule = Literal["at-risk", "removed"]
TIE_RULES: tuple[TieRule, ...] = get_args(TieRule)


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


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """A Kaplan-Meier curve: one row a distinct observed time, censored times included.

    Attributes
    ----------
    time : array, shape (k,)
        Distinct observed times in increasing order, in the unit of the input.
    n_risk : array of int, shape (k,)
        Subjects at risk at the start of the instant, before its events and censorings.
    n_event, n_censor : array of int, shape (k,)
        Events and censorings at that time.
    surv : array, shape (k,)
        Probability of no event up to and including that time. It is 1 before the first time.
    std_err : array, shape (k,)
        Greenwood's standard error; NaN where the curve is 0.
    conf_low, conf_high : array, shape (k,)
        Pointwise limits; NaN where the scale of the band is not defined (see `confidence_band`).
    conf_level : float
        Two-sided level of the band.
    conf_type : str
        Scale of the band.
    n, n_events : int
        Subjects and events.
    """

    time: Floats
    n_risk: Ints
    n_event: Ints
    n_censor: Ints
    surv: Floats
    std_err: Floats
    conf_low: Floats
    conf_high: Floats
    conf_level: float
    conf_type: BandType
    n: int
    n_events: int


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, conf_level: float = 0.95, conf_type: BandType = "log-log"
) -> KaplanMeier:
    r"""Estimate a survival curve by the product-limit method [1]_.

    .. math:: \hat S(t) = \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right)

    A subject censored at the time of another's event is at risk for that event.

    Parameters
    ----------
    time : array_like, shape (n,)
        Times from the origin to event or censoring, any unit, 0 or more; times equal up to float noise are ties.
    event : array_like, shape (n,)
        1 or True for an event, 0 or False for a censored time.
    conf_level : float
        Two-sided level in (0, 1).
    conf_type : {"log-log", "log", "plain", "logit", "arcsine"}
        Scale of the band. R's default is log; SAS's, and this function's, is log-log.

    Returns
    -------
    KaplanMeier

    Raises
    ------
    ValueError
        If there is no subject, a time is missing, infinite or negative, an event is not 0 or 1, the lengths
        differ, the level is not in (0, 1) or the scale is unknown.

    References
    ----------
    .. [1] Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc
       1958;53:457-481.
    """
    times, events = check_survival(time, event)
    # lifelines switches numpy's warnings off for the whole process; here they come back.
    with np.errstate():
        table = KaplanMeierFitter().fit(times, events).event_table
    # lifelines adds a row at time 0, where nobody may have been observed.
    table = table[table["removed"] > 0]
    return curve_from_counts(
        time=table.index.to_numpy(dtype=float),
        n_risk=table["at_risk"].to_numpy(dtype=np.int64),
        n_event=table["observed"].to_numpy(dtype=np.int64),
        n_censor=table["censored"].to_numpy(dtype=np.int64),
        conf_level=conf_level,
        conf_type=conf_type,
        n=times.size,
    )


def curve_from_counts(
    *,
    time: Floats,
    n_risk: Ints,
    n_event: Ints,
    n_censor: Ints,
    conf_level: float,
    conf_type: BandType,
    n: int,
) -> KaplanMeier:
    """Return the curve and band of counts at distinct times, all of shape (k,), in time order.

    Where nobody is at risk the curve stays as it is.
    """
    # lifelines' curve and band are not used: the curve, a sum of logarithms, misses an exact 1/2 by rounding, and
    # the band prints (0, 0) at S = 0 and (1, 1) at S = 1, where there is none.
    curve = np.cumprod(1 - n_event / np.maximum(n_risk, 1), dtype=np.float64)
    std_err = greenwood(curve, n_risk, n_event)
    low, high = confidence_band(curve, std_err, conf_level, conf_type)
    return KaplanMeier(
        time=read_only(time),
        n_risk=read_only(n_risk),
        n_event=read_only(n_event),
        n_censor=read_only(n_censor),
        surv=read_only(curve),
        std_err=read_only(std_err),
        conf_low=read_only(low),
        conf_high=read_only(high),
        conf_level=check_level(conf_level),
        conf_type=conf_type,
        n=n,
        n_events=int(n_event.sum()),
    )


def reverse_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    conf_level: float = 0.95,
    conf_type: BandType = "log-log",
    ties: TieRule = "at-risk",
) -> KaplanMeier:
    r"""Estimate the distribution of potential follow-up: censoring is the event, death censors it [1]_.

    .. math:: \hat G(t) = \prod_{t_i \le t} \left(1 - \frac{c_i}{n_i - a d_i}\right)

    with :math:`c_i` censorings, :math:`d_i` events and :math:`n_i` at risk, and *a* = 0 for ties "at-risk", 1 for
    "removed". `median` of the result is the median follow-up.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`: `event` is 1 for the event of interest, 0 for censoring.
    conf_level, conf_type
        Level and scale of the band.
    ties : {"at-risk", "removed"}
        Whether a subject who has the event at the instant of another's censoring is at risk of censoring there.
        "at-risk" is R's ``survfit(Surv(time, 1 - event) ~ 1)``; "removed" is ``prodlim(..., reverse = TRUE)``.

    Returns
    -------
    KaplanMeier
        `n_event` counts censorings and `n_censor` counts events; with ties "removed", `n_risk` leaves out the
        events of the instant and can be 0.

    Raises
    ------
    ValueError
        As `kaplan_meier`, or if the tie rule is unknown.

    References
    ----------
    .. [1] Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control Clin Trials
       1996;17:343-346.
    """
    check_choice(ties, TIE_RULES, "ties")
    times, events = check_survival(time, event)
    if ties == "at-risk":
        return kaplan_meier(times, ~events, conf_level, conf_type)
    distinct, index = np.unique(times, return_inverse=True)
    n_event = np.bincount(index, weights=events).astype(np.int64)
    n_total = np.bincount(index)
    return curve_from_counts(
        time=distinct,
        n_risk=n_total[::-1].cumsum()[::-1] - n_event,
        n_event=n_total - n_event,
        n_censor=n_event,
        conf_level=conf_level,
        conf_type=conf_type,
        n=times.size,
    )
