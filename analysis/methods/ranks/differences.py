"""All differences between two samples in order, without a list of them: counted and selected in the sorted samples.

Row i holds x_i - y_j, ascending where y descends; rounding keeps that order. How many differences lie below a value is
a bisection in each row, in O(n1 log n2) and with no more memory than the samples; the k-th smallest is found by a
bisection over the floating-point numbers themselves, and is one of the differences to the last bit.
"""

import struct
from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.methods.common import Floats, Ints


@dataclass(frozen=True)
class Differences:
    """All differences x - y.

    Attributes
    ----------
    x : ndarray of float, shape (n1,)
        The first sample.
    y : ndarray of float, shape (n2,)
        The second sample, descending.
    """

    x: Floats
    y: Floats

    @classmethod
    def of(cls, x: Floats, y: Floats) -> Self:
        """Return the differences of two samples, in any order."""
        return cls(np.sort(x), np.sort(y)[::-1].copy())

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.x.size) * int(self.y.size)

    def below(self, value: float, *, or_at: bool = False) -> Ints:
        """Return by row how many are less than a value, or no greater."""
        low, high = np.zeros(self.x.size, dtype=np.int64), np.full(self.x.size, self.y.size, dtype=np.int64)
        for _ in range(int(self.y.size).bit_length()):
            middle = (low + high) // 2
            found = self.x - self.y[np.minimum(middle, self.y.size - 1)]
            less = (found <= value if or_at else found < value) & (middle < high)
            low, high = np.where(less, middle + 1, low), np.where(less, high, middle)
        return low

    def smallest(self, k: int) -> float:
        """Return the difference of rank k, from 0."""
        least, greatest = _rank(float(self.x[0] - self.y[0])), _rank(float(self.x[-1] - self.y[-1]))
        while least < greatest:
            middle = (least + greatest) // 2
            if int(self.below(_float(middle), or_at=True).sum()) > k:
                greatest = middle
            else:
                least = middle + 1
        return _float(least) + 0.0  # no difference is the negative zero

    def median(self) -> float:
        """Return their median: of an even number the mean of the middle two."""
        upper = self.smallest(self.count // 2)
        return upper if self.count % 2 else float(np.mean([self.smallest(self.count // 2 - 1), upper]))

    def between(self, low: float, high: float) -> tuple[Floats, int]:
        """Return those from one value to another, ascending, and how many are below."""
        first, last = self.below(low), self.below(high, or_at=True)
        sizes = last - first
        row = np.repeat(np.arange(self.x.size), sizes)
        column = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes)
        return np.sort(self.x[row] - self.y[column]), int(first.sum())


def _rank(value: float) -> int:
    """Return the place of a float among all floats."""
    (bits,) = struct.unpack("<q", struct.pack("<d", value))
    return int(bits) if bits >= 0 else -(int(bits) + 2**63)


def _float(rank: int) -> float:
    """Return the float of a place; the two zeros share one."""
    (found,) = struct.unpack("<d", struct.pack("<q", rank if rank >= 0 else -rank - 2**63))
    return float(found)
