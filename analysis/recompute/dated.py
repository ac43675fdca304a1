"""Records in days since first treatment by the second route, in their order, and what is said of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cmp_to_key
from typing import Final

from analysis.recompute.samples import Dated, Promise, RecordsSample, Value
from analysis.recompute.trial.records import Cell, NoRouteError, Record, a_date, days
from sap.methods.records import Records

READ: Final = "records, read again"


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


def statistics_of_records(sample: RecordsSample) -> Iterator[Promise]:
    """Yield the counts, then each record of each subject by its number."""
    step = sample.step
    everything = [r for own in sample.subjects.values() for r in own]
    starts = [r.start for r in everything if r.start is not None]
    counts: dict[str, Value] = {"N": sample.size, "n": len(sample.subjects), "n.records": len(everything)}
    counts |= {"n.ongoing": sample.endless} if step.end else {}
    counts |= {"start.min": min(starts, default=None), "start.max": max(starts, default=None)}
    for name, count in counts.items():
        yield Promise(sample.place, "records", "", name, count, "counted")
    for subject, own in sample.subjects.items():
        for at in range(len(own)):
            place = replace(sample.place, variable_level=f"{subject}, record {at + 1}")
            for name, value in _told(step, own[at]):
                yield Promise(place, "record", place.variable_level, name, value, READ)


def _told(step: Records, record: Dated) -> Iterator[tuple[str, Value]]:
    yield "start.day", record.start
    if step.end is not None:
        yield "end.day", record.end
    for name, asked, cell in (("value", step.value, record.value), ("name", step.name, record.name)):
        if asked is not None:
            yield name, cell.isoformat() if isinstance(cell, date) else cell
