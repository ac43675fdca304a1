"""Two proportions, in one table or within strata: score limits, and those of Mantel and Haenszel."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scipy.special import ndtri

from analysis.methods.common import check_choice, check_counts, check_level
from analysis.methods.rates.intervals import wilson

Measure = Literal["difference", "ratio", "odds_ratio"]
Table = tuple[int, int, int, int]
"""Events and subjects of the first group, then of the second."""
_HALVINGS: Final = 200


@dataclass(frozen=True)
class Compared:
    """A difference, ratio or odds ratio of two proportions.

    Attributes
    ----------
    estimate, conf_low, conf_high : float or None
        None where it does not exist; 0 and infinity are limits that a ratio may have.
    p_value : float or None
        Two-sided p-value of the score test of no difference; with strata that of Cochran, Mantel and Haenszel without
        continuity correction.
    reason : str or None
        Why there is no estimate.
    """

    estimate: float | None
    conf_low: float | None
    conf_high: float | None
    p_value: float | None
    reason: str | None = None


def check_tables(tables: Sequence[Table]) -> list[Table]:
    """Return the strata in which there are both groups; a table of one group says nothing of a difference."""
    kept = [t for t in tables if t[1] and t[3]]
    if not kept:
        raise ValueError("no stratum has subjects of both groups.")
    return [(*check_counts(x1, n1), *check_counts(x2, n2)) for x1, n1, x2, n2 in kept]


def score_limits(tables: Sequence[Table], measure: Measure = "difference", conf_level: float = 0.95) -> Compared:
    r"""Compare two proportions by the score of Miettinen and Nurminen [1]_, within strata where there are any.

    A difference :math:`\delta` is in the interval where

    .. math:: \frac{\left(\sum_j w_j (\hat d_j - \delta)\right)^2}{\sum_j w_j^2 V_j(\delta)} \le z^2, \qquad
       w_j = \frac{n_{1j} n_{2j}}{N_j},\;
       V_j = \left(\frac{\tilde p_1 (1 - \tilde p_1)}{n_{1j}} + \frac{\tilde p_2 (1 - \tilde p_2)}{n_{2j}}\right)
       \frac{N_j}{N_j - 1},

    with :math:`\tilde p` the likeliest proportions that differ by it. Of one table it is the interval of that table.
    A ratio and an odds ratio are tested in the same way, of one table.

    Parameters
    ----------
    tables : sequence of (x1, n1, x2, n2)
        Events and subjects of both groups, a table a stratum; those with one group alone count for nothing.
    measure : {"difference", "ratio", "odds_ratio"}
        What is estimated: p1 - p2, p1 / p2, or the ratio of their odds.
    conf_level : float
        Two-sided level, in (0, 1).

    Returns
    -------
    Compared
        Limits exist where a difference has none to speak of: of 0/10 and 0/10 they are ±0.288 at 95%.

    Raises
    ------
    ValueError
        If a count is no whole number or exceeds its group, no table has both groups, or a ratio is asked of strata.

    References
    ----------
    .. [1] Miettinen O, Nurminen M. Comparative analysis of two rates. Stat Med 1985;4:213-226.
    """
    check_choice(measure, ("difference", "ratio", "odds_ratio"), "measure")
    own = check_tables(tables)
    z = float(ndtri((1 + check_level(conf_level)) / 2))
    p_value = float(math.erfc(abs(_of_difference(own, 0.0)) / math.sqrt(2)))
    if measure == "difference":
        weights = [n1 * n2 / (n1 + n2) for _, n1, _, n2 in own]
        apart = math.fsum(w * (t[0] / t[1] - t[2] / t[3]) for w, t in zip(weights, own, strict=True))
        low, high = (_edge(lambda d: _of_difference(own, d), s * z, (-1.0, 1.0)) for s in (1, -1))
        return Compared(apart / math.fsum(weights), low, high, p_value)
    if len(own) > 1:
        raise ValueError("the score limits of a ratio are those of one table: use mantel_haenszel for strata.")
    (x1, n1, x2, n2) = own[0]
    above, below = (x1 * n2, x2 * n1) if measure == "ratio" else (x1 * (n2 - x2), x2 * (n1 - x1))
    if not above and not below:
        nobody = "nobody in either group has the event" if not x1 + x2 else "everybody in both groups has the event"
        return Compared(None, None, None, p_value, f"{nobody}: their ratio is not defined")
    statistic = _of_ratio if measure == "ratio" else _of_odds
    span = (-60.0, 60.0)
    low = 0.0 if not above else math.exp(_edge(lambda v: statistic(own[0], math.exp(v)), z, span))
    high = math.inf if not below else math.exp(_edge(lambda v: statistic(own[0], math.exp(v)), -z, span))
    return Compared(above / below if below else math.inf, low, high, p_value)


def _edge(statistic: Callable[[float], float], wanted: float, span: tuple[float, float]) -> float:
    """Return where a statistic that falls crosses a value, by halving: it may jump at the ends."""
    low, high = span
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if statistic(middle) > wanted else (low, middle)
    return (low + high) / 2


def _of_difference(tables: Sequence[Table], delta: float) -> float:
    """Return the score statistic of a difference, a normal deviate."""
    total, spread = 0.0, 0.0
    for x1, n1, x2, n2 in tables:
        n, weight = n1 + n2, n1 * n2 / (n1 + n2)
        p2 = _likeliest(x1, n1, x2, n2, delta)
        p1 = min(1.0, max(0.0, p2 + delta))
        total += weight * (x1 / n1 - x2 / n2 - delta)
        spread += weight**2 * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)
    return _deviate(total, spread)


def _likeliest(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    """Return the likeliest p2 where p1 = p2 + delta: the root of a cubic, in its trigonometric form."""
    n, x = n1 + n2, x1 + x2
    a, b = float(n), (n1 + 2 * n2) * delta - n - x
    c, d = (n2 * delta - n - 2 * x2) * delta + x, x2 * delta * (1 - delta)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = math.copysign(math.sqrt(max(0.0, b * b / (9 * a * a) - c / (3 * a))), v)
    angle = 0.0 if u == 0 else (math.pi + math.acos(max(-1.0, min(1.0, v / u**3)))) / 3
    found = 2 * u * math.cos(angle) - b / (3 * a)
    return min(max(found, 0.0, -delta), 1.0, 1.0 - delta)


def _of_ratio(table: Table, theta: float) -> float:
    x1, n1, x2, n2 = table
    a, c = (n1 + n2) * theta, x1 + x2
    b = -(n1 * theta + x1 + n2 + x2 * theta)
    p2 = min(1.0, 1 / theta, 2 * c / (-b + math.sqrt(max(0.0, b * b - 4 * a * c))))
    p1 = min(1.0, p2 * theta)
    n = n1 + n2
    spread = (p1 * (1 - p1) / n1 + theta**2 * p2 * (1 - p2) / n2) * n / (n - 1)
    return _deviate(x1 / n1 - theta * x2 / n2, spread)


def _of_odds(table: Table, psi: float) -> float:
    x1, n1, x2, n2 = table
    x, more = x1 + x2, psi - 1
    b = n1 * psi + n2 - x * more
    p2 = 2 * x / (b + math.sqrt(b * b + 4 * n2 * more * x))
    p1 = p2 * psi / (1 + p2 * more)
    one, two = p1 * (1 - p1), p2 * (1 - p2)
    if not one or not two:
        return _deviate(x1 / n1 - p1 - (x2 / n2 - p2), 0.0)
    n = n1 + n2
    return _deviate((x1 / n1 - p1) / one - (x2 / n2 - p2) / two, (1 / (n1 * one) + 1 / (n2 * two)) * n / (n - 1))


def _deviate(distance: float, variance: float) -> float:
    if variance > 0:
        return distance / math.sqrt(variance)
    return 0.0 if distance == 0 else math.copysign(math.inf, distance)


def newcombe(x1: int, n1: int, x2: int, n2: int, conf_level: float = 0.95) -> tuple[float, float]:
    r"""Return the limits of a difference from Wilson's limits of both proportions (method 10 of Newcombe [1]_).

    .. math:: \hat d - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2}, \quad
              \hat d + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2}

    References
    ----------
    .. [1] Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven
       methods. Stat Med 1998;17:873-890.
    """
    first, second = wilson(x1, n1, conf_level), wilson(x2, n2, conf_level)
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - math.hypot(p1 - first.conf_low, second.conf_high - p2)
    return low, p1 - p2 + math.hypot(first.conf_high - p1, p2 - second.conf_low)


def wald_ratio(table: Table, measure: Measure, conf_level: float = 0.95) -> tuple[float, float] | None:
    """Return the limits of a ratio (Katz) or odds ratio (Woolf) on the scale of logarithms; None where a cell is 0."""
    x1, n1, x2, n2 = table
    z = float(ndtri((1 + check_level(conf_level)) / 2))
    cells = (x1, x2) if measure == "ratio" else (x1, x2, n1 - x1, n2 - x2)
    if 0 in cells:
        return None
    if measure == "ratio":
        centre, variance = math.log(x1 * n2 / (x2 * n1)), 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2
    else:
        centre, variance = math.log(x1 * (n2 - x2) / (x2 * (n1 - x1))), math.fsum(1 / cell for cell in cells)
    half = z * math.sqrt(max(0.0, variance))
    return math.exp(centre - half), math.exp(centre + half)


def mantel_haenszel(tables: Sequence[Table], measure: Measure = "difference", conf_level: float = 0.95) -> Compared:
    """Combine the tables of strata by Mantel and Haenszel.

    A difference has the variance of Sato [1]_, an odds ratio that of Robins, Breslow and Greenland [2]_.

    Parameters
    ----------
    tables : sequence of (x1, n1, x2, n2)
        Events and subjects of both groups, a table a stratum; those with one group alone count for nothing.
    measure : {"difference", "odds_ratio"}
        What is estimated.
    conf_level : float
        Two-sided level, in (0, 1).

    Returns
    -------
    Compared
        An odds ratio of 0 or infinity has no limits.

    References
    ----------
    .. [1] Sato T. On the variance estimator for the Mantel-Haenszel risk difference. Biometrics 1989;45:1323-1324.
    .. [2] Robins J, Breslow N, Greenland S. Estimators of the Mantel-Haenszel variance consistent in both sparse data
       and large-strata limiting models. Biometrics 1986;42:311-323.
    """
    check_choice(measure, ("difference", "odds_ratio"), "measure")
    own = check_tables(tables)
    z = float(ndtri((1 + check_level(conf_level)) / 2))
    p_value = score_limits(own, "difference", conf_level).p_value
    if measure == "difference":
        weight = math.fsum(n1 * n2 / (n1 + n2) for _, n1, _, n2 in own)
        apart = math.fsum((x1 * n2 - x2 * n1) / (n1 + n2) for x1, n1, x2, n2 in own) / weight
        p = math.fsum((n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / (n1 + n2) ** 2 for x1, n1, x2, n2 in own)
        q = math.fsum((x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * (n1 + n2)) for x1, n1, x2, n2 in own)
        half = z * math.sqrt(max(0.0, apart * p + q)) / weight
        return Compared(apart, apart - half, apart + half, p_value)
    r = [x1 * (n2 - x2) / (n1 + n2) for x1, n1, x2, n2 in own]
    s = [x2 * (n1 - x1) / (n1 + n2) for x1, n1, x2, n2 in own]
    p1 = [(x1 + n2 - x2) / (n1 + n2) for x1, n1, x2, n2 in own]
    above, below = math.fsum(r), math.fsum(s)
    if not above or not below:
        reason = "in no stratum is there an event in one group and none in the other"
        if not above and not below:
            return Compared(None, None, None, p_value, f"{reason}, in either direction")
        return Compared(above / below if below else math.inf, None, None, p_value)
    variance = math.fsum(a * b for a, b in zip(p1, r, strict=True)) / (2 * above**2)
    variance += math.fsum(a * v + (1 - a) * u for a, u, v in zip(p1, r, s, strict=True)) / (2 * above * below)
    variance += math.fsum((1 - a) * v for a, v in zip(p1, s, strict=True)) / (2 * below**2)
    half = z * math.sqrt(variance)
    return Compared(above / below, above / below * math.exp(-half), above / below * math.exp(half), p_value)
