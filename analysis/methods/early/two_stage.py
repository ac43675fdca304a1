"""Simon's two-stage design of one arm: its search, and what may be said after it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom

from analysis.methods.common import check_level

_ROOT: Final = 1e-14


@dataclass(frozen=True)
class TwoStageDesign:
    """A design: stop after n1 with at most r1 responders; the drug is of no interest with at most r among n.

    Attributes
    ----------
    r1, n1, r, n : int
        Limits and subjects of the first stage and of both.
    expected_n : float
        Expected number of subjects under p0.
    stop_early : float
        Probability under p0 to stop after the first stage.
    """

    r1: int
    n1: int
    r: int
    n: int
    expected_n: float
    stop_early: float


@dataclass(frozen=True)
class TwoStageResult:
    """What x responders of a two-stage design say: the unbiased estimate, the exact p-value and limits.

    Attributes
    ----------
    estimate : float
        The uniformly minimum variance unbiased estimate.
    p_value : float
        One-sided, against a rate of at most p0.
    conf_low, conf_high : float
        Exact limits.
    rejected : bool
        Whether there were more than r responders, so that a rate of p0 is rejected.
    stopped : bool
        Whether the trial ended with the first stage.
    """

    estimate: float
    p_value: float
    conf_low: float
    conf_high: float
    rejected: bool
    stopped: bool


def two_stage_designs(
    p0: float, p1: float, alpha: float, beta: float, n_max: int = 100
) -> tuple[TwoStageDesign, TwoStageDesign]:
    r"""Return Simon's optimal and minimax designs.

    Among all designs with

    .. math::
        P_{p_0}(X_1 > r_1,\; X_1 + X_2 > r) \le \alpha, \qquad P_{p_1}(X_1 > r_1,\; X_1 + X_2 > r) \ge 1 - \beta

    the optimal one has the smallest expected number of subjects under p0, the minimax one the smallest n, and of those
    the smallest expected number [1]_.

    Parameters
    ----------
    p0, p1 : float
        The rate that is of no interest and the one that is; 0 < p0 < p1 < 1.
    alpha, beta : float
        Largest error of the first and of the second kind, in (0, 1).
    n_max : int
        Largest n that is looked at.

    Returns
    -------
    tuple of TwoStageDesign
        The optimal and the minimax design.

    Raises
    ------
    ValueError
        If a rate or an error is outside its bounds, or no design has n <= n_max.

    References
    ----------
    .. [1] Simon R. Optimal two-stage designs for phase II clinical trials. Control Clin Trials 1989;10:1-10.
    """
    if not 0 < p0 < p1 < 1:
        raise ValueError(f"p0 and p1 must be 0 < p0 < p1 < 1, not {p0} and {p1}")
    for name, error in (("alpha", alpha), ("beta", beta)):
        if not 0 < error < 1:
            raise ValueError(f"{name} must be between 0 and 1, not {error}")
    found = [d for n in range(2, n_max + 1) for d in _designs(n, p0, p1, alpha, beta)]
    if not found:
        raise ValueError(f"n_max = {n_max} is too small: no design has these errors")
    return min(found, key=lambda d: (d.expected_n, d.n)), min(found, key=lambda d: (d.n, d.expected_n))


def two_stage(x: int, design: tuple[int, int, int, int], p0: float, conf_level: float = 0.90) -> TwoStageResult:
    r"""Estimate a rate after a two-stage design that was followed as planned.

    The trial ended with the first stage where x <= r1, and the estimate is x / n1; else it is the unbiased [1]_

    .. math::
        \hat\pi = \frac{\sum_{x_1 > r_1} \binom{n_1 - 1}{x_1 - 1} \binom{n_2}{x - x_1}}
                       {\sum_{x_1 > r_1} \binom{n_1}{x_1} \binom{n_2}{x - x_1}}

    Outcomes are ordered by x, which is the order of the estimates; p is the probability under p0 of x or more [2]_. The
    limits are the rates under which x or more, and x or fewer, have probability (1 - level) / 2. (The upper limit of
    R's clinfun takes fewer than x for x or fewer; it is the one of the outcome before, and covers less than its level.)

    Parameters
    ----------
    x : int
        Responders in all; those of the first stage where the trial ended there.
    design : tuple of int
        r1, n1, r, n of `TwoStageDesign`; 0 <= r1 < n1 < n, r1 <= r < n.
    p0 : float
        The rate that is of no interest, in (0, 1).
    conf_level : float
        Two-sided confidence level in (0, 1).

    Returns
    -------
    TwoStageResult
        Estimate, one-sided p-value, limits and the decision.

    Raises
    ------
    ValueError
        If the numbers are no design, x is not among its outcomes, or p0 or the level is outside (0, 1).

    References
    ----------
    .. [1] Jung SH, Kim KM. On the estimation of the binomial probability in multistage clinical trials. Stat Med
           2004;23:881-896.
    .. [2] Koyama T, Chen H. Proper inference from Simon's two-stage designs. Stat Med 2008;27:3145-3154.
    """
    r1, n1, r, n = design
    if not (0 <= r1 < n1 < n and r1 <= r < n):
        raise ValueError(f"design (r1, n1, r, n) must be 0 <= r1 < n1 < n and r1 <= r < n, not {r1}, {n1}, {r}, {n}")
    if not 0 <= x <= n:
        raise ValueError(f"x must be between 0 and n = {n}, not {x}")
    if not 0 < p0 < 1:
        raise ValueError(f"p0 must be between 0 and 1, not {p0}")
    tail = (1 - check_level(conf_level)) / 2
    stopped = x <= r1

    def at_least(k: int, rate: float) -> float:
        if k <= r1:
            return float(binom.sf(k - 1, n1, rate))
        first = np.arange(r1 + 1, n1 + 1)
        return float(np.sum(binom.pmf(first, n1, rate) * binom.sf(k - first - 1, n - n1, rate)))

    def solved(k: int, probability: float) -> float:
        return float(brentq(lambda rate: at_least(k, rate) - probability, 0.0, 1.0, xtol=_ROOT, rtol=_ROOT))

    return TwoStageResult(
        estimate=x / n1 if stopped else _unbiased(x, r1, n1, n - n1),
        p_value=at_least(x, p0),
        conf_low=solved(x, tail) if x > 0 else 0.0,
        conf_high=solved(x + 1, 1 - tail) if x < n else 1.0,
        rejected=x > r,
        stopped=stopped,
    )


def _unbiased(x: int, r1: int, n1: int, n2: int) -> float:
    first = range(max(r1 + 1, x - n2), min(x, n1) + 1)
    ways = sum(math.comb(n1, k) * math.comb(n2, x - k) for k in first)
    return sum(math.comb(n1 - 1, k - 1) * math.comb(n2, x - k) for k in first) / ways


def _designs(n: int, p0: float, p1: float, alpha: float, beta: float) -> Iterator[TwoStageDesign]:
    """Yield for each first stage of a trial of n the smallest r that keeps alpha, where it has the power."""
    limits = np.arange(n)
    for n1 in range(1, n):
        null, power = (_beyond(n1, n, rate) for rate in (p0, p1))
        for r1 in range(n1):
            keeps = limits[r1:][null[r1, r1:] <= alpha]
            if len(keeps) and power[r1, keeps[0]] >= 1 - beta:
                stop = float(binom.cdf(r1, n1, p0))
                yield TwoStageDesign(r1, n1, int(keeps[0]), n, n1 + (1 - stop) * (n - n1), stop)


def _beyond(n1: int, n: int, rate: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return P(X1 > r1 and X > r) by r1 (rows, 0 to n1 - 1) and r (columns, 0 to n - 1)."""
    first = np.arange(n1 + 1)
    tails = binom.sf(np.arange(n)[None, :] - first[:, None], n - n1, rate)
    joint = binom.pmf(first, n1, rate)[:, None] * tails
    beyond: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = joint[::-1].cumsum(axis=0)[::-1][1:]
    return beyond
