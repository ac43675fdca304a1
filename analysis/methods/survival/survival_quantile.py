"""By when has a fraction of subjects had the event? Quantiles of a survival curve, the median among them."""

from typing import Literal, get_args

import numpy as np

from analysis.methods.common.estimate import Estimate
from analysis.methods.common.interval import check_choice, check_real
from analysis.methods.survival.kaplan_meier import KaplanMeier
from analysis.methods.survival.time_to_event import TOLERANCE, Floats

PlateauRule = Literal["midpoint", "table", "sas", "left", "right"]
PLATEAU_RULES: tuple[PlateauRule, ...] = get_args(PlateauRule)


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
