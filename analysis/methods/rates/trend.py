"""Does a proportion rise with the dose? The Cochran-Armitage test, by chi-square and exactly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from analysis.methods.common import Flags, Floats, Ints, check_counts, check_real

_HELD = 2**62
"""Sums of scores up to it are held as whole numbers of the machine; larger ones by Python, slower."""


@dataclass(frozen=True)
class Trend:
    """Result of the Cochran-Armitage test.

    Attributes
    ----------
    statistic : float or None
        Chi-square on one degree of freedom.
    p_value : float or None
        Its two-sided p-value.
    p_exact, p_increasing : float or None
        Given the margins: of a sum of scores at least as far from what is expected, and of one at least as large.
    reason : str or None
        Why there is no test.
    """

    statistic: float | None
    p_value: float | None
    p_exact: float | None
    p_increasing: float | None
    reason: str | None = None


def cochran_armitage(
    events: Sequence[int], sizes: Sequence[int], scores: Sequence[float] | None = None, *, exact: bool = True
) -> Trend:
    r"""Test whether a proportion changes in proportion to a score [1]_, [2]_.

    With :math:`S = \sum s_i x_i` and :math:`\bar p = \sum x_i / N`, the statistic is

    .. math:: \frac{(S - \bar p \sum n_i s_i)^2}{\bar p (1 - \bar p)\left(\sum n_i s_i^2 - (\sum n_i s_i)^2 / N\right)}.

    Exactly, all tables with these margins are weighed by their hypergeometric probability: that of binomial counts of
    one proportion, given their sum.

    Parameters
    ----------
    events, sizes : sequence of int, length k
        Events and subjects of each group, in the order of the scores.
    scores : sequence of float, length k, optional
        1, 2, ... when left out; each is the decimal number it is written as (0.3 is 3/10).
    exact : bool
        Whether the exact p-values are asked for.

    Raises
    ------
    ValueError
        If lengths differ, a count is no whole number or exceeds its group, or all scores are the same.

    References
    ----------
    .. [1] Cochran WG. Some methods for strengthening the common chi-square tests. Biometrics 1954;10:417-451.
    .. [2] Armitage P. Tests for linear trends in proportions and frequencies. Biometrics 1955;11:375-386.
    """
    at = list(range(1, len(sizes) + 1)) if scores is None else [check_real(s, "scores") for s in scores]
    if not len(events) == len(sizes) == len(at) or len(at) < 2:
        given = f"{len(events)} counts of events, {len(sizes)} sizes and {len(at)} scores"
        raise ValueError(f"{given}: give two or more of each.")
    groups = [(*check_counts(x, n), Fraction(repr(s))) for x, n, s in zip(events, sizes, at, strict=True) if n]
    if len({s for _, _, s in groups}) < 2:
        return Trend(None, None, None, None, "there are subjects in one group alone, or all scores are the same")
    x, n = sum(g[0] for g in groups), sum(g[1] for g in groups)
    if x in {0, n}:
        return Trend(None, None, None, None, f"{'nobody' if x == 0 else 'everybody'} has the event")
    total = sum((s * k for k, _, s in groups), Fraction(0))
    mean = sum((s * m for _, m, s in groups), Fraction(0)) / n
    spread = sum((m * (s - mean) ** 2 for _, m, s in groups), Fraction(0)) * Fraction(x * (n - x), n * n)
    statistic = float((total - x * mean) ** 2 / spread)
    p_value = math.erfc(math.sqrt(statistic / 2))
    return Trend(statistic, p_value, *(_exact(groups) if exact else (None, None)))


def _exact(groups: list[tuple[int, int, Fraction]]) -> tuple[float, float]:
    """Return two-sided and one-sided p: sums of scores that no table has take no room, whatever unit they have."""
    x, n = sum(g[0] for g in groups), sum(g[1] for g in groups)
    unit, least = math.lcm(*(s.denominator for *_, s in groups)), min(s for *_, s in groups)
    wide = [int((s - least) * unit) for *_, s in groups]
    steps = [step // math.gcd(*wide) for step in wide]
    kind = np.int64 if max(steps) * (n + 1) ** 2 < _HELD else object
    had: Ints = np.zeros(1, kind)
    total, to_come = had, n
    weight: Floats = np.ones(1)
    odds = math.log(x) - math.log(n - x)
    for (_, size, _), step in zip(groups, steps, strict=True):
        to_come -= size
        # Of each number of events in the group, the states that can still end at x.
        kept = [np.flatnonzero((had + k <= x) & (had + k + to_come >= x)) for k in range(min(size, x) + 1)]
        now = np.concatenate([had[of] + k for k, of in enumerate(kept)])
        sums = np.concatenate([total[of] + k * step for k, of in enumerate(kept)])
        binomial = [
            math.exp(math.log(math.comb(size, k)) + k * odds - size * math.log1p(math.exp(odds)))
            for k in range(len(kept))
        ]
        ways = np.concatenate([weight[of] * p for of, p in zip(kept, binomial, strict=True)])
        states, place = np.unique(sums * (x + 1) + now, return_inverse=True)
        total, had, weight = states // (x + 1), states % (x + 1), np.bincount(place, ways).astype(float)
    away = total * n - x * sum(step * size for (_, size, _), step in zip(groups, steps, strict=True))
    observed = sum(k * step for (k, *_), step in zip(groups, steps, strict=True))
    own = away[np.flatnonzero(total == observed)[0]]
    far, above = (np.abs(away) >= abs(own)).astype(bool), (away >= own).astype(bool)
    return _share(weight, far), _share(weight, above)


def _share(weight: Floats, chosen: Flags) -> float:
    """Return the probability of the chosen sums; of all of them it is 1, which a sum misses by rounding."""
    return 1.0 if chosen.all() else min(1.0, float(weight[chosen].sum() / weight.sum()))
