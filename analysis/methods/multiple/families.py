"""A family of hypotheses tested at one level: by a step procedure, in a fixed sequence, or by a graph."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from analysis.methods.common import check_choice, check_probability

Procedure = Literal["bonferroni", "holm", "hochberg", "hommel"]
_SUM_SLACK: Final = 1e-9
"""Weights written with decimals may sum to a little more than 1."""


@dataclass(frozen=True)
class Family:
    """What became of each hypothesis, in the order given.

    Attributes
    ----------
    adjusted : tuple of float or None
        Adjusted p-values; None where the p-value is not estimable.
    rejected : tuple of bool
        Whether each is rejected: its adjusted p-value is at most alpha.
    tested : tuple of bool
        Whether each was allowed to be tested.
    local_alpha : tuple of float or None
        The level each had at its turn, and at the end where it was not rejected; None by a procedure without one.
    """

    adjusted: tuple[float | None, ...]
    rejected: tuple[bool, ...]
    tested: tuple[bool, ...]
    local_alpha: tuple[float | None, ...]


def step_procedure(p: Sequence[float | None], procedure: Procedure, alpha: float = 0.05) -> Family:
    r"""Test a family by Bonferroni, Holm, Hochberg or Hommel.

    With :math:`p_{(1)} \le \dots \le p_{(m)}` the adjusted p-values are, each at most 1,

    .. math::
        \text{Bonferroni: } m\,p_{(i)} \qquad
        \text{Holm [1]_: } \max_{j \le i} (m - j + 1)\,p_{(j)} \qquad
        \text{Hochberg [2]_: } \min_{j \ge i} (m - j + 1)\,p_{(j)}

    and Hommel's [3]_ is the largest Simes p-value of an intersection that contains the hypothesis. Hochberg and Hommel
    need independent or positively dependent tests. A p-value that is not estimable counts as 1.

    Parameters
    ----------
    p : sequence of float or None, shape (m,)
        P-values in [0, 1]; None where it is not estimable.
    procedure : {"bonferroni", "holm", "hochberg", "hommel"}
        How they are adjusted.
    alpha : float
        Level of the family in (0, 1).

    Returns
    -------
    Family
        All are tested, and there is no local alpha.

    Raises
    ------
    ValueError
        If there is no p-value, one is outside [0, 1], the procedure is unknown, or alpha is outside (0, 1).

    References
    ----------
    .. [1] Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.
    .. [2] Hochberg Y. A sharper Bonferroni procedure for multiple tests of significance. Biometrika 1988;75:800-802.
    .. [3] Hommel G. A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika
           1988;75:383-386.
    """
    values, level = _checked(p, alpha)
    check_choice(procedure, tuple(_ADJUST), "procedure")
    order = sorted(range(len(values)), key=values.__getitem__)
    ascending = _ADJUST[procedure]([values[i] for i in order])
    adjusted = dict(zip(order, ascending, strict=True))
    return _family(p, [min(1.0, adjusted[i]) for i in range(len(values))], level)


def fixed_sequence(p: Sequence[float | None], alpha: float = 0.05) -> Family:
    r"""Test hypotheses in the order given, each at the whole level, until one is not rejected.

    The adjusted p-value is :math:`\max_{j \le i} p_j` [1]_. What stands after the first that is not rejected is not
    tested. A p-value that is not estimable is not rejected, and ends the sequence.

    Parameters
    ----------
    p : sequence of float or None, shape (m,)
        P-values in [0, 1] in the order of testing; None where it is not estimable.
    alpha : float
        Level of the family in (0, 1).

    Returns
    -------
    Family
        ``local_alpha`` is alpha for those tested and 0 for the others.

    Raises
    ------
    ValueError
        If there is no p-value, one is outside [0, 1], or alpha is outside (0, 1).

    References
    ----------
    .. [1] Maurer W, Hothorn LA, Lehmacher W. Multiple comparisons in drug clinical trials and preclinical assays:
           a-priori ordered hypotheses. In: Biometrie in der chemisch-pharmazeutischen Industrie 6. 1995:3-18.
    """
    values, level = _checked(p, alpha)
    found = _family(p, list(accumulate(values, max)), level)
    tested = (True, *found.rejected[:-1])
    return Family(found.adjusted, found.rejected, tested, tuple(level if t else 0.0 for t in tested))


def graphical_test(
    p: Sequence[float | None],
    weights: Sequence[float],
    transitions: Sequence[Sequence[float]],
    alpha: float = 0.05,
) -> Family:
    r"""Test hypotheses by a graph that hands the level of what is rejected on to the others.

    The hypothesis j with the smallest :math:`p_j / w_j` is taken out, and the graph becomes [1]_

    .. math::
        w_l \leftarrow w_l + w_j g_{jl}, \qquad
        g_{lk} \leftarrow \frac{g_{lk} + g_{lj} g_{jk}}{1 - g_{lj} g_{jl}} \quad (l \ne k,\; g_{lj} g_{jl} < 1)

    with 0 elsewhere. The adjusted p-value is the largest :math:`p_j / w_j` so far, at most 1. A hypothesis of weight 0
    is not tested. A p-value that is not estimable is never rejected and keeps its level.

    Parameters
    ----------
    p : sequence of float or None, shape (m,)
        P-values in [0, 1]; None where it is not estimable.
    weights : sequence of float, shape (m,)
        Share of alpha each begins with; not negative, sum at most 1.
    transitions : sequence of sequence of float, shape (m, m)
        Row j says which share of its level goes to each other once j is rejected; diagonal 0, each sum at most 1.
    alpha : float
        Level of the family in (0, 1).

    Returns
    -------
    Family
        ``local_alpha`` is the level at which each was rejected, or what it has in the last graph.

    Raises
    ------
    ValueError
        If a p-value is outside [0, 1], lengths differ, weights or a row sum to more than 1, one is negative, the
        diagonal is not 0, or alpha is outside (0, 1).

    References
    ----------
    .. [1] Bretz F, Maurer W, Brannath W, Posch M. A graphical approach to sequentially rejective multiple test
           procedures. Stat Med 2009;28:586-604.
    """
    values, level = _checked(p, alpha)
    w, g = _checked_graph(len(values), weights, transitions)
    left, largest = list(range(len(values))), 0.0
    adjusted = [1.0] * len(values)
    local = [0.0] * len(values)
    while left:
        ratio = {j: values[j] / w[j] if w[j] > 0 else math.inf for j in left}
        j = min(left, key=ratio.__getitem__)
        if largest <= level:
            local = [level * w[i] if i in left else local[i] for i in range(len(values))]
        if ratio[j] == math.inf or p[j] is None:
            break
        largest = max(largest, min(1.0, ratio[j]))
        adjusted[j] = largest
        left.remove(j)
        w, g = _without(j, left, w, g)
    found = _family(p, adjusted, level)
    return Family(found.adjusted, found.rejected, tuple(a > 0 for a in local), tuple(local))


def _without(j: int, left: list[int], w: list[float], g: list[list[float]]) -> tuple[list[float], list[list[float]]]:
    weights = [w[i] + w[j] * g[j][i] if i in left else 0.0 for i in range(len(w))]
    shares = [[0.0] * len(w) for _ in w]
    for a in left:
        loop = g[a][j] * g[j][a]
        for b in left:
            if a != b and loop < 1:
                shares[a][b] = (g[a][b] + g[a][j] * g[j][b]) / (1 - loop)
    return weights, shares


def _checked(p: Sequence[float | None], alpha: float) -> tuple[list[float], float]:
    if not p:
        raise ValueError("p must have at least one p-value")
    for value in p:
        if value is not None:
            check_probability(value, "p")
    if not 0 < check_probability(alpha, "alpha") < 1:
        raise ValueError(f"alpha must be between 0 and 1, not {alpha}")
    return [1.0 if value is None else float(value) for value in p], float(alpha)


def _checked_graph(
    m: int, weights: Sequence[float], transitions: Sequence[Sequence[float]]
) -> tuple[list[float], list[list[float]]]:
    if len(weights) != m or len(transitions) != m or any(len(row) != m for row in transitions):
        raise ValueError(f"weights and transitions must be of {m} hypotheses, as p is")
    for name, row in (("weights", weights), *((f"transitions, row {i},", t) for i, t in enumerate(transitions, 1))):
        if not (all(value >= 0 for value in row) and sum(row) <= 1 + _SUM_SLACK):
            raise ValueError(f"{name} must not be negative and sum to at most 1, not {list(row)}")
    if any(transitions[i][i] for i in range(m)):
        raise ValueError("transitions must have 0 on the diagonal")
    return [float(x) for x in weights], [[float(x) for x in row] for row in transitions]


def _family(p: Sequence[float | None], adjusted: list[float], alpha: float) -> Family:
    given = tuple(None if raw is None else a for raw, a in zip(p, adjusted, strict=True))
    rejected = tuple(a is not None and a <= alpha for a in given)
    return Family(given, rejected, (True,) * len(given), (None,) * len(given))


def _bonferroni(p: list[float]) -> list[float]:
    return [len(p) * x for x in p]


def _holm(p: list[float]) -> list[float]:
    return list(accumulate(((len(p) - i) * x for i, x in enumerate(p)), max))


def _hochberg(p: list[float]) -> list[float]:
    return list(accumulate(((i + 1) * x for i, x in enumerate(reversed(p))), min))[::-1]


def _hommel(p: list[float]) -> list[float]:
    # The worst intersection of k hypotheses that has the i-th has the largest p-values beside it.
    return [
        max(_simes(sorted([x, *_largest_others(p, i, k - 1)])) for k in range(1, len(p) + 1)) for i, x in enumerate(p)
    ]


def _largest_others(p: list[float], i: int, k: int) -> list[float]:
    others = p[:i] + p[i + 1 :]
    return others[len(others) - k :]


def _simes(p: list[float]) -> float:
    return min(len(p) * x / (i + 1) for i, x in enumerate(p))


_ADJUST: Final[dict[str, Callable[[list[float]], list[float]]]] = {
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
    "hommel": _hommel,
}
