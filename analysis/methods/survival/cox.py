"""Is the hazard of one group a multiple of another's? Cox's proportional hazards, its limits and its check."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, chdtri

from analysis.methods.common import Flags, Floats, Ints, check_choice, check_level
from analysis.methods.survival.logrank import check_labels
from analysis.methods.survival.time_to_event import TOLERANCE, check_survival, read_only

Ties = Literal["efron", "breslow"]
_MOST: Final = 80
"""Steps of Newton's method: it needs some ten where there is a maximum."""
_DONE: Final = 1e-22
"""Twice the rise of the log-likelihood that one more step promises, below which there is no more to gain."""


@dataclass(frozen=True, eq=False)
class Cox:
    """Result of a proportional hazards regression.

    Attributes
    ----------
    coef : array, shape (p,)
        Log hazard ratios; the last tried where there is no maximum.
    covariance : array, shape (p, p)
        Inverse of the observed information.
    loglik_null, loglik : float
        Partial log-likelihood with every coefficient 0, and at its maximum.
    score : float or None
        Score statistic of the whole model, on p degrees of freedom.
    zph : array, shape (p,)
        Score statistic, on one degree of freedom each, of a coefficient that changes with 1 - S(t-).
    reason : str or None
        Why there is no estimate.
    """

    coef: Floats
    covariance: Floats
    loglik_null: float
    loglik: float
    score: float | None
    zph: Floats
    reason: str | None = None

    def p_wald(self, column: int = 0) -> float:
        """Return the two-sided Wald p-value of a coefficient."""
        return math.erfc(abs(self.coef[column]) / math.sqrt(2 * self.covariance[column, column]))

    def limits(self, conf_level: float, column: int = 0) -> tuple[float, float]:
        """Return the Wald limits of a hazard ratio: exp(coef ± z se)."""
        half = math.sqrt(float(chdtri(1, 1 - check_level(conf_level))) * self.covariance[column, column])
        return math.exp(self.coef[column] - half), math.exp(self.coef[column] + half)


def cox(
    time: ArrayLike, event: ArrayLike, covariates: ArrayLike, *, stratum: ArrayLike | None = None, ties: Ties = "efron"
) -> Cox:
    r"""Fit Cox's proportional hazards model [1]_, ties by Efron [2]_ or Breslow.

    With :math:`w_i = \exp(x_i'\beta)`, the *d* tied events :math:`D` at a time whose risk set is :math:`R` add

    .. math:: \sum_{i \in D} x_i'\beta - \sum_{l=0}^{d-1} \log\Bigl(\sum_{i \in R} w_i - \tfrac{l}{d}
              \sum_{i \in D} w_i\Bigr)

    to the log-likelihood (Breslow: without the last term), which Newton's method maximises from 0. The check of
    proportional hazards is the score test of a further covariate :math:`x\,(1 - \hat S(t-))` [3]_, R's ``cox.zph``.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    covariates : array_like, shape (n, p)
        Numbers; the group as 0 and 1 first.
    stratum : array_like, shape (n,), optional
        Labels of strata, each with its own baseline hazard.
    ties : {"efron", "breslow"}
        How tied events are counted.

    Returns
    -------
    Cox
        With a reason where there is no event, a covariate cannot be told from a constant or from others where events
        occurred, or the likelihood has no maximum (one group without events, separation).

    Raises
    ------
    ValueError
        As `kaplan_meier`; if covariates are not n rows of finite numbers, or a label is missing.

    References
    ----------
    .. [1] Cox DR. Regression models and life-tables. J R Stat Soc B 1972;34:187-220.
    .. [2] Efron B. The efficiency of Cox's likelihood function for censored data. J Am Stat Assoc 1977;72:557-565.
    .. [3] Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted residuals.
       Biometrika 1994;81:515-526.
    """
    risk = _risk(time, event, covariates, stratum, ties)
    beta, found, reason = _maximised(risk, np.zeros(risk.width), np.arange(risk.width))
    none = risk.at(np.zeros(risk.width))
    start = none.information.sum(axis=0)
    score = none.score.sum(axis=0)
    known = reason is None
    return Cox(
        coef=read_only(beta / risk.scale),
        covariance=read_only(np.linalg.inv(found.information.sum(axis=0)) / np.outer(risk.scale, risk.scale))
        if known
        else np.full((risk.width, risk.width), np.nan),
        loglik_null=none.loglik,
        loglik=found.loglik,
        score=float(score @ np.linalg.solve(start, score)) if known else None,
        zph=_zph(risk, found) if known else np.full(risk.width, np.nan),
        reason=reason,
    )


def profile_limits(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    conf_level: float,
    *,
    stratum: ArrayLike | None = None,
    ties: Ties = "efron",
) -> tuple[float, float]:
    r"""Return the profile likelihood limits of the first hazard ratio [1]_.

    They are where :math:`2(l(\hat\beta) - \max l(\beta_1, \cdot))` is the quantile of chi-square on one degree of
    freedom. Where the likelihood rises without end in one direction, that limit is 0 or infinite and the other one
    is where it falls below its supremum by as much.

    Parameters
    ----------
    time, event, covariates, stratum, ties
        As for `cox`, which must not say that a covariate cannot be told apart.
    conf_level : float
        Two-sided level, in (0, 1).

    References
    ----------
    .. [1] Venzon DJ, Moolgavkar SH. A method for computing profile-likelihood-based confidence intervals. Appl Stat
       1988;37:87-94.
    """
    risk = _risk(time, event, covariates, stratum, ties)
    best, found, _ = _maximised(risk, np.zeros(risk.width), np.arange(risk.width))
    least = found.loglik - float(chdtri(1, 1 - check_level(conf_level))) / 2
    others = np.arange(1, risk.width)

    def above(first: float) -> float:
        start = best.copy()
        start[0] = first
        return _maximised(risk, start, others)[1].loglik - least

    low, high = (_crossing(above, float(best[0]), sign) for sign in (-1, 1))
    return math.exp(low / risk.scale[0]), math.exp(high / risk.scale[0])


def _crossing(above: Callable[[float], float], inside: float, sign: int) -> float:
    """Return where a function that is positive inside falls to 0 in one direction; infinite where it does not."""
    step = 1.0
    while above(inside + sign * step) > 0:
        step *= 2
        if step > 64:
            return sign * math.inf
    near, far = inside, inside + sign * step
    for _ in range(200):
        middle = (near + far) / 2
        if middle in {near, far}:
            break
        near, far = (middle, far) if above(middle) > 0 else (near, middle)
    return (near + far) / 2


@dataclass(frozen=True, eq=False)
class _Found:
    """The log-likelihood at some coefficients, and what each event time adds to its derivatives."""

    loglik: float
    score: Floats
    """Shape (k, p)."""
    information: Floats
    """Shape (k, p, p)."""


@dataclass(frozen=True, eq=False)
class _Part:
    """The subjects of a stratum in the order of their times, and its event times."""

    x: Floats
    first: Ints
    """Of each event time, the position of the first subject at risk."""
    tied: Ints
    """Of each subject with the event, which event time."""
    dying: Ints
    """Positions of the subjects with the event."""
    size: Ints
    """Events at each event time."""


@dataclass(frozen=True, eq=False)
class _Risk:
    """Strata, the scale of each covariate, and of each event time how far the pooled curve had fallen before."""

    parts: tuple[_Part, ...]
    scale: Floats
    fallen: Floats
    efron: bool

    @property
    def width(self) -> int:
        return len(self.scale)

    def at(self, beta: Floats) -> _Found:
        found = [_of_part(part, beta, efron=self.efron) for part in self.parts]
        score, information = (np.concatenate([f[i] for f in found]) for i in (1, 2))
        return _Found(math.fsum(f[0] for f in found), score, information)


def _risk(time: ArrayLike, event: ArrayLike, covariates: ArrayLike, stratum: ArrayLike | None, ties: Ties) -> _Risk:
    times, events = check_survival(time, event)
    check_choice(ties, ("efron", "breslow"), "ties")
    x = np.asarray(covariates, dtype=np.float64)
    if x.ndim != 2 or len(x) != times.size or not np.isfinite(x).all():
        raise ValueError(f"covariates must be {times.size} rows of finite numbers, one row a subject.")
    labels = [""] * times.size if stratum is None else check_labels(stratum, times.size, "stratum")
    # Centred and of like size, exp() keeps its digits; the estimates do not depend on it.
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = (x - x.mean(axis=0)) / scale
    masks = [np.array([label == one for label in labels]) for one in dict.fromkeys(labels)]
    made = [_part(times[m], events[m], z[m]) for m in masks]
    fallen = [_fallen(times, events, at) for _, at in made]
    return _Risk(tuple(p for p, _ in made), scale, np.concatenate(fallen), ties == "efron")


def _part(times: Floats, events: Flags, x: Floats) -> tuple[_Part, Floats]:
    order = np.argsort(times, kind="stable")
    times, events, x = times[order], events[order], x[order]
    instants, tied, size = np.unique(times[events], return_inverse=True, return_counts=True)
    return _Part(x, np.searchsorted(times, instants), tied, np.flatnonzero(events), size), instants


def _fallen(times: Floats, events: Flags, instants: Floats) -> Floats:
    """Return 1 - S(t-) of the pooled curve at some times."""
    own, d = np.unique(times[events], return_counts=True)
    n = np.array([(times >= t).sum() for t in own])
    left = np.concatenate(([1.0], np.cumprod(1 - d / n)))
    return np.asarray(1 - left[np.searchsorted(own, instants)], dtype=np.float64)


def _of_part(part: _Part, beta: Floats, *, efron: bool) -> tuple[float, Floats, Floats]:
    x = part.x
    line = x @ beta
    top = float(line.max(initial=0.0))
    w = np.exp(line - top)
    wx = w[:, None] * x
    wxx = wx[:, :, None] * x[:, None, :]
    below = [np.cumsum(a[::-1], axis=0)[::-1][part.first] for a in (w, wx, wxx)]
    events = len(part.size)
    tied = [np.zeros((events, *a.shape[1:])) for a in (w, wx, wxx)]
    for total, a in zip(tied, (w, wx, wxx), strict=True):
        np.add.at(total, part.tied, a[part.dying])
    score = np.zeros((events, x.shape[1]))
    np.add.at(score, part.tied, x[part.dying])
    information = np.zeros((events, x.shape[1], x.shape[1]))
    logs = [float(line[part.dying].sum())]
    for i in range(int(part.size.max(initial=0))):
        at = np.flatnonzero(part.size > i)
        share = i / part.size[at] if efron else np.zeros(len(at))
        s0, s1, s2 = (b[at] - share.reshape(-1, *[1] * (b.ndim - 1)) * t[at] for b, t in zip(below, tied, strict=True))
        mean = s1 / s0[:, None]
        logs.append(-float((np.log(s0) + top).sum()))
        score[at] -= mean
        information[at] += s2 / s0[:, None, None] - mean[:, :, None] * mean[:, None, :]
    return math.fsum(logs), score, information


def _maximised(risk: _Risk, start: Floats, free: Ints) -> tuple[Floats, _Found, str | None]:
    """Return the coefficients of the maximum over some of them, what is there, and why there is none."""
    beta, here = start.copy(), risk.at(start)
    if not free.size:
        return beta, here, None
    if not len(here.score):
        return beta, here, "no subject had the event"
    told = here.information.sum(axis=0)[np.ix_(free, free)]
    if np.linalg.matrix_rank(told, hermitian=True, tol=TOLERANCE) < free.size:
        return beta, here, _NOT_TOLD
    for _ in range(_MOST):
        information = here.information.sum(axis=0)[np.ix_(free, free)]
        score = here.score.sum(axis=0)[free]
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return beta, here, _WITHOUT_END
        promised = float(score @ step)
        there = beta.copy()
        there[free] += step
        further = risk.at(there)
        while further.loglik < here.loglik and promised > _DONE:
            step /= 2
            if not np.abs(step).max() > 1e-15:
                break
            there[free] = beta[free] + step
            further = risk.at(there)
        beta, here = there, further
        if promised < _DONE:
            break
    # Where the likelihood rises without end, each step takes a share of what is left, and of the information.
    left = np.linalg.eigvals(np.linalg.solve(told, here.information.sum(axis=0)[np.ix_(free, free)]))
    return beta, here, _WITHOUT_END if promised >= _DONE or left.real.min() < _DONE**0.5 else None


_NOT_TOLD: Final = "where events occurred, a covariate or the groups cannot be told from a constant or from each other"
_WITHOUT_END: Final = "the likelihood has no maximum: events are separated by a covariate, or one group has none"


def _zph(risk: _Risk, found: _Found) -> Floats:
    """Return the score statistics of coefficients that change with the fall of the pooled curve, one at a time."""
    late = risk.fallen - risk.fallen.mean()
    plain, mixed, squared = (
        np.tensordot(weight, found.information, axes=1) for weight in (np.ones_like(late), late, late**2)
    )
    score = late @ found.score
    statistics = []
    for j in range(risk.width):
        spread = squared[j, j] - mixed[j] @ np.linalg.solve(plain, mixed[j])
        statistics.append(score[j] ** 2 / spread if spread > TOLERANCE * squared[j, j] else np.nan)
    return read_only(np.array(statistics))


def p_of(statistic: float, df: int) -> float:
    """Return the probability of a chi-square above a statistic."""
    return float(chdtrc(df, statistic))
