"""Do two small groups differ in their time to event? The log-rank test by its permutation distribution."""

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from analysis.methods.survival.logrank import check_groups
from analysis.methods.survival.time_to_event import Flags, Floats, check_survival

LARGEST = 1_000_000
"""Number of allocations beyond which the chi-square approximation is the test to use."""


@dataclass(frozen=True)
class ExactLogRank:
    """Result of the exact log-rank test of two groups.

    Attributes
    ----------
    groups : tuple, length 2
        Labels of the groups, sorted.
    statistic : float
        Observed less expected events in the first group.
    p_value : float or None
        Two-sided: probability of an allocation with a statistic at least as far from 0. None without events.
    p_less, p_greater : float or None
        One-sided: fewer, or more, events in the first group than expected.
    p_min_attainable : float or None
        Smallest two-sided p-value that any allocation of these times could give.
    n_allocations : int
        Number of equally likely allocations.
    reason : str or None
        Why there is no test.
    """

    groups: tuple[object, ...]
    statistic: float
    p_value: float | None
    p_less: float | None
    p_greater: float | None
    p_min_attainable: float | None
    n_allocations: int
    reason: str | None = None


def logrank_exact(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> ExactLogRank:
    r"""Test whether survival differs between two groups, by all allocations of subjects to them [1]_.

    The log-rank difference of the first group is a sum of scores that do not depend on the allocation,

    .. math:: O - E = \sum_{i \in 1} \left( \delta_i - \sum_{t_j \le t_i} \frac{d_j}{n_j} \right),

    so its distribution over all :math:`\binom{n}{n_1}` allocations is counted in whole numbers, ties and all. It
    has mean 0 and the two-sided p-value is :math:`P(|O - E| \ge |o - e|)`. The test is exact when allocation does
    not affect censoring; the chi-square test asks less of the censoring and needs more subjects.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As for `kaplan_meier`.
    group : array_like, shape (n,)
        Labels of two groups.

    Returns
    -------
    ExactLogRank
        Without events there is no test: None and a reason.

    Raises
    ------
    ValueError
        As `kaplan_meier`; if there are not two groups; if there are more than a million allocations.

    References
    ----------
    .. [1] Heimann G, Neuhaus G. Permutational distribution of the log-rank statistic under random censorship with
       applications to carcinogenicity assays. Biometrics 1998;54:168-184.
    """
    times, events = check_survival(time, event)
    labels, index = check_groups(group, times.size)
    if len(labels) != 2:
        raise ValueError(f"The exact log-rank test compares two groups, not {len(labels)}: use logrank.")
    first = index == 0
    n_allocations = math.comb(times.size, int(first.sum()))
    if n_allocations > LARGEST:
        raise ValueError(f"{n_allocations} allocations are too many to count (at most {LARGEST}): use logrank instead.")
    scores, unit = _whole_scores(times, events)
    observed = sum(score for score, chosen in zip(scores, first, strict=True) if chosen)
    if not events.any():
        return ExactLogRank(labels, 0.0, None, None, None, None, n_allocations, "no subject had the event")
    counts = _sums_of_subsets(scores, int(first.sum()))
    extreme = max(abs(total) for total in counts)

    def share(numbers: list[int]) -> float:
        return sum(numbers) / n_allocations

    return ExactLogRank(
        groups=labels,
        statistic=float(Fraction(observed, unit)),
        p_value=share([k for total, k in counts.items() if abs(total) >= abs(observed)]),
        p_less=share([k for total, k in counts.items() if total <= observed]),
        p_greater=share([k for total, k in counts.items() if total >= observed]),
        p_min_attainable=share([k for total, k in counts.items() if abs(total) == extreme]),
        n_allocations=n_allocations,
    )


def _whole_scores(time: Floats, event: Flags) -> tuple[list[int], int]:
    """Return the log-rank scores times a common denominator, and that denominator."""
    hazards = {
        t: Fraction(int((event & (time == t)).sum()), int((time >= t).sum())) for t in np.unique(time[event]).tolist()
    }
    scores = [
        int(occurred) - sum((h for s, h in hazards.items() if s <= t), Fraction(0))
        for t, occurred in zip(time.tolist(), event.tolist(), strict=True)
    ]
    unit = math.lcm(*(score.denominator for score in scores))
    return [int(score * unit) for score in scores], unit


def _sums_of_subsets(scores: list[int], size: int) -> Counter[int]:
    """Count the subsets of a given size by the sum of their scores."""
    counts: list[Counter[int]] = [Counter({0: 1})] + [Counter() for _ in range(size)]
    for position, score in enumerate(scores):
        for chosen in range(min(size, position + 1), 0, -1):
            for total, number in counts[chosen - 1].items():
                counts[chosen][total + score] += number
    return counts[size]
