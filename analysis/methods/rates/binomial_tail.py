"""Exact binomial tail probabilities, and the p at which a function of them crosses zero."""

from collections.abc import Callable

from scipy.optimize import brentq
from scipy.special import betainc, betaincc


def at_least(x: int, n: int, p: float) -> float:
    """Return P(X >= x) for n subjects with probability p; any whole x is allowed."""
    if x <= 0:
        return 1.0
    return 0.0 if x > n else float(betainc(x, n - x + 1, p))


def at_most(x: int, n: int, p: float) -> float:
    """Return P(X <= x) for n subjects with probability p; any whole x is allowed."""
    if x >= n:
        return 1.0
    return 0.0 if x < 0 else float(betaincc(x + 1, n - x, p))


def crossing(function: Callable[..., float], low: float, high: float, *args: float) -> float:
    """Return the root of ``function(p, *args)`` between low and high, to machine precision even near 0."""
    return float(brentq(function, low, high, args=args, xtol=1e-300, rtol=1e-15, maxiter=1000))
