"""Records in days since first treatment by the second route, in their order, and what is said of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cmp_to_key

from analysis.recompute.trial.cells import Cell, NoRouteError, Record, a_date, days, record_meets
from analysis.recompute.trial.sample import COUNTED, READ, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.records import Records


@dataclass(frozen=True)
class Dated:
    """One record: its days since first treatment, None where there is none, and what it says."""

    start: int | None
    end: int | None
    value: Cell
    name: Cell


@dataclass(frozen=True)
class RecordsSample(Sample):
    """The records that count, subject by subject, each in its order."""

    subjects: Mapping[str, tuple[Dated, ...]]
    endless: int
    size: int
    step: Records

    def promises(self) -> Iterator[Promise]:
        """Yield the counts, then each record of each subject by its number."""
        everything = [r for own in self.subjects.values() for r in own]
        starts = [r.start for r in everything if r.start is not None]
        counts: dict[str, Value] = {"N": self.size, "n": len(self.subjects), "n.records": len(everything)}
        counts |= {"n.ongoing": self.endless} if self.step.end else {}
        counts |= {"start.min": min(starts, default=None), "start.max": max(starts, default=None)}
        yield from self.give("records", counts, COUNTED, "")
        for subject, own in self.subjects.items():
            for number, record in enumerate(own, start=1):
                yield from self.give("record", self._of(record), READ, f"{subject}, record {number}")

    def _of(self, record: Dated) -> Mapping[str, Value]:
        """Return what the step asks of a record."""
        texts = {"value": (self.step.value, record.value), "name": (self.step.name, record.name)}
        return {
            "start.day": record.start,
            **({"end.day": record.end} if self.step.end is not None else {}),
            **{n: c.isoformat() if isinstance(c, date) else c for n, (asked, c) in texts.items() if asked is not None},
        }


def samples(cohort: Cohort, step: Records) -> Iterator[Sample]:
    """Yield the records that meet the clause, in days since the first treatment of their subject."""
    found, endless = {}, 0
    for subject in cohort.subjects:
        rows = cohort.world.records(subject, step.dataset)
        kept = in_order(step, [r for r in rows if step.where is None or record_meets(r, step.where)])
        if kept:
            start = cohort.first_treatment(subject)
            found[subject] = tuple(dated(step, row, start) for row in kept)
            endless += sum(step.end is not None and row.get(step.end) is None for row in kept)
    yield RecordsSample(cohort.on(step.name or step.value or step.start), found, endless, len(cohort.subjects), step)


def in_order(step: Records, rows: Sequence[Record]) -> tuple[Record, ...]:
    """Return the records of a subject in order of start, name, end and value, what is missing last."""
    keys = [v for v in (step.start, step.name, step.end, step.value) if v is not None]

    def compared(one: Record, other: Record) -> int:
        return next((c for v in keys if (c := _compared(one.get(v), other.get(v)))), 0)

    return tuple(sorted(rows, key=cmp_to_key(compared)))


def _compared(one: Cell, other: Cell) -> int:
    if one is None or other is None:
        return (one is None) - (other is None)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    if isinstance(one, date) and isinstance(other, date):
        return (one - other).days
    if isinstance(one, str | date) or isinstance(other, str | date):
        raise NoRouteError(f"'{one}' and '{other}' have no order")
    return (one > other) - (one < other)


def dated(step: Records, row: Record, first_treatment: date | None) -> Dated:
    """Return one record in days since first treatment."""
    start, end, value, name = (None if v is None else row.get(v) for v in (step.start, step.end, step.value, step.name))
    return Dated(days(first_treatment, a_date(start)), days(first_treatment, a_date(end)), value, name)
