"""Rules that span datasets: dates in order, deaths agreed, days counted as CDISC does.

Each rule has an id, a severity and a sentence for a data manager, and reads datasets whose cells are already
numbers and dates. A rule whose datasets or columns a trial does not have says nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from sap.days import days_between, study_day
from sap.failures import Failure, Severity
from sap.plan import Plan

Data = Mapping[str, pd.DataFrame]
Finding = tuple[str, pd.DataFrame, str]
"""Dataset, its offending rows, and the column to show."""


@dataclass(frozen=True)
class Rule:
    """A rule across datasets."""

    id: str
    severity: Severity
    sentence: str
    fix: str
    find: Callable[[Data, Plan], Iterator[Finding]]


def check(data: Data, plan: Plan) -> list[Failure]:
    """Return every breach of the rules that span datasets.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Datasets with typed cells; the index is the row in the file.
    plan : Plan
        The plan, for the conventions it fixes.

    Returns
    -------
    list of Failure
        In order of dataset, row and column.
    """
    return sorted(
        Failure(
            dataset=dataset,
            row=int(row),
            subject=str(record["USUBJID"]),
            column=column,
            rule=rule.id,
            value=_shown(record[column]),
            message=rule.sentence,
            fix=rule.fix,
            severity=rule.severity,
        )
        for rule in RULES
        for dataset, rows, column in rule.find(data, plan)
        for row, record in zip(rows.index, rows.to_dict("records"), strict=True)
    )


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _has(frame: pd.DataFrame | None, *columns: str) -> bool:
    return frame is not None and set(columns) <= set(frame.columns)


def _with_subject(data: Data, name: str, *columns: str) -> pd.DataFrame:
    """Return a dataset with columns of ADSL beside it (prefixed), the row numbers kept."""
    subjects = data["ADSL"].drop_duplicates("USUBJID").set_index("USUBJID")
    frame = data[name]
    added = {f"ADSL_{c}": frame["USUBJID"].map(subjects[c]) for c in columns}
    return frame.assign(**added)


def _dates(frame: pd.DataFrame) -> list[str]:
    return [c for c in ("ADT", "ASTDT", "AENDT", "STARTDT") if c in frame.columns]


def _unknown_subject(data: Data, _: Plan) -> Iterator[Finding]:
    known = set(data["ADSL"]["USUBJID"])
    for name, frame in data.items():
        if name != "ADSL":
            yield name, frame[~frame["USUBJID"].isin(known)], "USUBJID"


def _consent_after_infusion(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "RFICDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["RFICDT"] > adsl["TRTSDT"]], "RFICDT"


def _death_before_infusion(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "DTHDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["DTHDT"] < adsl["TRTSDT"]], "DTHDT"


def _death_flag(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "DTHFL", "DTHDT"):
        yield "ADSL", adsl[(adsl["DTHFL"] == "Y") != adsl["DTHDT"].notna()], "DTHFL"


def _alive_after_death(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "DTHDT"):
        yield "ADSL", adsl[adsl["LSTALVDT"] > adsl["DTHDT"]], "LSTALVDT"


def _alive_before_infusion(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["LSTALVDT"] < adsl["TRTSDT"]], "LSTALVDT"


def _several_infusions(data: Data, _: Plan) -> Iterator[Finding]:
    adsl = data["ADSL"]
    if _has(adsl, "TRTSDT", "TRTEDT"):
        yield "ADSL", adsl[adsl["TRTEDT"].notna() & (adsl["TRTEDT"] < adsl["TRTSDT"])], "TRTEDT"


def _after_death(data: Data, _: Plan) -> Iterator[Finding]:
    if not _has(data["ADSL"], "DTHDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "DTHDT")
        for column in _dates(frame):
            yield name, frame[frame[column] > frame["ADSL_DTHDT"]], column


def _before_consent(data: Data, _: Plan) -> Iterator[Finding]:
    if not _has(data["ADSL"], "RFICDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "RFICDT")
        for column in _dates(frame):
            yield name, frame[frame[column] < frame["ADSL_RFICDT"]], column


def _after_last_alive(data: Data, _: Plan) -> Iterator[Finding]:
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "LSTALVDT", "DTHDT")
        for column in _dates(frame):
            yield name, frame[frame["ADSL_DTHDT"].isna() & (frame[column] > frame["ADSL_LSTALVDT"])], column


def _study_days(data: Data, _: Plan) -> Iterator[Finding]:
    pairs = (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY"))
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "TRTSDT")
        for date, day in pairs:
            if _has(frame, date, day):
                expected = study_day(days_between(frame["ADSL_TRTSDT"], frame[date]))
                yield name, frame[frame[day].notna() & expected.notna() & (frame[day] != expected)], day


def _event_order(data: Data, _: Plan) -> Iterator[Finding]:
    for name, frame in data.items():
        if _has(frame, "ASTDT", "AENDT"):
            yield name, frame[frame["AENDT"] < frame["ASTDT"]], "AENDT"


def _emergent(data: Data, _: Plan) -> Iterator[Finding]:
    if "ADAE" in data and _has(data["ADAE"], "TRTEMFL", "ASTDT"):
        frame = _with_subject(data, "ADAE", "TRTSDT")
        expected = frame["ASTDT"] >= frame["ADSL_TRTSDT"]
        yield "ADAE", frame[(frame["TRTEMFL"] == "Y") != expected], "TRTEMFL"


def _fatal_event(data: Data, _: Plan) -> Iterator[Finding]:
    if "ADAE" in data:
        frame = _with_subject(data, "ADAE", "DTHFL")
        yield "ADAE", frame[(frame["ATOXGR"] == 5) & (frame["ADSL_DTHFL"] != "Y")], "ATOXGR"


def _time_from_dates(data: Data, plan: Plan) -> Iterator[Finding]:
    if "ADTTE" in data:
        frame = data["ADTTE"]
        expected = days_between(frame["STARTDT"], frame["ADT"]) + plan.conventions.origin_day
        yield "ADTTE", frame[expected.notna() & (frame["AVAL"] != expected)], "AVAL"


def _survival_rows(data: Data, plan: Plan) -> pd.DataFrame | None:
    parameter = plan.conventions.survival_parameter
    if parameter is None or "ADTTE" not in data:
        return None
    frame = _with_subject(data, "ADTTE", "DTHFL", "DTHDT", "TRTSDT")
    return frame[frame["PARAMCD"] == parameter]


def _deaths_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan)
    if rows is not None:
        yield "ADTTE", rows[(rows["CNSR"] == 0) != (rows["ADSL_DTHFL"] == "Y")], "CNSR"


def _death_dates_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan)
    if rows is not None:
        event = (rows["CNSR"] == 0) & rows["ADSL_DTHDT"].notna()
        yield "ADTTE", rows[event & (rows["ADT"] != rows["ADSL_DTHDT"])], "ADT"


def _clock_starts_at_infusion(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan)
    if rows is not None:
        treated = rows["ADSL_TRTSDT"].notna()
        yield "ADTTE", rows[treated & (rows["STARTDT"] != rows["ADSL_TRTSDT"])], "STARTDT"


def _survival_for_all(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan)
    if rows is not None:
        adsl = data["ADSL"]
        yield "ADSL", adsl[adsl["TRTSDT"].notna() & ~adsl["USUBJID"].isin(rows["USUBJID"])], "USUBJID"


RULES: tuple[Rule, ...] = (
    Rule(
        "X01", "error", "This subject is not in ADSL.", "Correct USUBJID, or add the subject to ADSL.", _unknown_subject
    ),
    Rule("X02", "error", "Consent is dated after the infusion.", "Correct RFICDT or TRTSDT.", _consent_after_infusion),
    Rule("X03", "error", "Death is dated before the infusion.", "Correct DTHDT or TRTSDT.", _death_before_infusion),
    Rule("X04", "error", "The death flag and the date of death disagree.", "Give both or neither.", _death_flag),
    Rule(
        "X05",
        "error",
        "The subject is alive after the date of death.",
        "Correct LSTALVDT or DTHDT.",
        _alive_after_death,
    ),
    Rule(
        "X06", "error", "This is dated after the subject's death.", "Correct the date, or DTHDT in ADSL.", _after_death
    ),
    Rule("X07", "error", "This is dated before consent.", "Correct the date, or RFICDT in ADSL.", _before_consent),
    Rule("X08", "error", "The event ends before it starts.", "Correct ASTDT or AENDT.", _event_order),
    Rule(
        "X09",
        "error",
        "The time does not equal the days between STARTDT and ADT.",
        "Correct AVAL or the dates (the plan's origin_day says what the start date itself counts).",
        _time_from_dates,
    ),
    Rule(
        "X10",
        "error",
        "A death in ADTTE must be a death in ADSL, and the reverse.",
        "Correct CNSR (0 is death) or DTHFL.",
        _deaths_agree,
    ),
    Rule("X11", "error", "The date of death differs from ADSL's.", "Correct ADT or DTHDT.", _death_dates_agree),
    Rule(
        "X12", "error", "Survival must start at the infusion.", "Correct STARTDT or TRTSDT.", _clock_starts_at_infusion
    ),
    Rule(
        "X13",
        "error",
        "The study day does not follow from the date (infusion is day 1; there is no day 0).",
        "Correct the day or the date.",
        _study_days,
    ),
    Rule("X14", "error", "A grade 5 event needs a death in ADSL.", "Correct ATOXGR or DTHFL.", _fatal_event),
    Rule(
        "X15",
        "error",
        "An event is treatment-emergent exactly when it starts on or after the infusion.",
        "Correct TRTEMFL or ASTDT.",
        _emergent,
    ),
    Rule("X16", "error", "The last infusion is dated before the first.", "Correct TRTEDT.", _several_infusions),
    Rule("X17", "error", "A treated subject has no survival record in ADTTE.", "Add the record.", _survival_for_all),
    Rule(
        "X18",
        "error",
        "The subject was last known alive before the infusion.",
        "Correct LSTALVDT.",
        _alive_before_infusion,
    ),
    Rule(
        "X19",
        "warning",
        "This is dated after the subject was last known alive.",
        "Update LSTALVDT in ADSL, or correct the date.",
        _after_last_alive,
    ),
)
"""The rules, in order of their ids."""
