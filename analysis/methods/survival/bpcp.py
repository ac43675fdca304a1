"""What is survival in a small sample? The beta product confidence procedure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv

from analysis.methods.common import Estimate, Floats, check_level
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.time_to_event import check_times, read_only, same_instant


@dataclass(frozen=True, eq=False)
class BetaProduct:
    """Survival and its beta product limits, one row an interval of time closed on the left.

    Attributes
    ----------
    time : array, shape (k + 1,)
        Left ends: 0 (unless someone was observed at 0), then the distinct observed times. The last row holds
        from the last observed time on.
    surv : array, shape (k + 1,)
        Kaplan-Meier estimate.
    conf_low, conf_high : array, shape (k + 1,)
        Limits; defined everywhere, also where the estimate is 0 or 1.
    conf_level : float
        Two-sided level.
    last : float
        Last observed time.
    """

    time: Floats
    surv: Floats
    conf_low: Floats
    conf_high: Floats
    conf_level: float
    last: float


def bpcp(time: ArrayLike, event: ArrayLike, conf_level: float = 0.95) -> BetaProduct:
    r"""Give finite-sample limits for a survival curve by the beta product confidence procedure [1]_, [2]_.

    With :math:`n_i` at risk and :math:`d_i` events at the observed times :math:`t_1 < \dots < t_k`, on
    :math:`[t_j, t_{j+1})`

    .. math::
        W^-_j = \prod_{i \le j} B(n_i - d_i + 1, d_i), \qquad W^+_j = W^-_j\, B(n_{j+1}, 1)

    are products of independent beta variables, :math:`n_{k+1} = 0` and :math:`B(0, 1) = 0`. The limits are the
    :math:`\alpha/2` quantile of :math:`W^+_j` and the :math:`1 - \alpha/2` quantile of :math:`W^-_j`, each
    product being replaced by the beta variable with its first two moments and the limits being kept from rising.
    Without censoring the products are beta variables and the limits are Clopper and Pearson's. The procedure is
    that of R's ``bpcp::bpcp`` (1.3.0 and later; nmc = 0, Delta = 0, monotonic).

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    conf_level : float
        Two-sided level in (0, 1).

    Returns
    -------
    BetaProduct

    Raises
    ------
    ValueError
        As `kaplan_meier`.

    References
    ----------
    .. [1] Fay MP, Brittain EH, Proschan MA. Pointwise confidence intervals for a survival distribution with small
       samples or heavy censoring. Biostatistics 2013;14:723-736.
    .. [2] Fay MP, Brittain EH. Finite sample pointwise confidence intervals for a survival distribution with
       right-censored data. Stat Med 2016;35:2726-2740.
    """
    level = check_level(conf_level)
    km = kaplan_meier(time, event)
    a, b = (km.n_risk - km.n_event + 1).astype(float), km.n_event.astype(float)
    upper = [1.0]
    lower = [float(_quantile(a[:0], b[:0], (1 - level) / 2, next_risk=int(km.n_risk[0])))]
    for j in range(1, a.size + 1):
        next_risk = int(km.n_risk[j]) if j < a.size else 0
        lower.append(_quantile(a[:j], b[:j], (1 - level) / 2, next_risk=next_risk))
        upper.append(_quantile(a[:j], b[:j], (1 + level) / 2))
    # An event or censoring at time 0 leaves nothing of the interval before it.
    first = 1 if km.time[0] == 0 else 0
    return BetaProduct(
        time=read_only(np.concatenate(([0.0], km.time))[first:]),
        surv=read_only(np.concatenate(([1.0], km.surv))[first:]),
        conf_low=read_only(np.minimum.accumulate(lower)[first:]),
        conf_high=read_only(np.minimum.accumulate(upper)[first:]),
        conf_level=level,
        last=float(km.time[-1]),
    )


def bpcp_at(curve: BetaProduct, times: ArrayLike) -> list[Estimate]:
    """Read survival and its beta product limits at landmark times.

    Parameters
    ----------
    curve : BetaProduct
        Result of `bpcp`.
    times : array_like, shape (m,) or scalar
        Landmarks in the unit of the curve, 0 or more.

    Returns
    -------
    list of Estimate, length m
        After the last observed time survival is not estimable; the limits there are 0 and the last upper limit,
        which hold because survival cannot rise.

    Raises
    ------
    ValueError
        If a landmark is missing, infinite or negative, or there is none.
    """
    return [_at(curve, float(t)) for t in check_times(np.atleast_1d(times), "times")]


def _at(curve: BetaProduct, t: float) -> Estimate:
    row = int(np.searchsorted(curve.time, t + same_instant(t), side="right")) - 1
    beyond = t > curve.last + same_instant(t)
    return Estimate(
        estimate=None if beyond else float(curve.surv[row]),
        conf_low=float(curve.conf_low[row]),
        conf_high=float(curve.conf_high[row]),
        conf_level=curve.conf_level,
        conf_type="beta product",
        reason=f"time {t:.6g} is after the last observed time, {curve.last:.6g}" if beyond else None,
    )


def _quantile(a: Floats, b: Floats, probability: float, next_risk: int | None = None) -> float:
    """Return a quantile of the beta variable with the mean and variance of a product of beta variables."""
    if next_risk == 0:
        return 0.0
    if next_risk is not None:
        a, b = np.append(a, next_risk), np.append(b, 1.0)
    if not b.any():
        return 1.0
    # With mean S and second moment T the parameters are (S-T)S/(T-SS) and (S-T)(1-S)/(T-SS); as ratios of
    # 1 - S, 1 - T/S and T/SS - 1, each summed on the log scale, they lose no digits in large samples.
    mean = float(np.exp(np.log1p(-b / (a + b)).sum()))
    below_one = float(-np.expm1(np.log1p(-b / (a + b)).sum()))
    fall = float(-np.expm1(np.log1p(-b / (a + b + 1)).sum()))
    spread = float(np.expm1(np.log1p(b / (a * (a + b + 1))).sum()))
    shape_a, shape_b = fall / spread, fall * below_one / (mean * spread)
    if probability < 0.5:
        return float(betaincinv(shape_a, shape_b, probability))
    return float(betainccinv(shape_a, shape_b, 1 - probability))
