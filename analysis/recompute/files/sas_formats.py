"""Numbers of SAS as the texts they stand for: its formats say whether they count days, seconds, or nothing."""

from datetime import date, datetime
from math import isnan
from typing import Final

from analysis.recompute.files.sheet import clock_text, day_since, moment_since, number_text

_DAY_0: Final = date(1960, 1, 1)
_SECOND_0: Final = datetime(1960, 1, 1)  # noqa: DTZ001 - SAS knows no time zones
_ISO: Final = {"DA": "days", "DT": "seconds", "DZ": "seconds", "DN": "seconds", "DX": "seconds", "LX": "seconds"}
_MOMENTS: Final = ("DATETIME", "DATEAMPM", "DTDATE", "DTMON", "DTWKDATX", "DTYEAR", "DTYYQC", "MDYAMPM", "NLDATM")
_CLOCKS: Final = ("TIME", "HHMM", "HOUR", "MMSS", "TOD", "NLTIM")
_DAYS: Final = (
    "DATE", "DDMMYY", "MMDDYY", "YYMM", "MMYY", "YYQ", "MON", "WEEK", "WORDDAT", "JULIAN", "JULDAY", "QTR", "YEAR",
    "DAY", "DOWNAME", "NLDAT", "EURDF", "MINGUO", "NENGO", "PDJUL",
)  # fmt: skip


def counts(sas_format: str) -> str:
    """Return what a number of a format counts: ``days``, ``seconds`` since 1960, seconds of a ``clock``, or nothing."""
    name = sas_format.strip().upper().rstrip("0123456789.")
    iso = name.removesuffix("601")
    for start in ("E8601", "B8601", "IS8601"):
        if name.startswith(start) and name != start:
            return _ISO.get(name.removeprefix(start), "clock")
    if name.startswith(_MOMENTS) or iso.startswith("EURDFDT"):
        return "seconds"
    return "clock" if name.startswith(_CLOCKS) else "days" if name.startswith(_DAYS) else ""


def number(value: float, counted: str) -> str:
    """Return a number of SAS as a text."""
    if isnan(value):
        return ""
    try:
        match counted:
            case "days":
                return day_since(_DAY_0, value)
            case "seconds":
                return moment_since(_SECOND_0, value)
            case "clock":
                return clock_text(value)
    except OverflowError:
        pass
    return number_text(value)
