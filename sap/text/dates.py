"""A date as it was collected: whole, or without its day, its month or its year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from sap.text.cells import YEARS

DatePart = Literal["D", "M", "Y"]
"""The highest part of a date that is not known, as flags of ADaM name it: the day, the month, the year."""
_TIME: Final = r"[T ]([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d([.,]\d+)?)?)?(Z|[+-]\d{2}(:?\d{2})?)?"
_DATETIME: Final = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){_TIME}", re.ASCII)
_NOT_KNOWN: Final = r"-|UN|UNK|XX|NK"
_YEAR: Final = r"(?P<year>\d{4}|-|UN|UNKN?|XXXX|NK)"
_ISO: Final = re.compile(
    rf"{_YEAR}(-(?P<month>\d{{2}}|{_NOT_KNOWN})(-(?P<day>\d{{2}}|{_NOT_KNOWN}))?)?({_TIME})?", re.ASCII
)
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMED: Final = re.compile(
    rf"((?P<day>\d{{1,2}}|UN|UNK|XX|NK)[-/ ]?)?(?P<month>{'|'.join(_MONTHS)}|UN|UNK|XXX|NK)[-/ ]?{_YEAR}", re.ASCII
)


@dataclass(frozen=True)
class PartialDate:
    """A date of which a part may not be known."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def lacks(self) -> DatePart | None:
        """The highest part that is not known; None of a whole date."""
        missing: tuple[tuple[DatePart, int | None], ...] = (("Y", self.year), ("M", self.month), ("D", self.day))
        return next((part for part, value in missing if value is None), None)


@lru_cache(maxsize=2**16)
def collected(cell: str) -> PartialDate | None:
    """Return a date as it was collected; None of an empty cell, of what is no date, and of a day that does not exist.

    What is read: ISO 8601 and its shortened forms, as 2014-03, 2014---15 (its month is not known) and --03-15 (its
    year is not), a time of day behind it left out; and a month by its English name, as UN-MAR-2014 and 15MAR2014. A
    part that is not known may be called UN, UNK, NK or XX. Of 03/04/2014 nobody knows which part is the month: it is
    no date.
    """
    found = _ISO.fullmatch(cell.upper()) or _NAMED.fullmatch(cell.upper())
    if found is None:
        return None
    year, month, day = (_number(found[part]) for part in ("year", "month", "day"))
    real = (year is None or year in YEARS) and (month is None or 1 <= month <= 12)
    return PartialDate(year, month, day) if real and (day is None or 1 <= day <= _days(year, month)) else None


def _number(part: str | None) -> int | None:
    if part in _MONTHS:
        return _MONTHS.index(part) + 1
    return int(part) if part is not None and part.isdigit() else None


def _days(year: int | None, month: int | None) -> int:
    """Return how many days a month has; of one that is not known, how many it may have."""
    return 31 if month is None else calendar.monthrange(2000 if year is None else year, month)[1]


def without_time(cell: str) -> str:
    """Return the date of an ISO 8601 date with a time of day, as it was written; any other text as it is."""
    found = _DATETIME.fullmatch(cell)
    return cell if found is None else found[1]


def possible(partial: PartialDate) -> tuple[date, date]:
    """Return the first and the last day that a date of a known year may be; without its month its day says nothing."""
    year = partial.year or 0
    first, last = (1, 12) if partial.month is None else (partial.month, partial.month)
    day = None if partial.month is None else partial.day
    return date(year, first, day or 1), date(year, last, day or _days(year, last))
