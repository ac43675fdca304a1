"""The area under a course by a second algorithm: areas of whole pieces, with means found by square roots alone.

The mean height of a fall from x to y on a logarithmic scale is the logarithmic mean (x - y) / (ln x - ln y). It is also
the product over k = 1, 2, … of the means of x and y raised to the power 1 / 2^k, which needs no logarithm: each square
root halves the distance, and the product of halves of sums of roots closes in on the mean.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

ROOTS = 60
"""Square roots taken: each makes the factor four times closer to 1, and 60 are far more than 53 binary digits need."""


def area(course: Mapping[int, Fraction], start: int, end: int, *, logarithmic: bool) -> Fraction:
    """Return the area under a course that spans a window, each day from one measurement to the next by one law."""
    total = Fraction(0)
    for first, last in pairwise(sorted(course)):
        low, high = max(first, start), min(last, end)
        if low >= high:
            continue
        x, y = course[first], course[last]
        if logarithmic and 0 < y < x:
            there = [_falling(x, y, Fraction(day - first, last - first)) for day in (low, high)]
            total += (high - low) * Fraction(_logarithmic_mean(*there))
        else:
            slope = (y - x) / (last - first)
            total += (high - low) * (x + slope * (Fraction(low + high, 2) - first))
    return total


def _falling(x: Fraction, y: Fraction, share: Fraction) -> float:
    """Return the value after a share of the way down from x to y."""
    return math.pow(x, 1 - share) * math.pow(y, share)


def _logarithmic_mean(x: float, y: float) -> float:
    mean = 1.0
    for _ in range(ROOTS):
        x, y = math.sqrt(x), math.sqrt(y)
        mean *= (x + y) / 2
    return mean
