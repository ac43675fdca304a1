"""What is the probability of being event-free at each time? The Kaplan-Meier curve and its band."""

from dataclasses import dataclass

import numpy as np
from lifelines import KaplanMeierFitter
from numpy.typing import ArrayLike

from analysis.methods.common.interval import check_level
from analysis.methods.survival.survival_band import BandType, confidence_band, greenwood
from analysis.methods.survival.time_to_event import Floats, Ints, check_survival, read_only


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

    Parameters
    ----------
    time, n_risk, n_event, n_censor : array, shape (k,)
        As the attributes of `KaplanMeier`; where nobody is at risk the curve stays as it is.
    conf_level, conf_type
        Level and scale of the band.
    n : int
        Subjects.

    Returns
    -------
    KaplanMeier

    Raises
    ------
    ValueError
        If the level is not in (0, 1) or the scale is unknown.
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
