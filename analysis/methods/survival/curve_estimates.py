"""What a survival curve says: survival at given times, quantiles (the median among them), the restricted mean."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from analysis.methods.common import Estimate, Floats, check_bool, check_choice, check_positive, check_real
from analysis.methods.survival.kaplan_meier import KaplanMeier
from analysis.methods.survival.time_to_event import TOLERANCE, check_times, merge_ties, same_instant

PlateauRule = Literal["midpoint", "table", "sas", "left", "right"]
PLATEAU_RULES: tuple[PlateauRule, ...] = get_args(PlateauRule)


@dataclass(frozen=True, eq=False)
class Steps:
    """A step function of time with its pointwise band, arrays of shape (k,); `start` before the first time."""

    time: Floats
    value: Floats
    std_err: Floats
    conf_low: Floats
    conf_high: Floats
    conf_level: float
    conf_type: str
    start: float
    called: str


def survival_at(km: KaplanMeier, times: ArrayLike) -> list[Estimate]:
    r"""Read a survival curve, :math:`\hat S(t)` of `kaplan_meier`, at landmark times.

    Parameters
    ----------
    km : KaplanMeier
        Curve with its band.
    times : array_like, shape (m,) or scalar
        Landmarks in the unit of the curve, 0 or more, in any order.

    Returns
    -------
    list of Estimate, length m
        Survival just after each landmark, with the limits of the band. Before the first observed time survival
        is 1 with limits (1, 1), as in R. After the last observed time it is not estimable, whatever the
        curve's last value: nobody was observed there, and a value is not carried forward.

    Raises
    ------
    ValueError
        If a landmark is missing, infinite or negative, or there is none.
    """
    band = km.std_err, km.conf_low, km.conf_high
    return read_steps(Steps(km.time, km.surv, *band, km.conf_level, km.conf_type, start=1.0, called="curve"), times)


def read_steps(steps: Steps, times: ArrayLike) -> list[Estimate]:
    """Read a step function with its band just after each of some times: not beyond the last observed one."""
    return [_read(steps, float(t)) for t in check_times(np.atleast_1d(times), "times")]


def _read(steps: Steps, t: float) -> Estimate:
    level, scale, last = steps.conf_level, steps.conf_type, float(steps.time[-1])
    if t > last + same_instant(t):
        reason = f"time {t:.6g} is after the last observed time, {last:.6g}"
        return Estimate(estimate=None, conf_level=level, conf_type=scale, reason=reason)
    row = int(np.searchsorted(steps.time, t + same_instant(t), side="right")) - 1
    if row < 0:
        start = steps.start
        return Estimate(estimate=start, conf_low=start, conf_high=start, std_err=0.0, conf_level=level, conf_type=scale)
    value, std_err, low, high = (float(v[row]) for v in (steps.value, steps.std_err, steps.conf_low, steps.conf_high))
    undefined = f"the {scale} band is not defined where the {steps.called} is {value:.6g}"
    return Estimate(
        estimate=value,
        conf_low=None if math.isnan(low) else low,
        conf_high=None if math.isnan(high) else high,
        std_err=None if math.isnan(std_err) else std_err,
        conf_level=level,
        conf_type=scale,
        conf_low_reason=undefined if math.isnan(low) else None,
        conf_high_reason=undefined if math.isnan(high) else None,
    )


def n_risk_at(time: ArrayLike, times: ArrayLike) -> list[int]:
    r"""Count the subjects at risk at the start of given instants, as R and SAS print under a curve.

    .. math:: n(t) = \#\{i : t_i \ge t\}

    Parameters
    ----------
    time : array_like, shape (n,)
        Observed times to event or censoring, 0 or more.
    times : array_like, shape (m,) or scalar
        Instants in the same unit, 0 or more.

    Returns
    -------
    list of int, length m
        Subjects whose observed time is at or after each instant; 0 after the last one. lifelines' at-risk table
        counts after the instant's events, so a death on the day of the landmark is missing there.

    Raises
    ------
    ValueError
        If a time is missing, infinite or negative, or there is none.
    """
    observed = merge_ties(check_times(time))
    asked = check_times(np.atleast_1d(times), "times")
    return [int((observed >= t - same_instant(t)).sum()) for t in asked]


def quantile(
    km: KaplanMeier, p: float, rule: PlateauRule = "midpoint", *, called: str = "the survival curve"
) -> Estimate:
    r"""Estimate the time by which a fraction `p` of subjects has had the event, with limits [1]_.

    The limits invert the pointwise band of the curve: the lower limit is the same quantile of the curve's lower
    limit and the upper limit that of its upper limit (Brookmeyer and Crowley's construction on the scale of
    the band). On a plateau of the curve at exactly :math:`1 - p` (within sqrt(eps)) the rules part:

    - "midpoint": middle of the plateau; when the curve ends on it, the middle of its beginning and the last
      observed time. R's ``quantile(survfit(...))``.
    - "table": the same, but the beginning of the plateau when the curve ends on it, and the first crossing
      where a limit is not monotone. What R prints for a survfit.
    - "sas": the same, but not estimable when the curve ends on the plateau. What PROC LIFETEST prints.
    - "left": :math:`\inf\{t: S(t) \le 1 - p\}`, the beginning of the plateau.
    - "right": :math:`\inf\{t: S(t) < 1 - p\}`, its end; not estimable when the curve ends on it.

    Parameters
    ----------
    km : KaplanMeier
        Curve with its band.
    p : float
        Fraction with the event, in (0, 1); 0.5 for the median.
    rule : {"midpoint", "table", "sas", "left", "right"}
        What to do on a plateau.
    called : str
        What a reason calls the curve.

    Returns
    -------
    Estimate
        In the unit of time; None with the reason where the curve, or the limit, does not come down to 1 - p, or
        reaches it and the rule gives no time. The band has no value where the curve is 0, so an upper limit is often
        not estimable, and where it is 1 on most scales, so that neither may be.

    Raises
    ------
    ValueError
        If `p` is not in (0, 1) or the rule is unknown.

    References
    ----------
    .. [1] Brookmeyer R, Crowley J. A confidence interval for the median survival time. Biometrics 1982;38:29-41.
    """
    fraction = check_real(p, "p")
    if not 0 < fraction < 1:
        raise ValueError(f"p must be strictly between 0 and 1 (0.5 for the median), not {p!r}.")
    check_choice(rule, PLATEAU_RULES, "rule")
    # The quantile of the curve's lower limit is the earlier time.
    estimate, low, high = (
        _crossing(km.time, curve, 1 - fraction, rule) for curve in (km.surv, km.conf_low, km.conf_high)
    )
    level = 1 - fraction
    return Estimate(
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        conf_level=km.conf_level,
        conf_type=km.conf_type,
        reason=None if estimate is not None else _why(km, km.surv, level, called),
        conf_low_reason=None if low is not None else _why(km, km.conf_low, level, "the lower limit of the curve"),
        conf_high_reason=None if high is not None else _why(km, km.conf_high, level, "the upper limit of the curve"),
    )


def median(km: KaplanMeier, rule: PlateauRule = "midpoint", *, called: str = "the survival curve") -> Estimate:
    """Estimate the median time to event, with limits: `quantile` at p = 0.5.

    Parameters
    ----------
    km : KaplanMeier
        Curve with its band.
    rule : {"midpoint", "table", "sas", "left", "right"}
        What to do where the curve stays at exactly 0.5.
    called : str
        What a reason calls the curve.

    Returns
    -------
    Estimate
        In the unit of time.

    Raises
    ------
    ValueError
        If the rule is unknown.
    """
    return quantile(km, 0.5, rule, called=called)


def _why(km: KaplanMeier, curve: Floats, level: float, called: str) -> str:
    """Return why a curve, or a limit of it, has no time at which it is down to a level."""
    goal, band = f"{level:.6g}", f"the {km.conf_type} band has no value"
    defined = curve[~np.isnan(curve)]
    if not defined.size:
        values = " or ".join(f"{value:g}" for value in np.unique(km.surv)[::-1])
        return f"{called} is not defined: {band} where the curve is {values}, as it is at each time observed"
    if (defined < level + TOLERANCE).any():
        return f"{called} does not come down to less than {goal}, which it reaches"
    if np.isnan(curve[-1]):
        return f"{called} does not come down to {goal} before the curve is 0, where {band}"
    return f"{called} does not come down to {goal} within the follow-up"


def _crossing(time: Floats, curve: Floats, level: float, rule: PlateauRule) -> float | None:
    """Return when a curve that begins at (0, 1) comes down to a level; None if it never does."""
    t, s = np.concatenate(([0.0], time)), np.concatenate(([1.0], curve))
    if rule == "midpoint":
        return _midpoint(t, s, level)
    t, s = t[~np.isnan(s)], s[~np.isnan(s)]
    reached, passed = np.flatnonzero(s < level + TOLERANCE), np.flatnonzero(s < level - TOLERANCE)
    if rule == "right":
        return float(t[passed[0]]) if passed.size else None
    if not reached.size:
        return None
    first = float(t[reached[0]])
    if rule == "left" or abs(s[reached[0]] - level) >= TOLERANCE:
        return first
    later = np.flatnonzero(s < s[reached[0]])
    if later.size:
        return (first + float(t[later[0]])) / 2
    return first if rule == "table" else None


def _midpoint(t: Floats, s: Floats, level: float) -> float | None:
    """Return the crossing by the rule of R's ``quantile.survfit``."""
    steps = np.sort(np.unique(s, return_index=True)[1])
    last = s[steps[-1]]
    steps = steps[~np.isnan(s[steps])]
    # A limit need not fall steadily; R looks a level up in the sorted values of the curve, not along time.
    fall = steps[np.argsort(-s[steps])]
    reached, passed = fall[s[fall] <= level + TOLERANCE], fall[s[fall] <= level - TOLERANCE]
    if not reached.size:
        return None
    first = float(t[reached[0]])
    if abs(last - level) < TOLERANCE:
        return (first + float(t[-1])) / 2
    return (first + float(t[passed[0]])) / 2 if passed.size else None


def restricted_mean(km: KaplanMeier, tau: float, *, extend: bool = False) -> Estimate:
    r"""Estimate the mean of min(time, tau): the area under a survival curve up to tau [1]_.

    .. math::
        \widehat{RMST} = \int_0^\tau \hat S(t)\,dt, \qquad
        \widehat{Var} = \sum_{t_i \le \tau} A_i^2 \frac{d_i}{n_i (n_i - d_i)}, \quad
        A_i = \int_{t_i}^\tau \hat S(t)\,dt

    with limits :math:`\widehat{RMST} \pm z \sqrt{\widehat{Var}}`, neither of them kept within [0, tau].

    Parameters
    ----------
    km : KaplanMeier
        The curve; its level is the level of the limits.
    tau : float
        Horizon in the unit of time, above 0.
    extend : bool
        Beyond the last observed time, extend a curve that has not reached 0 flat up to tau, as R and lifelines do
        without a word. By default the restricted mean is not estimable there.

    Returns
    -------
    Estimate
        In the unit of time, with its standard error. A curve that has reached 0 adds nothing beyond its end, so
        its restricted mean is estimable for any tau.

    Raises
    ------
    ValueError
        If tau is not a finite number above 0, or `extend` is not True or False.

    References
    ----------
    .. [1] Royston P, Parmar MKB. Restricted mean survival time: an alternative to the hazard ratio for the design
       and analysis of randomized trials with a time-to-event outcome. BMC Med Res Methodol 2013;13:152.
    """
    horizon = check_positive(tau, "tau")
    check_bool(extend, "extend")
    last = float(km.time[-1])
    if horizon > last + same_instant(last) and km.surv[-1] > 0 and not extend:
        return Estimate(
            estimate=None,
            conf_level=km.conf_level,
            conf_type="plain",
            reason=f"tau {horizon:.6g} is after the last observed time, {last:.6g}, where survival is not yet 0",
        )
    inside = km.time <= horizon
    edges = np.concatenate(([0.0], km.time[inside], [horizon]))
    areas = np.diff(edges) * np.concatenate(([1.0], km.surv[inside]))
    mean = float(areas.sum())
    area_after = areas[:0:-1].cumsum()[::-1]
    # lifelines' variance is that of min(time, tau) itself, not of the estimated mean, so it is not used.
    n_risk, n_event = km.n_risk[inside], km.n_event[inside]
    survivors = n_risk - n_event
    # Where all fail the area after is 0; where nobody is at risk, ties being removed, nothing happens.
    terms = n_event / np.maximum(n_risk * survivors, 1) * (survivors > 0)
    std_err = float(np.sqrt(np.sum(area_after**2 * terms)))
    margin = float(-ndtri((1 - km.conf_level) / 2)) * std_err
    return Estimate(
        estimate=mean,
        conf_low=mean - margin,
        conf_high=mean + margin,
        std_err=std_err,
        conf_level=km.conf_level,
        conf_type="plain",
    )
