"""Clopper-Pearson limits by bisection on exact tail sums of the binomial distribution."""

import math
from collections.abc import Callable


def lower_limit(count: int, size: int, tail: float) -> float:
    """Return the p at which P(X >= count) equals `tail`; 0 when nobody had the event."""
    if count == 0:
        return 0.0
    at_least = _probability(range(count, size + 1), size)
    return _rising(lambda p: at_least(p) - tail)


def upper_limit(count: int, size: int, tail: float) -> float:
    """Return the p at which P(X <= count) equals `tail`; 1 when everybody had the event."""
    if count == size:
        return 1.0
    at_most = _probability(range(count + 1), size)
    return _rising(lambda p: tail - at_most(p))


def _probability(counts: range, size: int) -> Callable[[float], float]:
    """Return P(X in counts) as a function of p, a sum of binomial terms."""
    # The coefficient of a large trial is an integer too large for a float; its logarithm is not.
    terms = [(k, size - k, math.log(math.comb(size, k))) for k in counts]

    def total(p: float) -> float:
        yes, no = math.log(p), math.log1p(-p)
        return math.fsum(math.exp(coefficient + k * yes + rest * no) for k, rest, coefficient in terms)

    return total


def _rising(f: Callable[[float], float]) -> float:
    """Return the root in (0, 1) of an increasing function, halving until the two ends are neighbours."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return middle
        low, high = (low, middle) if f(middle) >= 0 else (middle, high)
