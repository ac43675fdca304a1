"""Do several groups differ in location? The Kruskal–Wallis test, exact where assignments are few."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc
from scipy.stats import rankdata

from analysis.methods.common import check_sample


@dataclass(frozen=True)
class KruskalWallis:
    """Result of the Kruskal–Wallis test.

    Attributes
    ----------
    sizes : tuple of int, length g
        Number of values in each group.
    statistic : float or None
        H, corrected for ties; None where all values are equal.
    df : int
        Groups less 1.
    p_value : float or None
        Exact where ``exact``, else from the chi-square distribution with ``df`` degrees of freedom.
    exact : bool
        Whether every assignment of the values to the groups was counted.
    n_assignments : int
        Number of equally likely assignments.
    has_ties : bool
        Whether any two values are equal.
    reason : str or None
        Why there is no test.
    """

    sizes: tuple[int, ...]
    statistic: float | None
    df: int
    p_value: float | None
    exact: bool
    n_assignments: int
    has_ties: bool
    reason: str | None = None


def kruskal_wallis(*groups: ArrayLike, exact_up_to: int = 100_000) -> KruskalWallis:
    r"""Test whether groups differ in location by the ranks of their values [1]_.

    With :math:`R_j` the sum of the midranks of the :math:`n_j` values of group *j* and :math:`r_i` those midranks,

    .. math:: H = (N - 1) \frac{\sum_j n_j (R_j / n_j - (N + 1) / 2)^2}{\sum_i (r_i - (N + 1) / 2)^2},

    which is the usual statistic corrected for ties. The exact p-value is the share of all
    :math:`N! / \prod n_j!` assignments whose H is at least the observed one, counted in whole numbers.

    Parameters
    ----------
    *groups : array_like, each of shape (n_j,)
        Values of two or more groups.
    exact_up_to : int
        Largest number of assignments for which the test is exact; beyond, p is that of chi-square.

    Returns
    -------
    KruskalWallis
        Where all values are equal there is no test: None and a reason.

    Raises
    ------
    ValueError
        If there are fewer than two groups, a group is empty, or a value is missing or infinite.

    References
    ----------
    .. [1] Kruskal WH, Wallis WA. Use of ranks in one-criterion variance analysis. J Am Stat Assoc 1952;47:583-621.
    """
    if len(groups) < 2:
        raise ValueError(f"A comparison needs two groups; there are {len(groups)}.")
    samples = [check_sample(values, f"group {i}") for i, values in enumerate(groups, 1)]
    sizes = tuple(int(s.size) for s in samples)
    assignments = math.factorial(sum(sizes)) // math.prod(math.factorial(n) for n in sizes)
    exact, df = assignments <= exact_up_to, len(sizes) - 1
    pooled = np.concatenate(samples)
    ties = np.unique(pooled).size < pooled.size
    if np.unique(pooled).size == 1:
        return KruskalWallis(sizes, None, df, None, exact, assignments, ties, "all values are equal")
    # Twice the midranks are whole numbers.
    doubled = [int(r) for r in 2 * rankdata(pooled)]
    sums = [int(part.sum()) for part in np.split(np.array(doubled), np.cumsum(sizes)[:-1])]
    total = len(doubled)
    spread = sum((r - total - 1) ** 2 for r in doubled)
    between = sum((s - n * (total + 1)) ** 2 / n for s, n in zip(sums, sizes, strict=True))
    statistic = (total - 1) * between / spread
    p = _share_at_least(doubled, sizes, sums) if exact else float(chdtrc(df, statistic))
    return KruskalWallis(sizes, statistic, df, p, exact, assignments, ties)


def _share_at_least(ranks: Sequence[int], sizes: tuple[int, ...], observed: Sequence[int]) -> float:
    """Return the share of assignments whose squared rank sums, each over its size, add up to no less than observed."""
    # A state is how many values each group has, and the sum of their ranks: equal states are counted once.
    unit = math.lcm(*sizes)
    empty = (0,) * len(sizes)
    states: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter({(empty, empty): 1})
    for rank in ranks:
        following: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
        for (taken, sums), number in states.items():
            for j, size in enumerate(sizes):
                if taken[j] < size:
                    after = (*taken[:j], taken[j] + 1, *taken[j + 1 :])
                    following[after, (*sums[:j], sums[j] + rank, *sums[j + 1 :])] += number
        states = following

    def weight(sums: Sequence[int]) -> int:
        return sum(s * s * (unit // n) for s, n in zip(sums, sizes, strict=True))

    least = weight(observed)
    reached = sum(number for (_, sums), number in states.items() if weight(sums) >= least)
    return reached / states.total()
