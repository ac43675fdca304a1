"""What both routes read of the files, cell by cell: a fault of reading is told as what it is, and where it is first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import pandas as pd

from analysis.recompute.comparison.check import Check, Verdict, difference
from analysis.recompute.files.read import Reading
from analysis.recompute.trial.cells import Cell, column_cells
from analysis.results.ard import number_text

READING: Final = "reading"
"""Context of a check that compares what was read."""
CELL: Final = "cell"
"""Statistic of a check about the first cell of a column that differs."""
RECORDS: Final = "n.records"
CELLS: Final = "n.cells"
COUNTED: Final = (RECORDS, "n.subjects", CELLS, "n.missing")
"""What is counted of each dataset."""
_EXAMPLES: Final = 3
_SAME: Final = {True: "all the same", False: "NOT ALL THE SAME"}
_NEAR: Final = 1e-12
"""Largest relative difference of two numbers that were read from the same cell."""


@dataclass(frozen=True)
class _Read:
    """The records of a dataset by one of the routes."""

    rows: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]

    def counts(self) -> tuple[int, ...]:
        """Return how many records, subjects, cells and missing cells there are."""
        missing = sum(Counter(map(id, cells))[id(None)] for cells in self.columns.values())
        return len(self.rows), len(set(self.columns["USUBJID"])), len(self.rows) * len(self.columns), missing

    def at(self, positions: Sequence[int]) -> "_Read":
        """Return some of the records."""
        columns = {name: [cells[i] for i in positions] for name, cells in self.columns.items()}
        return _Read([self.rows[i] for i in positions], columns)


def readings(first: Mapping[str, pd.DataFrame], second: Mapping[str, Reading]) -> Iterator[Check]:
    """Yield the counts of each dataset as both routes read it, and the first cell of each column that differs."""
    for dataset, frame in first.items():
        found = second[dataset]
        if found.unread:
            yield _check(dataset, RECORDS, (Fraction(len(frame)), None), found.unread, "not recomputed")
            continue
        shared = [name for name in found.columns if name in frame.columns]
        reported = _Read(frame.index.tolist(), {name: column_cells(frame[name]) for name in shared})
        again = _Read(found.rows, {name: found.columns[name] for name in shared})
        for name, *counts in zip(COUNTED, reported.counts(), again.counts(), strict=True):
            by_first, by_second = map(Fraction, counts)
            yield _check(dataset, name, (by_first, by_second), "counted")
        for name in found.columns.keys() - set(shared):
            yield _check(dataset, CELL, ("no such column", "a column"), "only the second reading finds it", level=name)
        yield from _cells(dataset, found, *_aligned(reported, again))


def in_words(checks: Sequence[Check]) -> tuple[str, ...]:
    """Return how the two readings compare, a sentence each; nothing where no file was read again."""
    of_reading = [c for c in checks if c.context == READING]
    cells = sum(int(c.reported or 0) for c in of_reading if c.stat_name == CELLS)
    twice = sum(c.stat_name == CELLS for c in of_reading)
    differ = [c for c in of_reading if c.verdict == "differs"]
    told = [f"{twice} dataset{'s' * (twice != 1)} read twice, {cells:,} cells: {_SAME[not differ]}."] if twice else []
    told += [f"{_name(c)} was read in two ways: {_values(c)}." for c in differ]
    told += ["What uses it is not to be relied on before it is known which reading is right."] if differ else []
    return (*told, *(f"{c.variable} was read once: {c.route}." for c in of_reading if c.verdict == "not recomputed"))


def _name(check: Check) -> str:
    return f"{check.variable} {check.variable_level or check.stat_name.removeprefix('n.')}"


def _values(check: Check) -> str:
    first, second = _value(check.reported, check.reported_text), _value(check.recomputed, check.recomputed_text)
    return f"{first} by the first route, {second} by the second, {check.route}"


def _value(number: float | None, text: str) -> str:
    return f"'{text}'" if number is None else number_text(number)


def _aligned(reported: _Read, again: _Read) -> tuple[_Read, _Read]:
    """Return the records that both routes read: by their order, or by their rows where one read more than the other."""
    if len(reported.rows) == len(again.rows):
        return reported, again
    shared = set(reported.rows) & set(again.rows)
    kept = ([i for i, row in enumerate(read.rows) if row in shared] for read in (reported, again))
    return reported.at(next(kept)), again.at(next(kept))


def _cells(dataset: str, found: Reading, reported: _Read, again: _Read) -> Iterator[Check]:
    for name, ours in reported.columns.items():
        theirs = again.columns[name]
        if ours == theirs:
            continue
        # Cells of one text are one object: each pair of two is compared once.
        pairs = zip(map(id, ours), map(id, theirs), strict=True)
        cells = dict(zip(map(id, ours), ours, strict=True)) | dict(zip(map(id, theirs), theirs, strict=True))
        wrong = {(a, b) for a, b in set(pairs) if not _same(cells[a], cells[b])}
        if wrong:
            at = [i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if (id(a), id(b)) in wrong]
            yield _check(dataset, CELL, (ours[at[0]], theirs[at[0]]), _told(found, name, again, at), level=name)


def _told(found: Reading, name: str, read: _Read, at: Sequence[int]) -> str:
    """Return where cells differ, in the file."""
    more = ", ".join(str(read.rows[i]) for i in at[1:_EXAMPLES])
    others = f" and {len(at) - 1} more (row{'s' * (len(at) > 2)} {more}{' …' * (len(at) > _EXAMPLES)})" if more else ""
    column = f", column {found.sources[name]}," if name in found.sources else ""
    return f"in row {read.rows[at[0]]} of {found.file}{column} ({read.columns['USUBJID'][at[0]]}){others}"


def _same(cell: Cell, other: Cell) -> bool:
    if isinstance(cell, Fraction) and isinstance(other, Fraction):
        return cell == other or abs(cell - other) <= _NEAR * max(abs(cell), abs(other))
    return cell == other


def _check(
    dataset: str, name: str, values: tuple[Cell, Cell], route: str, verdict: Verdict | None = None, *, level: str = ""
) -> Check:
    numbers = [float(v) if isinstance(v, Fraction) else None for v in values]
    texts = ["missing" if v is None else "" if isinstance(v, Fraction) else str(v) for v in values]
    return Check(
        analysis_id="SETS",
        analysis_set="",
        variable=dataset,
        variable_level=level,
        context=READING,
        stat_name=name,
        reported=numbers[0],
        reported_text=texts[0],
        recomputed=numbers[1],
        recomputed_text=texts[1],
        difference=difference(*numbers),
        route=route,
        verdict=verdict or ("agrees" if _same(*values) else "differs"),
    )
