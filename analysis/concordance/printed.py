"""What a printed number can stand for: every value that rounds to it, whichever way halves go."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction as Exact
from math import ceil, floor


@dataclass(frozen=True)
class Span:
    """An interval of exact numbers, both ends included."""

    low: Exact
    high: Exact

    def holds(self, value: Exact) -> bool:
        """Return whether a value lies in it."""
        return self.low <= value <= self.high

    def meets(self, other: "Span") -> bool:
        """Return whether two intervals have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def multiples(self, step: Exact) -> range:
        """Return the whole numbers k for which k times `step` lies in it."""
        return range(ceil(self.low / step), floor(self.high / step) + 1)

    def counts(self, whole: int) -> range:
        """Return the counts out of `whole` whose percentage lies in it."""
        found = self.multiples(Exact(100, whole))
        return range(max(found.start, 0), min(found.stop, whole + 1))


def decimals(printed: Decimal) -> int:
    """Return how many decimals a number is printed with."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def unit(printed: Decimal) -> Exact:
    """Return the size of one unit of the last printed digit after the point; 1 for a whole number."""
    return Exact(1, 10 ** decimals(printed))


def span(printed: Decimal) -> Span:
    """Return the values that a printed number can stand for: half a unit of its last digit to either side."""
    return Span(Exact(printed) - unit(printed) / 2, Exact(printed) + unit(printed) / 2)


def rounded(value: Exact, places: int) -> str:
    """Return an exact number with a fixed count of decimals, halves away from zero."""
    whole = floor(abs(value) * 10**places + Exact(1, 2))
    digits = str(whole).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"−{text}" if value < 0 and whole else text


def percent(value: Exact, places: int) -> str:
    """Return a percentage; with as many more decimals as tell it from 0 and from 100, where it is neither."""
    while value not in {0, 100} and rounded(value, places) in {rounded(Exact(0), places), rounded(Exact(100), places)}:
        places += 1
    return f"{rounded(value, places)}%"
