"""Data frames to plain records of text, exact numbers and dates, and which of them a where-clause means."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from sap.model.clause import AllOf, Comparator, Condition, Not, WhereClause, conditions

Cell = str | Fraction | date | None
Record = Mapping[str, Cell]


class NoRouteError(Exception):
    """There is no second route to a statistic; says why."""


@dataclass(frozen=True)
class Table:
    """The records of one dataset, subject by subject."""

    by_subject: Mapping[str, tuple[Record, ...]]

    def of(self, subject: str) -> tuple[Record, ...]:
        """Return the records of a subject, in the order of the file."""
        return self.by_subject.get(subject, ())


@lru_cache(maxsize=2**16)
def exact(value: float) -> Fraction:
    """Return the decimal number a float was read from (0.1 becomes 1/10)."""
    return Fraction(repr(float(value)))


def to_records(frame: pd.DataFrame) -> Table:
    """Return the rows of a dataset as records."""
    return by_subject({str(name): column_cells(frame[name]) for name in frame.columns})


def records_of(data: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    """Return the records of each dataset."""
    return {name: to_records(frame) for name, frame in data.items()}


def by_subject(columns: Mapping[str, Sequence[Cell]]) -> Table:
    """Return the records that stand in columns, subject by subject."""
    found: dict[str, list[Record]] = defaultdict(list)
    for cells in zip(*columns.values(), strict=True):
        record = dict(zip(columns, cells, strict=True))
        found[str(record["USUBJID"])].append(record)
    return Table({subject: tuple(records) for subject, records in found.items()})


def column_cells(column: "pd.Series[Any]") -> list[Cell]:
    """Return the cells of a column of a data frame; those that hold the same are one object."""
    codes, values = pd.factorize(column)
    cells = [*map(_cell, values.tolist()), None]
    return [cells[code] for code in codes]


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value or None
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return date(value.year, value.month, value.day)
    if isinstance(value, int | float):
        return exact(value) if math.isfinite(value) else None
    raise TypeError(f"a cell of type {type(value).__name__} is neither text, number nor date")


def cell_words(cell: Cell) -> str:
    """Return a cell as a plan writes values: 3 for 3.0, an ISO date, empty where it is missing."""
    if cell is None:
        return ""
    return f"{float(cell):.15g}" if isinstance(cell, Fraction) else str(cell)


def numbers_first(text: str) -> tuple[int, Fraction, str]:
    """Return what sorts numbers as numbers, before texts."""
    try:
        return 0, Fraction(text), text
    except (ValueError, ZeroDivisionError):
        return 1, Fraction(0), text


def a_date(cell: Cell) -> date | None:
    """Return a cell that must be a date or missing."""
    if cell is None or isinstance(cell, date):
        return cell
    raise NoRouteError(f"'{cell}' is not a date")


def a_number(cell: Cell) -> Fraction | None:
    """Return a cell that must be a number or missing."""
    if cell is None or isinstance(cell, Fraction):
        return cell
    raise NoRouteError(f"'{cell}' is not a number")


def days(start: date | None, end: date | None) -> int | None:
    """Return the days from one date to another (the same day is 0), None where either is missing."""
    return None if start is None or end is None else (end - start).days


Lookup = Callable[[str], tuple[Record, ...]]
"""The records a subject has in a dataset."""


def equals(cell: Cell, value: str) -> bool:
    """Return whether a cell holds a value of the plan.

    Numbers and dates are compared as such, '' is a missing cell, and a text of digits is another one with nothing but
    zeros after a point: 1.0 is 1, and 01 is not.
    """
    if cell is None or value == "":
        return cell is None and value == ""
    if isinstance(cell, str):
        return _without_zeros(cell) == _without_zeros(value)
    return cell == _alike(cell, value)


def _without_zeros(text: str) -> str:
    whole, _, rest = text.partition(".")
    digits = whole[1:] if whole[:1] in {"+", "-"} else whole
    return whole if digits.isascii() and digits.isdigit() and set(rest) <= {"0"} else text


def _alike(cell: Cell, value: str) -> str | Fraction | date:
    try:
        if isinstance(cell, Fraction):
            return Fraction(value)
        return date.fromisoformat(value) if isinstance(cell, date) else value
    except ValueError:
        return value


def _before(cell: Cell, value: str) -> bool:
    """Return whether a cell is less than a value."""
    other = _alike(cell, value)
    if isinstance(cell, Fraction) and isinstance(other, Fraction):
        return cell < other
    if isinstance(cell, date) and isinstance(other, date):
        return cell < other
    if isinstance(cell, str) and isinstance(other, str):
        return cell < other
    raise NoRouteError(f"'{cell}' and '{value}' have no order")


def meets(record: Record, condition: Condition) -> bool:
    """Return whether a record meets one condition."""
    cell = record.get(condition.variable)
    first = condition.value[0]
    match condition.comparator:
        case Comparator.EQ | Comparator.IN:
            return any(equals(cell, v) for v in condition.value)
        case Comparator.NE | Comparator.NOTIN:
            return not any(equals(cell, v) for v in condition.value)
        case _ if cell is None:
            return False
        case Comparator.LT:
            return _before(cell, first)
        case Comparator.GE:
            return not _before(cell, first)
        case Comparator.LE:
            return _before(cell, first) or equals(cell, first)
        case Comparator.GT:
            return not (_before(cell, first) or equals(cell, first))
    raise NoRouteError(f"the comparator {condition.comparator} is not known here")


def record_meets(record: Record, clause: WhereClause) -> bool:
    """Return whether a single record meets a clause about its dataset."""
    if isinstance(clause, Condition):
        return meets(record, clause)
    if isinstance(clause, Not):
        return not record_meets(record, clause.clause)
    parts = (record_meets(record, c) for c in clause.clauses)
    return all(parts) if isinstance(clause, AllOf) else any(parts)


def subject_meets(lookup: Lookup, clause: WhereClause) -> bool:
    """Return whether a subject meets a clause.

    A part that is about one dataset holds when one record of the subject meets all of it; ``not`` and parts about
    several datasets combine what holds for the subject.
    """
    if isinstance(clause, Not):
        return not subject_meets(lookup, clause.clause)
    datasets = {c.dataset for c in conditions(clause)}
    if len(datasets) == 1:
        return any(record_meets(r, clause) for r in lookup(datasets.pop()))
    if isinstance(clause, Condition):
        return False
    parts = (subject_meets(lookup, c) for c in clause.clauses)
    return all(parts) if isinstance(clause, AllOf) else any(parts)
