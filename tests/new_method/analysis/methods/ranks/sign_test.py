"""The sign test: do values lie above a number as often as below it, and between which values is their median?"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class SignTest:
    """How values lie about a number, and the median with its exact interval.

    Attributes
    ----------
    above, below, tied : int
        Values above the number, below it, and equal to it; the last say nothing to the test.
    p_value : float or None
        Two-sided and exact; None where no value differs from the number.
    median : float or None
        Of all values; None where there are none.
    conf_low, conf_high : float or None
        Two of the values; None where even the least and the greatest do not reach the level.
    """

    above: int
    below: int
    tied: int
    p_value: float | None
    median: float | None
    conf_low: float | None
    conf_high: float | None


def sign_test(values: Sequence[float], versus: float = 0.0, conf_level: float = 0.95) -> SignTest:
    r"""Test whether the median of values is a number.

    Parameters
    ----------
    values : sequence of float
        One a subject.
    versus : float
        The number that the median is held against.
    conf_level : float
        In (0, 1).

    Returns
    -------
    SignTest
        The interval holds the level at least: its ends are the k-th least and greatest value, with the greatest k for
        which :math:`2 P(B \le k - 1) \le 1 - \text{level}`, B binomial with n and one half.

    References
    ----------
    .. [1] Conover WJ. Practical Nonparametric Statistics, 3rd ed. Wiley 1999, sections 3.2 and 3.4.
    """
    ordered = sorted(values)
    n = len(ordered)
    above, below = sum(v > versus for v in ordered), sum(v < versus for v in ordered)
    differing = above + below
    p = min(1.0, 2 * float(stats.binom.cdf(min(above, below), differing, 0.5))) if differing else None
    k = sum(2 * float(stats.binom.cdf(i, n, 0.5)) <= 1 - conf_level for i in range(n // 2)) if n else 0
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else None
    low, high = (ordered[k - 1], ordered[n - k]) if k else (None, None)
    return SignTest(above, below, n - differing, p, middle, low, high)
