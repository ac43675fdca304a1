"""Times to event: in which unit AVAL is, and whether the day of the start is day 0 or day 1."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.mapping.cells.columns import Table, day_of
from analysis.mapping.proposal import Said, Sure

DAYS_IN: Final[Mapping[str, float]] = {"days": 1, "weeks": 7, "months": 30.4375, "years": 365.25, "hours": 1 / 24}
_WORD: Final = re.compile(r"\b(hour|day|week|month|year)s?\b", re.IGNORECASE)
_STARTS: Final = ("STARTDT", "STARTDTM", "TRTSDT", "RANDDT", "TRTSDTM", "RFSTDT", "ENRLDT")
"""Where the start of a time may stand: in its record, or of its subject in ADSL."""
_ROUGH: Final = frozenset({"weeks", "months", "years"})
_MOST: Final = 0.95
_SOME: Final = 0.5
"""Share of the records that must agree before dates are taken for what AVAL was made from."""


@dataclass(frozen=True)
class Clock:
    """How the times of a parameter are counted."""

    unit: str
    first: int | None
    """AVAL on the day of the start; None where nothing says it."""
    start: str
    """The variable that holds the start; empty where none was found to be it."""
    said: tuple[Said, ...]


def clock_of(table: Table, code: str, adsl: Table) -> Clock:
    """Return how the times of a parameter are counted, and from what that was concluded."""
    rows = table.of(code)
    told = _unit_in_words(table, rows)
    fits = sorted(_fits(rows, adsl), key=lambda f: (-round(f.share, 3), f.off))
    best = fits[0] if fits and fits[0].share >= _MOST else None
    place = f"{table.name} {code}"
    if best is None:
        why, first = "No start and end of the times give AVAL.", None
        if fits:
            wrong = fits[0].records - fits[0].fitting
            differ = f"the {wrong} that differ{'s' * (wrong == 1)}"
            why = f"Dates give AVAL in {fits[0].share:.0%} of the records only: look at {differ}."
            if fits[0].share > _SOME and fits[0].unit == (told or "days"):
                why = f"{why} Are day and month exchanged there?"
                first = fits[0].first
        of_unit = Said(f"{place} unit", told or "days", "likely" if told else "guess", _says(told))
        return Clock(told or "days", first, "", (of_unit, Said(f"{place} day", f"day {first or 0}", "guess", why)))
    unit = best.unit
    sure: Sure = "certain" if best.share == 1 else "likely"
    formula = f"ADT - {best.start}{' + 1' if best.first else ''}"
    counted = f"in {best.fitting} of {best.records} records AVAL is {formula}"
    counted += "" if unit == "days" else f", divided by {DAYS_IN[unit]:g}"
    why = f"{counted[0].upper()}{counted[1:]}."
    if told and told != unit:
        why, sure = f"{why} The file says {told}.", "guess"
    apart = unit == "days" or best.clear
    said = (
        Said(f"{place} unit", unit, sure, why),
        Said(f"{place} day", f"day {best.first}", sure if apart else "guess", why),
    )
    return Clock(unit, best.first if apart else None, best.start, said)


ORIGINS: Final = ("TRTSDT", "RANDDT", "ENRLDT", "RFICDT", "RFSTDT")
"""Dates of a subject at which a clock may start."""


def origin_of(table: Table, code: str, start: str, adsl: Table) -> str:
    """Return the date of ADSL at which the clock of a parameter starts in every record; empty without one."""
    rows = table.of(code)
    held = next((n for n in ("STARTDT", start) if n in rows.columns), "")
    if not held:
        return start if start in ORIGINS and start in adsl.columns else ""
    starts = days(rows[held])
    for name in ORIGINS:
        of_subject = _starts(name, rows.drop(columns=name, errors="ignore"), adsl)
        if of_subject is not None and starts.notna().any() and (starts == of_subject)[starts.notna()].all():
            return name
    return ""


def _says(unit: str) -> str:
    return f"AVALU or PARAM says {unit}." if unit else "Neither AVALU nor PARAM says a unit: days are usual."


def _unit_in_words(table: Table, rows: pd.DataFrame) -> str:
    """Return the unit that AVALU names, or PARAM in its words; empty where neither does."""
    for name in ("AVALU", "PARAM", "PARAMU"):
        if name in table.columns:
            found = {m[1].lower() for text in rows[name].unique() for m in [_WORD.search(str(text))] if m}
            if len(found) == 1:
                return f"{found.pop()}s"
    return ""


@dataclass(frozen=True)
class _Fit:
    """How well a start, a unit and a first day give AVAL."""

    start: str
    unit: str
    first: int
    fitting: int
    records: int
    off: float
    """How far they are from AVAL, in days, on average."""
    clear: bool
    """Whether the other first day fits worse: with rounded months it may not."""

    @property
    def share(self) -> float:
        return self.fitting / self.records


def _fits(rows: pd.DataFrame, adsl: Table) -> Iterator[_Fit]:
    end = next((n for n in ("ADT", "ADTM") if n in rows.columns), None)
    if end is None or "AVAL" not in rows.columns:
        return
    decimals = _decimals(rows["AVAL"])
    values = pd.to_numeric(rows["AVAL"].astype(object), errors="coerce")
    ends = days(rows[end])
    for start in _STARTS:
        begins = _starts(start, rows, adsl)
        if begins is None:
            continue
        elapsed = ends - begins
        known = (values.notna() & elapsed.notna()).to_numpy()
        if 2 * int(known.sum()) < len(rows) or not known.any():
            continue
        times, apart = values.to_numpy()[known], elapsed.to_numpy()[known]
        for unit, size in DAYS_IN.items():
            # Rounded, a time may be half of its last decimal away; a month is 30.4375 days to some, 30.4 to others.
            margin = 0.51 * 10.0**-decimals + 0.0013 * times if unit in _ROUGH else 1e-6
            offs = [np.abs(times - (apart + first) / size) for first in (0, 1)]
            fitting = [int((off <= margin + 1e-9).sum()) for off in offs]
            for first, off in enumerate(offs):
                clear = fitting[first] > fitting[1 - first]
                yield _Fit(start, unit, first, fitting[first], len(times), float(off.mean()) * size, clear)


def _starts(name: str, rows: pd.DataFrame, adsl: Table) -> "pd.Series[float] | None":
    if name in rows.columns:
        return days(rows[name])
    if name in adsl.columns:
        of_subject = dict(zip(adsl.frame["USUBJID"].astype(object), days(adsl.frame[name]), strict=True))
        return rows["USUBJID"].astype(object).map(of_subject)
    return None


def _decimals(cells: "pd.Series[str]") -> int:
    texts = (str(t).partition(".")[2] for t in cells.astype(object).unique())
    return min(max((len(t) for t in texts), default=0), 9)


def days(cells: "pd.Series[str]") -> "pd.Series[float]":
    """Return dates as days of one count; what is none is missing."""
    texts = cells.astype(object)
    known = {t: day_of(str(t)) for t in texts.unique()}
    stamps = pd.to_datetime(texts.map(known).replace("", None), format="%Y-%m-%d", errors="coerce")
    return (stamps - pd.Timestamp(1960, 1, 1)).dt.days.astype("float64")


def first_day(clocks: Mapping[str, Clock]) -> tuple[int, Said | None]:
    """Return the day of the start over all parameters, as most of them have it, and what is to be said of that."""
    known = [c.first for c in clocks.values() if c.first is not None]
    if not known:
        return 0, None
    first = int(2 * sum(known) >= len(known))
    others = sorted(code for code, c in clocks.items() if c.first not in {None, first})
    sure: Sure = "certain" if not others else "guess"
    told = "" if not others else f" {', '.join(others)} count otherwise: their AVAL has to be mended."
    why = next(c.said[-1].why for c in clocks.values() if c.first == first)
    more = f" So {len(known) - len(others)} of {len(clocks)} parameters count." if len(clocks) > 1 else ""
    return first, Said("conventions.origin_day", str(first), sure, f"{why}{more}{told}")
