"""The beta distribution by its power series or as binomial tails; Clopper-Pearson limits by bisection."""

import math
from collections.abc import Callable
from fractions import Fraction


def below(a: float, b: float, rate: float) -> float:
    r"""Return P(p <= rate) of Beta(a, b).

    By the series :math:`\frac{x^a (1-x)^b}{a B(a,b)} \sum_k \prod_{j<k} \frac{a+b+j}{a+1+j} x^k`, whose terms are all
    positive; from the side on which it needs few.
    """
    if rate <= 0 or rate >= 1:
        return float(rate >= 1)
    return _series(a, b, rate) if rate <= a / (a + b) else 1 - _series(b, a, 1 - rate)


def above(a: Fraction, b: Fraction, rate: Fraction) -> Fraction | float:
    """Return P(p > rate) of Beta(a, b): exact where a and b are whole, as P(X < a) of a + b - 1 binomial trials."""
    if a.denominator == b.denominator == 1:
        return _fewer(int(a), int(a + b) - 1, rate)
    return 1 - below(float(a), float(b), float(rate))


def _fewer(count: int, trials: int, rate: Fraction) -> Fraction:
    """Return P(X < count) of binomial trials: whole numbers over one denominator, each term from the one before."""
    yes, no = rate.numerator, rate.denominator - rate.numerator
    if not no:
        return Fraction(count > trials)
    term, total = no**trials, 0
    for k in range(count):
        total += term
        term = term * (trials - k) * yes // ((k + 1) * no)
    return Fraction(total, rate.denominator**trials)


def quantile(a: float, b: float, share: float) -> float:
    """Return the rate below which a share of Beta(a, b) lies."""
    return _rising(lambda rate: below(a, b, rate) - share)


def _series(a: float, b: float, x: float) -> float:
    front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    term, total, k = 1.0, 1.0, 0
    while term > total * 1e-18:
        term *= (a + b + k) / (a + 1 + k) * x
        total += term
        k += 1
    return math.exp(front) * total


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
