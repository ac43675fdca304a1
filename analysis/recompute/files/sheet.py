"""What a second reading of a file gives, whatever its format: columns of the texts that a CSV file of it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from analysis.recompute.trial.cells import NoRouteError

Wanted = Callable[[str], bool]
"""Whether a column of a file is read."""


class UnreadError(NoRouteError):
    """A file cannot be read a second time; says why."""


@dataclass(frozen=True)
class Sheet:
    """A file, column by column."""

    columns: Mapping[str, Sequence[str]]
    """The texts of each column that is read, by its name in the file."""
    rows: Sequence[int]
    """The row of each record, where the header is row 1."""
    special: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Special missing values of SAS, as ``.A``, by column and position of the record; their cells are empty."""


@lru_cache(maxsize=2**16)
def number_text(value: float) -> str:
    """Return a number as a CSV file holds it: 63 and not 63.0; what is not a number is missing."""
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - only NaN is not itself
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def day_text(day: date) -> str:
    """Return a day, or a moment: one at midnight is the day."""
    if isinstance(day, datetime):
        return day.date().isoformat() if day.time() == time() else day.replace(tzinfo=None).isoformat()
    return day.isoformat()


@lru_cache(maxsize=2**16)
def day_since(start: date, days: float) -> str:
    """Return the day some days after another."""
    return (start + timedelta(days=days // 1)).isoformat()


@lru_cache(maxsize=2**16)
def moment_since(start: datetime, seconds: float) -> str:
    """Return the moment some seconds after another, as day and time of day."""
    return (start + timedelta(seconds=seconds)).isoformat()
