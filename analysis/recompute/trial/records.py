"""Data frames to plain records, at the edge: text, exact decimal numbers, dates, and nothing for a missing cell."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

import pandas as pd

Cell = str | Fraction | date | None
Record = Mapping[str, Cell]


class NoRouteError(Exception):
    """There is no second route to a statistic; says why."""


@dataclass(frozen=True)
class Records:
    """The records of one dataset, subject by subject."""

    by_subject: Mapping[str, tuple[Record, ...]]

    def of(self, subject: str) -> tuple[Record, ...]:
        """Return the records of a subject, in the order of the file."""
        return self.by_subject.get(subject, ())


@lru_cache(maxsize=2**16)
def exact(value: float) -> Fraction:
    """Return the decimal number a float was read from (0.1 becomes 1/10)."""
    return Fraction(repr(float(value)))


def to_records(frame: pd.DataFrame) -> Records:
    """Return the rows of a dataset as records."""
    rows: dict[str, list[Record]] = defaultdict(list)
    for row in frame.to_dict("records"):
        record = {str(name): _cell(value) for name, value in row.items()}
        rows[str(record["USUBJID"])].append(record)
    return Records({subject: tuple(found) for subject, found in rows.items()})


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
