"""What is the probability of each cause of failure by each time? The Aalen-Johansen cumulative incidence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.common import Estimate, Floats, Ints, check_choice, check_level, check_vector
from analysis.methods.survival.curve_estimates import Steps, read_steps
from analysis.methods.survival.kaplan_meier import confidence_band
from analysis.methods.survival.time_to_event import check_times, merge_ties, read_only

IncidenceBand = Literal["log-log", "log", "plain"]
INCIDENCE_BANDS: tuple[IncidenceBand, ...] = get_args(IncidenceBand)
_LARGEST_CODE = 2**31 - 1


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """The cumulative incidence of one cause at the times of the curve it belongs to.

    Attributes
    ----------
    cause : int
        Code of the cause.
    n_event : array of int, shape (k,)
        Events of this cause at each time.
    incidence : array, shape (k,)
        Probability of failure from this cause up to and including each time; 0 before the first.
    std_err : array, shape (k,)
        Its standard error.
    conf_low, conf_high : array, shape (k,)
        Pointwise limits; NaN where the incidence is 0 or 1 and the scale is not defined there.
    """

    cause: int
    n_event: Ints
    incidence: Floats
    std_err: Floats
    conf_low: Floats
    conf_high: Floats


@dataclass(frozen=True, eq=False)
class AalenJohansen:
    """Cumulative incidence of every cause, one row a distinct observed time.

    Attributes
    ----------
    time : array, shape (k,)
        Distinct observed times in increasing order.
    n_risk : array of int, shape (k,)
        Subjects at risk at the start of the instant.
    n_censor : array of int, shape (k,)
        Censorings at that time.
    event_free : array, shape (k,)
        Probability of no event of any cause; with the incidences it adds up to 1.
    causes : tuple of CumulativeIncidence
        One curve a cause, by code.
    conf_level : float
        Two-sided level of the bands.
    conf_type : str
        Scale of the bands.
    n : int
        Subjects.
    """

    time: Floats
    n_risk: Ints
    n_censor: Ints
    event_free: Floats
    causes: tuple[CumulativeIncidence, ...]
    conf_level: float
    conf_type: IncidenceBand
    n: int

    def of(self, cause: int) -> CumulativeIncidence:
        """Return the curve of one cause.

        Raises
        ------
        ValueError
            If the cause is neither in the data nor was asked for.
        """
        for curve in self.causes:
            if curve.cause == cause:
                return curve
        raise ValueError(f"There is no cause {cause!r}; the causes are {[curve.cause for curve in self.causes]}.")


def aalen_johansen(
    time: ArrayLike,
    cause: ArrayLike,
    conf_level: float = 0.95,
    conf_type: IncidenceBand = "log-log",
    causes: Sequence[int] = (),
) -> AalenJohansen:
    r"""Estimate cumulative incidence with competing risks [1]_ and its variance [2]_.

    .. math:: \hat F_c(t) = \sum_{t_i \le t} \hat S(t_{i-1}) \frac{d_{ci}}{n_i}

    where :math:`\hat S` is the curve free of any event. With :math:`h = d/n` and :math:`h_c = d_c/n` at each time,
    the variance follows from binomial increments, from :math:`v_S = v_{SF} = v_F = 0`, by

    .. math::
        v_F &\leftarrow v_F + 2 h_c v_{SF} + h_c^2 v_S + S^2 h_c (1 - h_c) / n \\
        v_{SF} &\leftarrow (1 - h)(v_{SF} + h_c v_S) - S^2 h_c (1 - h) / n \\
        v_S &\leftarrow (1 - h)^2 v_S + S^2 h (1 - h) / n,

    which is Greenwood's covariance for a multistate model, that of R's ``survfit`` and ``etm``, and has a value
    also where everyone left fails. (``cmprsk::cuminc`` prints another, larger estimator.)

    Parameters
    ----------
    time : array_like, shape (n,)
        Times to the first event or censoring, 0 or more; times equal up to float noise are ties.
    cause : array_like, shape (n,)
        0 for censored, otherwise the code of the cause: 1, 2, ... (for one, 1 relapse and 2 non-relapse death).
    conf_level : float
        Two-sided level in (0, 1).
    conf_type : {"log-log", "log", "plain"}
        Scale of the band of the incidence itself.
    causes : sequence of int
        Codes to report even if no subject has them; their incidence is then 0.

    Returns
    -------
    AalenJohansen

    Raises
    ------
    ValueError
        If there is no subject, a time is missing, infinite or negative, a cause is not a whole number of 0 or
        more (1 or more in `causes`) and below 2^31, the lengths differ, the level is not in (0, 1)
        or the scale is unknown.

    References
    ----------
    .. [1] Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on censored
       observations. Scand J Statist 1978;5:141-150.
    .. [2] Allignol A, Schumacher M, Beyersmann J. A note on variance estimation of the Aalen-Johansen estimator
       of the cumulative incidence function in competing risks. Biom J 2010;52:126-137.
    """
    level = check_level(conf_level)
    check_choice(conf_type, INCIDENCE_BANDS, "conf_type")
    times = merge_ties(check_times(time))
    codes = _check_causes(cause, 0, "cause")
    if codes.size != times.size:
        raise ValueError(f"cause has {codes.size} values where {times.size} are needed: one a subject.")
    asked = _check_causes(causes, 1, "causes")
    # lifelines breaks ties between causes by moving times at random and statsmodels' variance is NaN where
    # everyone left fails, so the counts are made here.
    distinct, index = np.unique(times, return_inverse=True)
    size = distinct.size
    n_total = np.bincount(index, minlength=size)
    n_risk = n_total[::-1].cumsum()[::-1]
    n_censor = np.bincount(index[codes == 0], minlength=size)
    n_event = n_total - n_censor
    event_free = np.cumprod(1 - n_event / n_risk, dtype=np.float64)
    before = np.concatenate(([1.0], event_free[:-1]))
    reported = np.union1d(codes[codes > 0], asked).tolist()
    curves = []
    for code in reported:
        n_cause = np.bincount(index[codes == code], minlength=size)
        incidence = np.cumsum(before * n_cause / n_risk, dtype=np.float64)
        # When all fail from one cause its incidence is 1 and certain; a sum misses that by rounding.
        certain = incidence > 1 - 1e-12
        incidence = np.where(certain, 1.0, incidence)
        std_err = np.where(certain, 0.0, _standard_error(n_risk, n_event, n_cause))
        low, high = confidence_band(incidence, std_err, level, conf_type)
        curves.append(
            CumulativeIncidence(
                cause=code,
                n_event=read_only(n_cause),
                incidence=read_only(incidence),
                std_err=read_only(std_err),
                conf_low=read_only(low),
                conf_high=read_only(high),
            )
        )
    return AalenJohansen(
        time=read_only(distinct),
        n_risk=read_only(n_risk),
        n_censor=read_only(n_censor),
        event_free=read_only(event_free),
        causes=tuple(curves),
        conf_level=level,
        conf_type=conf_type,
        n=times.size,
    )


def _check_causes(cause: ArrayLike, lowest: int, name: str) -> Ints:
    values = check_vector(cause, name)
    wrong = ~np.isfinite(values) | (values < lowest) | (values != np.round(values)) | (values > _LARGEST_CODE)
    if wrong.any():
        what = "0 (censored) or a code 1, 2, ..." if lowest == 0 else "codes 1, 2, ..."
        where = np.flatnonzero(wrong).tolist()
        raise ValueError(f"{name} must be {what}; it is not at positions {where} (the largest code is 2^31 - 1).")
    return values.astype(np.int64)


def _standard_error(n_risk: Ints, n_event: Ints, n_cause: Ints) -> Floats:
    surv, var_s, cov, var_f = 1.0, 0.0, 0.0, 0.0
    std_err = np.empty(n_risk.size)
    for row, (n, d, d_cause) in enumerate(zip(n_risk, n_event, n_cause, strict=True)):
        h, h_cause = d / n, d_cause / n
        var_f += 2 * h_cause * cov + h_cause**2 * var_s + surv**2 * h_cause * (1 - h_cause) / n
        cov = (1 - h) * (cov + h_cause * var_s) - surv**2 * h_cause * (1 - h) / n
        var_s = (1 - h) ** 2 * var_s + surv**2 * h * (1 - h) / n
        surv *= 1 - h
        # Rounding may leave a variance that is exactly 0 a hair below it.
        std_err[row] = math.sqrt(max(var_f, 0.0))
    return std_err


def incidence_at(curves: AalenJohansen, cause: int, times: ArrayLike) -> list[Estimate]:
    """Read the cumulative incidence of one cause at landmark times.

    Parameters
    ----------
    curves : AalenJohansen
        Result of `aalen_johansen`.
    cause : int
        Code of the cause.
    times : array_like, shape (m,) or scalar
        Landmarks in the unit of the curves, 0 or more.

    Returns
    -------
    list of Estimate, length m
        Not estimable after the last observed time. Before the first, 0 with limits (0, 0), as in R.

    Raises
    ------
    ValueError
        If the cause is unknown, or a landmark is missing, infinite or negative, or there is none.
    """
    curve = curves.of(cause)
    band = curve.std_err, curve.conf_low, curve.conf_high
    level, scale = curves.conf_level, curves.conf_type
    return read_steps(Steps(curves.time, curve.incidence, *band, level, scale, start=0.0, called="incidence"), times)
