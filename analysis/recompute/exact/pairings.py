"""The null distribution of a rank correlation by other means: permanents, Gaussian multinomials, tables of ties."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

MOST_PAIRS = 12
"""Most pairs whose permanent is computed: its terms are the subsets of the pairs."""

MOST_TABLES = 200_000
"""Most tables that are listed."""

Numbers = Sequence[Fraction]


class TooManyPairsError(Exception):
    """There are too many pairs for the second route."""


def doubled_ranks(values: Numbers) -> list[int]:
    """Return twice the midrank of each value: those below it twice, and those equal to it once, plus one."""
    return [2 * sum(w < v for w in values) + sum(w == v for w in values) + 1 for v in values]


def concordance(x: Numbers, y: Numbers) -> int:
    """Return concordant minus discordant pairs."""
    return sum(
        ((x[i] > x[j]) - (x[i] < x[j])) * ((y[i] > y[j]) - (y[i] < y[j])) for i in range(len(x)) for j in range(i)
    )


def steps(values: Numbers) -> list[int]:
    """Return the rank of each value counted from 0, in the largest units in which all are whole numbers."""
    ranks = doubled_ranks(values)
    above = [rank - min(ranks) for rank in ranks]
    unit = math.gcd(*above) or 1
    return [rank // unit for rank in above]


def rank_products(x: Numbers, y: Numbers) -> Counter[int]:
    """Return how often each sum of products of `steps` occurs when the y are permuted in every way.

    The generating function is the permanent of the matrix with elements q to the power of such a product. Its value at
    a power of two beyond every count, by Ryser's inclusion and exclusion, has the counts as its digits.
    """
    if len(x) > MOST_PAIRS:
        raise TooManyPairsError(f"too many pairs for a permanent ({len(x)})")
    return _permanent(tuple(sorted(steps(x))), tuple(sorted(steps(y))))


@lru_cache(maxsize=16)
def _permanent(a: tuple[int, ...], b: tuple[int, ...]) -> Counter[int]:
    n = len(a)
    width = math.factorial(n).bit_length() + 1
    matrix = [[1 << (width * v * w) for v in a] for w in b]

    def expand(column: int, rows: list[int], sign: int) -> int:
        if column == n:
            return sign * math.prod(rows)
        without = expand(column + 1, rows, sign)
        return without + expand(column + 1, [r + m for r, m in zip(rows, matrix[column], strict=True)], -sign)

    return Counter(dict(_digits((-1) ** n * expand(0, [0] * n, 1), width)))


def _digits(number: int, width: int) -> Iterator[tuple[int, int]]:
    place = 0
    while number:
        # Zeros in between are many: they are passed over at once.
        zeros = ((number & -number).bit_length() - 1) // width
        number >>= zeros * width
        place += zeros
        yield place, number & ((1 << width) - 1)
        number >>= width
        place += 1


def concordances(x: Numbers, y: Numbers) -> Counter[int]:
    """Return how often, or in proportion to how often, each difference of concordant and discordant pairs occurs.

    Where one variable has no ties, the inversions of the arrangements of the other are counted by the Gaussian
    multinomial coefficient (MacMahon); else every table of the two sets of tied values is listed.
    """
    ties = [tuple(Counter(sorted(v)).values()) for v in (x, y)]
    for tied, untied in (ties, ties[::-1]):
        if max(untied) == 1:
            apart = math.comb(len(x), 2) - sum(math.comb(t, 2) for t in tied)
            return Counter({apart - 2 * k: count for k, count in enumerate(_inversions(tied))})
    return _tables(*ties)


def _inversions(sizes: tuple[int, ...]) -> list[int]:
    """Return the coefficients of [n]! / [t1]! [t2]! ..., in which [k] = 1 + q + ... + q^(k - 1)."""
    coefficients = [1]
    for k in range(2, sum(sizes) + 1):
        coefficients = [sum(coefficients[max(0, i - k + 1) : i + 1]) for i in range(len(coefficients) + k - 1)]
    for size in sizes:
        for k in range(2, size + 1):
            quotient: list[int] = []
            for i in range(len(coefficients) - k + 1):
                quotient.append(coefficients[i] - sum(quotient[max(0, i - k + 1) : i]))
            coefficients = quotient
    return coefficients


def _tables(rows: tuple[int, ...], columns: tuple[int, ...]) -> Counter[int]:
    found: Counter[int] = Counter()
    listed = 0

    def fill(row: int, left: tuple[int, ...], above: tuple[int, ...], gained: int, ways: int) -> None:
        nonlocal listed
        if row == len(rows):
            listed += 1
            if listed > MOST_TABLES:
                raise TooManyPairsError(f"more than {MOST_TABLES} tables of ties")
            found[gained] += ways
            return
        for cells in _filled(rows[row], left):
            # What stands above and to the left is concordant, above and to the right discordant.
            more = sum(c * (sum(above[:j]) - sum(above[j + 1 :])) for j, c in enumerate(cells))
            rest = tuple(f - c for f, c in zip(left, cells, strict=True))
            taken = math.prod(math.comb(f, c) for f, c in zip(left, cells, strict=True))
            fill(row + 1, rest, tuple(a + c for a, c in zip(above, cells, strict=True)), gained + more, ways * taken)

    fill(0, columns, (0,) * len(columns), 0, 1)
    return found


def _filled(total: int, left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield every way to put a number of values into cells that have so much room."""
    if not left:
        yield ()
        return
    # What the other cells have no room for must stand in this one.
    for first in range(max(0, total - sum(left[1:])), min(total, left[0]) + 1):
        for others in _filled(total - first, left[1:]):
            yield first, *others
