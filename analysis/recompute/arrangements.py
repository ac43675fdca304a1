"""The exact rank test by listing every way the values could have fallen into two groups."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise

MOST = 200_000
"""Most arrangements that are listed."""

MOST_IN_ALL = 2_000_000
"""Most arrangements that are listed to invert a test: each shift may need a list of its own."""

Numbers = Sequence[Fraction]


class TooManyError(Exception):
    """There are too many arrangements to list."""


def wins(first: Numbers, second: Numbers) -> Fraction:
    """Return W: the pairs in which the first group is greater, ties counted one half."""
    return Fraction(sum(2 * (x > y) + (x == y) for x in first for y in second), 2)


def shifts(first: Numbers, second: Numbers) -> list[Fraction]:
    """Return every difference of a value of the first group and one of the second, in order."""
    return sorted(x - y for x in first for y in second)


@dataclass
class Arrangements:
    """Lists arrangements, and remembers the list of each pattern of ties.

    Attributes
    ----------
    listed : int
        How many arrangements have been listed.
    """

    listed: int = 0
    known: dict[tuple[int, ...], Counter[int]] = field(default_factory=dict)

    def of(self, first: Numbers, second: Numbers) -> Counter[int]:
        """Return how often each value of 2 W occurs when the labels are exchanged in every way.

        Raises
        ------
        TooManyError
            When there are more arrangements than are listed.
        """
        ordered = sorted([*first, *second])
        # Twice the midrank: first and last position of the value, both counted from 1.
        position: dict[Fraction, int] = {}
        for rank, value in enumerate(ordered, start=1):
            position.setdefault(value, rank)
        size = Counter(ordered)
        ranks = tuple(2 * position[v] + size[v] - 1 for v in ordered)
        if ranks not in self.known:
            count = math.comb(len(ranks), len(first))
            if count > MOST or self.listed + count > MOST_IN_ALL:
                raise TooManyError(f"too many arrangements ({count})")
            self.listed += count
            smallest = len(first) * (len(first) + 1)
            self.known[ranks] = Counter(sum(chosen) - smallest for chosen in combinations(ranks, len(first)))
        return self.known[ranks]

    def p_value(self, first: Numbers, second: Numbers, two_sided: str) -> Fraction:
        """Return the exact two-sided p.

        Parameters
        ----------
        first, second : sequence of Fraction
            Values of the two groups, neither empty.
        two_sided : str
            ``absolute_deviation``: P(|W - E| >= observed); ``twice_smaller_tail``: at most 1.

        Returns
        -------
        Fraction
            A number of arrangements over all.
        """
        counts = self.of(first, second)
        return _two_sided(counts, 2 * wins(first, second), len(first) * len(second), two_sided)

    def smallest_p(self, first: Numbers, second: Numbers, two_sided: str) -> Fraction:
        """Return the smallest two-sided p that any arrangement of these values gives."""
        counts = self.of(first, second)
        return min(_two_sided(counts, Fraction(w), len(first) * len(second), two_sided) for w in counts)

    def interval(self, first: Numbers, second: Numbers, two_sided: str, alpha: Fraction) -> tuple[float, float]:
        """Return the ends of the shifts that the test does not reject.

        Parameters
        ----------
        first, second : sequence of Fraction
            Values of the two groups, neither empty.
        two_sided : str
            As in `p_value`.
        alpha : Fraction
            A shift is rejected when p <= alpha.

        Returns
        -------
        tuple of float
            The smallest and greatest shift not rejected; infinite when shifts without end are not rejected.
        """
        at = sorted(set(shifts(first, second)))
        between = [(a + b) / 2 for a, b in pairwise(at)]

        def kept(shift: Fraction) -> bool:
            return self.p_value([x - shift for x in first], second, two_sided) > alpha

        # An open stretch between two differences is kept or rejected as a whole: one point of it tells.
        ends: list[Fraction | float] = [x for x in at if kept(x)]
        for middle, (a, b) in zip(between, pairwise(at), strict=True):
            if kept(middle):
                ends += [a, b]
        # Ties within a group can make the two outer stretches differ.
        ends += [end for end, shift in ((-math.inf, at[0] - 1), (math.inf, at[-1] + 1)) if kept(shift)]
        return float(min(ends)), float(max(ends))


def _two_sided(counts: Counter[int], observed: Fraction, twice_expected: int, two_sided: str) -> Fraction:
    total = counts.total()
    if two_sided == "absolute_deviation":
        far = sum(n for w, n in counts.items() if abs(w - twice_expected) >= abs(observed - twice_expected))
        return Fraction(far, total)
    below = sum(n for w, n in counts.items() if w <= observed)
    above = sum(n for w, n in counts.items() if w >= observed)
    return min(Fraction(1), Fraction(2 * min(below, above), total))
