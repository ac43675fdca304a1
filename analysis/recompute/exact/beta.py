"""The beta distribution by its power series, and by the binomial distribution where its parameters are whole."""

import math
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
    """Return the rate below which a share of Beta(a, b) lies, halving until the two ends are neighbours."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return middle
        low, high = (low, middle) if below(a, b, middle) >= share else (middle, high)


def _series(a: float, b: float, x: float) -> float:
    front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    term, total, k = 1.0, 1.0, 0
    while term > total * 1e-18:
        term *= (a + b + k) / (a + 1 + k) * x
        total += term
        k += 1
    return math.exp(front) * total
