"""Rules about the dates of a subject, and about records dated against them."""

from collections.abc import Callable, Iterator
from operator import gt, lt

import pandas as pd

from sap.data.rule import Data, Finder, Finding, Rule, columns, has, rule, typed, with_subject
from sap.plan.plan import Plan

Compare = Callable[["pd.Series[pd.Timestamp]", "pd.Series[pd.Timestamp]"], "pd.Series[bool]"]


def _of_subject(date: str, compare: Compare, other: str) -> Finder:
    """Return what looks for subjects one of whose dates lies on the wrong side of another."""

    def find(data: Data, _: Plan) -> Iterator[Finding]:
        adsl = data["ADSL"]
        yield Finding("ADSL", adsl[compare(adsl[date], adsl[other])], date, (other,))

    return find


def _of_records(compare: Compare, date: str) -> Finder:
    """Return what looks for records dated on the wrong side of a date of their subject."""

    def find(data: Data, _: Plan) -> Iterator[Finding]:
        for name in (n for n in data if n != "ADSL"):
            frame = with_subject(data, name, date)
            for column in _dates(frame):
                wrong = compare(frame[column], frame[f"ADSL_{date}"])
                yield Finding(name, frame[wrong], column, (f"ADSL.{date}",))

    return find


def _dates(frame: pd.DataFrame) -> list[str]:
    return [c for c in ("ADT", "ASTDT", "AENDT", "STARTDT") if has(typed(frame), c)]


@rule("X01", "This subject is not in ADSL.", "Correct USUBJID, or add the subject to ADSL.", needed=True)
def unknown_subject(data: Data, _: Plan) -> Iterator[Finding]:
    """Find records of subjects that ADSL does not have."""
    known = set(data["ADSL"]["USUBJID"])
    for name, frame in data.items():
        if name != "ADSL":
            yield Finding(name, frame[~frame["USUBJID"].isin(known)], "USUBJID")


@rule("X04", "The death flag and the date of death disagree.", "Give both or neither.", "ADSL.DTHFL ADSL.DTHDT")
def _death_flag(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    yield Finding("ADSL", adsl[(adsl["DTHFL"] == "Y") != adsl["DTHDT"].notna()], "DTHFL", ("DTHDT",))


@rule(
    "X19",
    "This is dated after the subject was last known alive.",
    "Update LSTALVDT in ADSL, or correct the date.",
    "ADSL.LSTALVDT",
    severity="warning",
)
def _after_last_alive(data: Data, _: Plan) -> Iterator[Finding]:
    died = ("DTHDT",) if has(data["ADSL"], "DTHDT") else ()
    for name in (n for n in data if n != "ADSL"):
        frame = with_subject(data, name, "LSTALVDT", *died)
        for column in _dates(frame):
            late = frame[column] > frame["ADSL_LSTALVDT"]
            if died:
                late &= frame["ADSL_DTHDT"].isna()
            yield Finding(name, frame[late], column, ("ADSL.LSTALVDT", *(f"ADSL.{d}" for d in died)))


@rule(
    "X21",
    "A treated subject has no adverse event in ADAE.",
    "Check that ADAE is complete.",
    "ADSL.TRTSDT ADAE.USUBJID",
    severity="warning",
)
def _no_event(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    without = adsl["TRTSDT"].notna() & ~adsl["USUBJID"].isin(data["ADAE"]["USUBJID"])
    yield Finding("ADSL", adsl[without], "USUBJID", ("TRTSDT", "ADAE.USUBJID"))


@rule(
    "X23",
    "Nothing in ADEX was given on the day treatment began.",
    "Correct TRTSDT, or add the exposure of that day.",
    "ADSL.TRTSDT ADEX.ASTDT",
)
def _no_first_exposure(data: Data, _: Plan) -> Iterator[Finding]:
    adsl, given = data["ADSL"], data["ADEX"]
    days = set(zip(given["USUBJID"], given["ASTDT"], strict=True))
    first = pd.Series(list(zip(adsl["USUBJID"], adsl["TRTSDT"], strict=True)), index=adsl.index, dtype="object")
    undated = given.loc[given["ASTDT"].isna(), "USUBJID"]
    without = adsl["TRTSDT"].notna() & ~first.isin(days) & ~adsl["USUBJID"].isin(undated)
    yield Finding("ADSL", adsl[without], "TRTSDT", ("ADEX.ASTDT", "ADEX.USUBJID"))


def _compared(name: str, sentence: str, fix: str, dates: tuple[str, Compare, str]) -> Rule:
    """Return a rule about two dates of a subject."""
    date, _, other = dates
    return Rule(name, sentence, fix, _of_subject(*dates), reads=columns(f"ADSL.{date} ADSL.{other}"))


def _held(name: str, sentence: str, fix: str, compare: Compare, date: str) -> Rule:
    """Return a rule about the dates of records and one of their subject."""
    return Rule(name, sentence, fix, _of_records(compare, date), reads=columns(f"ADSL.{date}"))


_CONSENT = _compared(
    "X02", "Consent is dated after the first treatment.", "Correct RFICDT or TRTSDT.", ("RFICDT", gt, "TRTSDT")
)
_DEATH = _compared(
    "X03", "Death is dated before the first treatment.", "Correct DTHDT or TRTSDT.", ("DTHDT", lt, "TRTSDT")
)
_ALIVE_AFTER_DEATH = _compared(
    "X05", "The subject is alive after the date of death.", "Correct LSTALVDT or DTHDT.", ("LSTALVDT", gt, "DTHDT")
)
_LAST_TREATMENT = _compared(
    "X16", "The last treatment is dated before the first.", "Correct TRTEDT.", ("TRTEDT", lt, "TRTSDT")
)
_LAST_ALIVE = _compared(
    "X18",
    "The subject was last known alive before the first treatment.",
    "Correct LSTALVDT.",
    ("LSTALVDT", lt, "TRTSDT"),
)
_AFTER_DEATH = _held(
    "X06", "This is dated after the subject's death.", "Correct the date, or DTHDT in ADSL.", gt, "DTHDT"
)
_BEFORE_CONSENT = _held("X07", "This is dated before consent.", "Correct the date, or RFICDT in ADSL.", lt, "RFICDT")
