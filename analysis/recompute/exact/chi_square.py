"""The tail of chi-square, by sums with nothing but exponentials and the error function."""

import math


def upper_tail(statistic: float, df: int) -> float:
    """Return P(X > statistic) of chi-square on whole degrees of freedom.

    From df to df + 2 the tail grows by (x/2)^(df/2) e^(-x/2) / Γ(df/2 + 1); it begins with 2 (1 − Φ(√x)) on one degree
    of freedom, and with e^(−x/2) on two.
    """
    half = statistic / 2
    tail = math.erfc(math.sqrt(half)) if df % 2 else math.exp(-half)
    for of in range(2 - df % 2, df, 2):
        tail += math.exp(of / 2 * math.log(half) - half - math.lgamma(of / 2 + 1)) if half > 0 else 0.0
    return tail
