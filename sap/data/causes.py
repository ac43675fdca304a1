"""What follows from what: a rule is silent about refused cells, and failures that share a wrong cell are told once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from sap.data.failures import Failure
from sap.data.rule import Finding
from sap.text.spellings import nearest

Cell = tuple[str, int, str]
"""Dataset, row and column."""
UNREAD = frozenset({"date", "number", "integer"})
"""Rules whose breach leaves nothing in a cell, whether it stops the analysis or not."""
ANY = ""
"""In place of a column: the whole row was refused."""


class Refused:
    """The cells and rows that were refused, by record and by subject."""

    def __init__(self, data: Mapping[str, pd.DataFrame], failures: Iterable[Failure]) -> None:
        self._cells: set[Cell] = set()
        self._of_subjects: set[tuple[str, str, str]] = set()
        first = data["ADSL"].drop_duplicates("USUBJID")
        self._row = dict(zip(first["USUBJID"], first.index, strict=True))
        named = {s for frame in data.values() for s in frame["USUBJID"].unique()}
        self.meant = nearest(named - self._row.keys(), self._row)
        for f in failures:
            if f.row and (f.severity == "error" or f.rule in UNREAD):
                self.add(f)

    def add(self, failure: Failure) -> None:
        """Refuse the cell of a failure, or its row where the record is there twice."""
        column = ANY if failure.rule == "key" else failure.column
        self._cells.add((failure.dataset, failure.row, column))
        # What a subject lacks may be the record whose subject is misspelt.
        self._of_subjects.add((self.meant.get(failure.subject, failure.subject), failure.dataset, column))

    def holds(self, finding: Finding, row: int, subject: str) -> bool:
        """Return whether a record breaks a rule by a cell that was refused."""
        return any(
            self._refused(finding.dataset, row, subject, name) for name in ("USUBJID", finding.column, *finding.others)
        )

    def _refused(self, dataset: str, row: int, subject: str, name: str) -> bool:
        other, dot, column = name.rpartition(".")
        if not dot:
            return not self._cells.isdisjoint({(dataset, row, column), (dataset, row, ANY)})
        return not self._of_subjects.isdisjoint({(subject, other, column), (subject, other, ANY)})

    def read(self, finding: Finding, row: int, subject: str) -> tuple[Cell, ...]:
        """Return the cells by which a record breaks a rule: its own, and those of its subject in ADSL."""
        found = []
        for name in (finding.column, *finding.others):
            other, dot, column = name.rpartition(".")
            if not dot:
                found.append((finding.dataset, row, column))
            elif other == "ADSL" and subject in self._row:
                found.append((other, self._row[subject], column))
        return tuple(found)


@dataclass(frozen=True)
class Contradiction:
    """A failure of a rule across datasets and the cells that contradict one another."""

    failure: Failure
    cells: tuple[Cell, ...]


def by_cause(found: Sequence[Contradiction]) -> list[Failure]:
    """Return failures, of which those that one wrong cell explains name it and are consequences of the first.

    A cell explains failures of different rules: one of its own record, or one of a subject in ADSL that contradicts
    what is known of the subject as a whole. Where a rule is broken by many subjects without such a cell, that is a
    fault of its own and explained by none.
    """
    of_subject: dict[str, list[Contradiction]] = defaultdict(list)
    for c in found:
        of_subject[c.failure.subject].append(c)
    return _without_habits([f for same in of_subject.values() for f in _explained(same)])


def _explained(found: Sequence[Contradiction]) -> list[Failure]:
    """Return the failures of a subject, each with the cell that explains most of them."""
    told = [c.failure for c in found]
    shown = {_place(f) for f in told}
    waiting = set(range(len(found)))
    while waiting:
        reach: dict[Cell, list[int]] = defaultdict(list)
        for i in sorted(waiting):
            for cell in found[i].cells:
                reach[cell].append(i)
        explains = {cell: at for cell, at in reach.items() if _is_cause(cell, [told[i] for i in at])}
        if not explains:
            break
        # Of cells that explain as much, the one that a failure shows.
        cell = max(explains, key=lambda c: (len(explains[c]), c in shown))
        first = min(explains[cell], key=lambda i: (told[i].severity != "error", _place(told[i]) != cell, i))
        for i in explains[cell]:
            told[i] = replace(told[i], cause=f"{cell[0]} row {cell[1]} {cell[2]}", consequence=i != first)
        waiting -= set(explains[cell])
    return told


def _place(failure: Failure) -> Cell:
    return failure.dataset, failure.row, failure.column


def _is_cause(cell: Cell, failures: Sequence[Failure]) -> bool:
    several = len({f.rule for f in failures}) > 1
    return several and (cell[0] != "ADSL" or any(f.dataset == "ADSL" or f.rule in OF_SUBJECT for f in failures))


OF_SUBJECT = frozenset({"X10", "X11", "X12"})
"""Rules of other datasets about what is known of a subject as a whole."""


def _without_habits(told: list[Failure]) -> list[Failure]:
    """Leave alone what most subjects who break a rule break without such a cell."""
    broken: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for kind, _, explained in {((f.rule, f.column), f.subject, bool(f.cause)) for f in told}:
        broken[kind][explained] += 1
    habits = {kind for kind, count in broken.items() if count[True] and count[False] > count[True]}
    return [
        replace(f, cause="", consequence=False) if f.consequence and (f.rule, f.column) in habits else f for f in told
    ]
