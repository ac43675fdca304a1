"""What a second reading of a file gives, whatever its format: columns of the texts that a CSV file of it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from analysis.recompute.trial.cells import NoRouteError


@dataclass(frozen=True)
class Asked:
    """What is read of a file."""

    columns: Callable[[str], bool]
    """Whether a column is read, by its name in the file."""
    names: Sequence[str]
    """What the dataset may be called in the file, in capitals."""
    subject: str = "USUBJID"
    """The column with the subjects, by its name in the file."""
    subjects: frozenset[str] = frozenset()
    """Whose records are needed; everyone's where nobody is named. A reader may leave the others unread."""

    def about(self, subject: str) -> bool:
        """Return whether records of a subject are needed."""
        return not self.subjects or subject in self.subjects


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
    if not isfinite(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def decoded(text: bytes) -> str:
    """Return bytes as text without blanks around it: UTF-8, or what Windows writes in its place."""
    try:
        return text.decode("utf-8").strip(" \0\t\r\n")
    except UnicodeDecodeError:
        return text.decode("cp1252", errors="replace").strip(" \0\t\r\n")


@lru_cache(maxsize=2**16)
def day_since(start: date, days: float) -> str:
    """Return the day some days after another."""
    return (start + timedelta(days=days // 1)).isoformat()


@lru_cache(maxsize=2**16)
def moment_since(start: datetime, seconds: float) -> str:
    """Return the moment some seconds after another, as day and time of day."""
    return (start + timedelta(seconds=seconds)).isoformat()


@lru_cache(maxsize=2**16)
def clock_text(seconds: float) -> str:
    """Return seconds of a clock as hours, minutes and seconds; hours go on after 24."""
    minutes, rest = divmod(abs(round(Fraction(seconds), 6)), 60)
    whole, part = divmod(rest, 1)
    decimals = f"{float(part):.6f}"[1:].rstrip("0").rstrip(".")
    return f"{'-' * (seconds < 0)}{minutes // 60:02d}:{minutes % 60:02d}:{whole:02d}{decimals}"
