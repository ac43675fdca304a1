"""Clopper-Pearson limits by bisection on exact tail sums of the binomial distribution."""

import math
from collections.abc import Callable


def at_least(count: int, size: int, p: float) -> float:
    """Return P(X >= count), the sum of binomial terms."""
    return math.fsum(_term(k, size, p) for k in range(count, size + 1))


def at_most(count: int, size: int, p: float) -> float:
    """Return P(X <= count), the sum of binomial terms."""
    return math.fsum(_term(k, size, p) for k in range(count + 1))


def lower_limit(count: int, size: int, tail: float) -> float:
    """Return the p at which P(X >= count) equals `tail`; 0 when nobody had the event."""
    return 0.0 if count == 0 else _rising(lambda p: at_least(count, size, p) - tail)


def upper_limit(count: int, size: int, tail: float) -> float:
    """Return the p at which P(X <= count) equals `tail`; 1 when everybody had the event."""
    return 1.0 if count == size else _rising(lambda p: tail - at_most(count, size, p))


def _term(k: int, size: int, p: float) -> float:
    # The binomial coefficient of a large trial is an integer too large for a float; its logarithm is not.
    return math.exp(math.log(math.comb(size, k)) + k * math.log(p) + (size - k) * math.log1p(-p))


def _rising(f: Callable[[float], float]) -> float:
    """Return the root in (0, 1) of an increasing function, halving until the two ends are neighbours."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return middle
        low, high = (low, middle) if f(middle) >= 0 else (middle, high)
