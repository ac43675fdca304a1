"""Two sets of results held against each other: what was added, removed and changed."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from analysis.results.ard import Results, Row

TOLERANCE: Final = 1e-9
"""Relative difference up to which two numbers are the same."""
NEAR_ZERO: Final = 1e-6
"""Numbers nearer to zero are compared as if they were this large: a relative difference of noises means nothing."""

Kind = Literal["added", "removed", "changed"]
_Name = tuple[int, tuple[str, ...]]
SAID: Final = {
    "stat_text": "text",
    "error": "reason",
    "warning": "warning",
    "method": "method",
    "fmt": "format",
    "stat_label": "label",
    "analysis_set": "analysis set",
    "reason": "planned or post hoc",
}
"""What of a row is text, and what a person calls it."""


@dataclass(frozen=True)
class Change:
    """One result that is not the same in both."""

    kind: Kind
    """Whether it is only in the second, only in the first, or in both."""
    before: Row | None
    after: Row | None
    """The result in the first and in the second."""
    fields: tuple[str, ...] = ()
    """What changed, in words: ``value``, ``text``, ``reason`` (why there is no value), ``warning`` and so on."""
    absolute: float | None = None
    """Second minus first; None unless both are finite numbers that differ."""
    relative: float | None = None
    """The absolute difference by the larger magnitude of the two: what is held against the tolerance. From −2 to 2."""

    @property
    def row(self) -> Row:
        """The result as it is now, or as it was when it is gone."""
        row = self.after if self.after is not None else self.before
        if row is None:
            raise ValueError("a change is about a row of at least one side")
        return row


@dataclass(frozen=True)
class Comparison:
    """What differs between two sets of results."""

    changes: tuple[Change, ...]
    """In the order of the first; what was added stands after its neighbour in the second."""
    same: int
    """How many results are the same within the tolerance."""
    tolerance: float

    def count(self, kind: Kind) -> int:
        """Return how many results were added, removed or changed."""
        return sum(c.kind == kind for c in self.changes)

    @property
    def largest(self) -> Change | None:
        """The change with the largest relative difference; None when no number changed."""
        numbers = [c for c in self.changes if c.relative is not None]
        return max(numbers, key=lambda c: abs(c.relative or 0), default=None)


def compare(first: Results, second: Results, tolerance: float = TOLERANCE) -> Comparison:
    """Return what differs between two sets of results.

    Rows are paired by analysis, dataset, group, variable, level, context and statistic; where several steps give rows
    that are the same in all of this, the first with the first, the second with the second. Two numbers are the same
    when they differ by no more than the tolerance times the larger magnitude, or times 0.000001 where both are smaller.
    A number and no number are never the same. The order of rows, positions of steps and stamps are no results.
    """
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"the tolerance must be a number that is not negative, not {tolerance}")
    changes = []
    same = 0
    for before, after in _pairs(first, second):
        found = _change(before, after, tolerance)
        if found is None:
            same += 1
        else:
            changes.append(found)
    return Comparison(tuple(changes), same, tolerance)


def _pairs(first: Results, second: Results) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield each result of either side with that of the other, in the order of the first."""
    new = dict(_named(second))
    added = _added_after(first, second)
    yield from ((None, r) for r in added.get(None, ()))
    for name, row in _named(first):
        yield row, new.get(name)
        yield from ((None, r) for r in added.get(name, ()))


def _named(results: Results) -> Iterator[tuple[_Name, Row]]:
    """Yield the rows with what pairs them: dataset and name, and which of the rows so called each is."""
    seen: Counter[tuple[str, ...]] = Counter()
    for row in results:
        name = (row.dataset, *row.name)
        seen[name] += 1
        yield (seen[name], name), row


def _added_after(first: Results, second: Results) -> dict[_Name | None, list[Row]]:
    """Return what only the second has, by the last result before it that both have."""
    old = {name for name, _ in _named(first)}
    found: dict[_Name | None, list[Row]] = {}
    last: _Name | None = None
    for name, row in _named(second):
        if name in old:
            last = name
        else:
            found.setdefault(last, []).append(row)
    return found


def _change(before: Row | None, after: Row | None, tolerance: float) -> Change | None:
    if before is None or after is None:
        return Change("added" if before is None else "removed", before, after)
    fields = tuple(words for name, words in SAID.items() if getattr(before, name) != getattr(after, name))
    if _alike(before.stat, after.stat, tolerance):
        return Change("changed", before, after, fields) if fields else None
    absolute, relative = differences(before.stat, after.stat)
    return Change("changed", before, after, ("value", *fields), absolute, relative)


def _alike(before: float | None, after: float | None, tolerance: float) -> bool:
    if before is None or after is None:
        return before is after
    if math.isinf(before) or math.isinf(after):
        return before == after
    return abs(after - before) <= tolerance * max(abs(before), abs(after), NEAR_ZERO)


def differences(before: float | None, after: float | None) -> tuple[float | None, float | None]:
    """Return the absolute and the relative difference of two numbers; None where there is none to speak of."""
    if before is None or after is None or math.isinf(before) or math.isinf(after):
        return None, None
    larger = max(abs(before), abs(after))
    absolute = after - before
    if math.isinf(absolute):  # two of the largest doubles, with opposite signs
        return None, after / larger - before / larger
    return absolute, absolute / larger if larger else 0.0
