"""Does a proportion rise with the dose? The Cochran-Armitage test, by chi-square and exactly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from analysis.methods.common import check_counts, check_real

_TIE = 1e-9
"""Share of the widest distance below which two distances from the expectation are the same."""


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

    Exactly, all tables with these margins are weighed by their hypergeometric probability.

    Parameters
    ----------
    events, sizes : sequence of int, length k
        Events and subjects of each group, in the order of the scores.
    scores : sequence of float, length k, optional
        1, 2, ... when left out.
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
    groups = [(*check_counts(x, n), Fraction(s)) for x, n, s in zip(events, sizes, at, strict=True) if n]
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
    return Trend(statistic, p_value, *(_exact(groups, x, total, x * mean) if exact else (None, None)))


def _exact(groups: list[tuple[int, int, Fraction]], x: int, total: Fraction, mean: Fraction) -> tuple[float, float]:
    """Return two-sided and one-sided p by the distribution of the sum of scores, as whole numbers of a unit."""
    unit = math.lcm(*(s.denominator for *_, s in groups))
    least = min(s for *_, s in groups)
    steps = [int((s - least) * unit) for *_, s in groups]
    widest = max(steps) * x
    # Log weights of each number of events and sum of scores so far, group by group.
    weights = np.full((x + 1, widest + 1), -np.inf)
    weights[0, 0] = 0.0
    for (_, n, _), step in zip(groups, steps, strict=True):
        further = np.full_like(weights, -np.inf)
        for k in range(min(n, x) + 1):
            ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            moved = k * step
            if moved <= widest:
                further[k:, moved:] = np.logaddexp(
                    further[k:, moved:], weights[: x + 1 - k, : widest + 1 - moved] + ways
                )
        weights = further
    share = np.exp(weights[x] - weights[x].max())
    share /= share.sum()
    sums = np.arange(widest + 1) - float((mean - least * x) * unit)
    observed = float((total - mean) * unit)
    tie = _TIE * max(1.0, float(np.abs(sums).max()))
    far, above = np.abs(sums) >= abs(observed) - tie, sums >= observed - tie
    return min(1.0, float(share[far].sum())), min(1.0, float(share[above].sum()))
