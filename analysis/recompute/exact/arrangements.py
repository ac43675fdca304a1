"""The exact rank test by counting every way the values could have fallen into two groups, and its effect size."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import NormalDist

MOST = 200_000
"""Most arrangements that are listed one by one; more are counted by a generating function."""

MOST_WORDS = 2_000_000_000
"""Most words of whole numbers that are added in all: to invert a test, each shift may need a count of its own."""

Numbers = Sequence[Fraction] | Sequence[int]


class TooManyError(Exception):
    """There are too many arrangements to count."""


def wins(first: Numbers, second: Numbers) -> Fraction:
    """Return W: the pairs in which the first group is greater, ties counted one half."""
    ordered = sorted(second)
    return Fraction(sum(bisect_left(ordered, x) + bisect_right(ordered, x) for x in first), 2)


def middle_shift(first: Numbers, second: Numbers) -> Fraction:
    """Return the median of every difference of a value of the first group and one of the second."""
    unit, (ours, theirs) = _whole(first, second)
    ordered = sorted(x - y for x in ours for y in theirs)
    return Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2], 2 * unit)


def _whole(*groups: Numbers) -> tuple[int, list[list[int]]]:
    """Return values in a unit in which they are even numbers: sums and halves of a million whole numbers are quick."""
    unit = 2 * math.lcm(*(v.denominator for values in groups for v in values))
    return unit, [[int(v * unit) for v in values] for values in groups]


@dataclass
class Arrangements:
    """Counts arrangements, and remembers the counts of each pattern of ties."""

    added: int = 0
    """Words of whole numbers that have been added so far."""
    known: dict[tuple[int, ...], Counter[int]] = field(default_factory=dict)

    def of(self, first: Numbers, second: Numbers) -> Counter[int]:
        """Return how often each value of 2 W occurs when the labels are exchanged in every way."""
        ordered = sorted([*first, *second])
        # Twice the midrank: first and last position of the value, both counted from 1.
        position: dict[Fraction | int, int] = {}
        for rank, value in enumerate(ordered, start=1):
            position.setdefault(value, rank)
        size = Counter(ordered)
        ranks = tuple(2 * position[v] + size[v] - 1 for v in ordered)
        if ranks not in self.known:
            self.added += _words(ranks, len(first))
            if self.added > MOST_WORDS:
                raise TooManyError(
                    f"too many arrangements (10^{int(math.log10(math.comb(len(ranks), len(first))))} or more)"
                )
            smallest = len(first) * (len(first) + 1)
            self.known[ranks] = Counter({s - smallest: n for s, n in _sums(ranks, len(first)).items()})
        return self.known[ranks]

    def p_value(self, first: Numbers, second: Numbers, two_sided: str) -> Fraction:
        """Return the exact two-sided p."""
        counts = self.of(first, second)
        return _two_sided(counts, 2 * wins(first, second), len(first) * len(second), two_sided)

    def smallest_p(self, first: Numbers, second: Numbers, two_sided: str) -> Fraction:
        """Return the smallest two-sided p that any arrangement of these values gives."""
        # Nothing is further out than an end, by either definition, and of an end the arrangements are known: all values
        # below a tie are taken, and some of the tie.
        ends: list[tuple[Fraction, int]] = []
        for ordered in (sorted([*first, *second]), sorted([*first, *second], reverse=True)):
            taken, left = ordered[: len(first)], ordered[len(first) :]
            last = taken[-1]
            ends.append((wins(taken, left), math.comb(ordered.count(last), taken.count(last))))
        (low, at_low), (high, at_high) = ends
        total = math.comb(len(first) + len(second), len(first))
        if two_sided == "twice_smaller_tail":
            return min(Fraction(1), Fraction(2 * min(at_low, at_high), total))
        out, up = abs(2 * low - len(first) * len(second)), abs(2 * high - len(first) * len(second))
        return Fraction((out >= up) * at_low + (up >= out) * at_high, total)

    def interval(self, first: Numbers, second: Numbers, two_sided: str, alpha: Fraction) -> tuple[float, float]:
        """Return the ends of the shifts that the test does not reject."""
        unit, (ours, theirs) = _whole(first, second)
        self.of(ours, theirs)
        at = sorted({x - y for x in ours for y in theirs})
        between = [(a + b) // 2 for a, b in pairwise(at)]

        def kept(shift: int) -> bool:
            return self.p_value([x - shift for x in ours], theirs, two_sided) > alpha

        # An open stretch between two differences is kept or rejected as a whole: one point of it tells. Ties within a
        # group can make the two outer stretches differ.
        parts: list[tuple[int, float, float]] = [(x, x / unit, x / unit) for x in at]
        parts += [(middle, a / unit, b / unit) for middle, (a, b) in zip(between, pairwise(at), strict=True)]
        parts += [(at[0] - 1, -math.inf, at[0] / unit), (at[-1] + 1, at[-1] / unit, math.inf)]
        parts.sort()
        low = next(start for shift, start, _ in parts if kept(shift))
        high = next(end for shift, _, end in reversed(parts) if kept(shift))
        return low, high


def _sums(ranks: tuple[int, ...], size: int) -> Counter[int]:
    """Return how often each sum occurs among the subsets of a size."""
    if math.comb(len(ranks), size) <= MOST:
        return Counter(map(sum, combinations(ranks, size)))
    return generated(ranks, size)


def generated(ranks: tuple[int, ...], size: int) -> Counter[int]:
    """Return the same as the coefficients of z^size in the product of the factors 1 + z q^rank.

    Each polynomial in q is one whole number, its value at a power of two beyond every count.
    """
    steps, least, unit, width = _scaled(ranks, size)
    chosen = [1] + [0] * size
    for step in steps:
        for k in range(size, 0, -1):
            chosen[k] += chosen[k - 1] << (step * width)
    digits = chosen[size].to_bytes(chosen[size].bit_length() // 8 + 1, "little")
    counts = (int.from_bytes(digits[i : i + width // 8], "little") for i in range(0, len(digits), width // 8))
    return Counter({least + unit * i: n for i, n in enumerate(counts) if n})


def _scaled(ranks: tuple[int, ...], size: int) -> tuple[tuple[int, ...], int, int, int]:
    """Return ranks from 0 in their largest unit, the least sum, the unit, and the bits of a count in whole bytes."""
    unit = math.gcd(*(r - min(ranks) for r in ranks)) or 1
    steps = tuple((r - min(ranks)) // unit for r in ranks)
    return steps, size * min(ranks), unit, 8 * (math.comb(len(ranks), size).bit_length() // 8 + 1)


def _words(ranks: tuple[int, ...], size: int) -> int:
    """Return about how many words are added to count the subsets of a size."""
    if math.comb(len(ranks), size) <= MOST:
        return size * math.comb(len(ranks), size)
    steps, _, _, width = _scaled(ranks, size)
    return len(ranks) * size * (sum(sorted(steps)[-size:]) * width // 64 + 64)


def _two_sided(counts: Counter[int], observed: Fraction, twice_expected: int, two_sided: str) -> Fraction:
    total = counts.total()
    at = int(observed)  # 2 W is a whole number, and whole numbers are compared fast
    if two_sided == "absolute_deviation":
        far = sum(n for w, n in counts.items() if abs(w - twice_expected) >= abs(at - twice_expected))
        return Fraction(far, total)
    below = sum(n for w, n in counts.items() if w <= at)
    above = sum(n for w, n in counts.items() if w >= at)
    return min(Fraction(1), Fraction(2 * min(below, above), total))


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
