"""The interval of the probability of superiority, by bisection on the equation that defines it."""

from collections.abc import Callable
from fractions import Fraction
from statistics import NormalDist

HALVINGS = 200
"""Enough to reach the last digit of a double from an interval of length one."""


def effect_limits(superiority: Fraction, n1: int, n2: int, conf_level: float) -> tuple[float, float]:
    """Return Newcombe's method 5 limits of the probability that a value of the first group is the greater."""
    found = float(superiority)
    z = NormalDist().inv_cdf(1 - (1 - conf_level) / 2)
    extra = (n1 + n2) / 2 - 1

    def outside(t: float) -> bool:
        spread = 1 + extra * ((1 - t) / (2 - t) + t / (1 + t))
        return (found - t) ** 2 > z * z * t * (1 - t) / (n1 * n2) * spread

    low = 0.0 if found == 0 else _edge(outside, found, 0.0)
    high = 1.0 if found == 1 else _edge(outside, found, 1.0)
    return low, high


def _edge(outside: Callable[[float], bool], inner: float, outer: float) -> float:
    """Return where a value going from `inner` to `outer` first falls outside."""
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        inner, outer = (inner, middle) if outside(middle) else (middle, outer)
    return (inner + outer) / 2
