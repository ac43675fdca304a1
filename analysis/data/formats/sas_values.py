"""What a number in SAS stands for: its format says whether it is a date, a datetime or a time."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal

from analysis.data.formats.texts import as_number, clock
from sap.model.variables import VariableType

SasKind = Literal["date", "datetime", "time", "number"]

_DATETIMES: Final = re.compile(
    r"\$?(DATETIME|DATEAMPM|MDYAMPM|DTDATE|DTMONYY|DTWKDATX|DTYEAR|DTYYQC|EURDFDT|NLDATM\w*|(E8601|B8601|IS8601)(DT|DZ|DN|LX)|ND8601\w*)"
)
_TIMES: Final = re.compile(r"TIME(AMPM)?|HHMM|HOUR|MMSS|TOD|NLTIM\w*|(E8601|B8601|IS8601)(TM|TZ|LZ)")
_DATES: Final = re.compile(
    r"DATE|(YYMMDD|MMDDYY|DDMMYY|YYMM|MMYY|YYQ|YYQR)[BCDNPS]?|(E8601|B8601|IS8601)DA|(EURDF|NL|WEEK|WORD)DAT[EX]\w*|EURDFD[DET]"
    r"|NLDATE\w*|EURDFDE|MONYY|MONNAME|MONTH|YEAR|QTRR?|DAY|DOWNAME|WEEKDAY|WEEK[UVW]|JULIAN|JULDAY|PDJULG|PDJULI|MINGUO|NENGO"
)
_KINDS: Final[Mapping[SasKind, re.Pattern[str]]] = {"datetime": _DATETIMES, "time": _TIMES, "date": _DATES}
_EPOCH: Final = datetime.fromisoformat("1960-01-01")


def kind_of(sas_format: str) -> SasKind:
    """Return what numbers of a SAS format are, as dates for ``DATE9.`` or ``YYMMDD10.``."""
    name = re.sub(r"\d*\.?\d*$", "", sas_format.strip().upper())
    return next((kind for kind, names in _KINDS.items() if names.fullmatch(name)), "number")


def text_of(kind: SasKind) -> Callable[[float], str]:
    """Return how numbers of a kind are written as texts."""
    return {"date": _date, "datetime": _datetime, "time": _time, "number": as_number}[kind]


def declared(kind: SasKind) -> VariableType | None:
    """Return what a plan calls a kind; it has no word for times."""
    return None if kind in {"datetime", "time"} else "date" if kind == "date" else "number"


def _date(days: float) -> str:
    """Return days since 1960 as a date; a part of a day, which no date has, is left out as SAS shows it."""
    if math.isnan(days):
        return ""
    try:
        return date.fromordinal(_EPOCH.toordinal() + math.floor(days)).isoformat()
    except (ValueError, OverflowError):
        return as_number(days)


def _datetime(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except (ValueError, OverflowError):
        return as_number(seconds)


def _time(seconds: float) -> str:
    return "" if math.isnan(seconds) else clock(seconds)
