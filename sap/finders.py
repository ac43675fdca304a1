"""What each rule across datasets looks for: the rows that break it, and the column to show.

A finder reads datasets whose cells are already numbers and dates, and says nothing about datasets or columns a trial
does not have.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from sap.days import days_between, study_day
from sap.derivations import BestResponse
from sap.plan import Plan
from sap.responses import assessments
from sap.values import may_be_missing

Data = Mapping[str, pd.DataFrame]
Finding = tuple[str, pd.DataFrame, str]
"""Dataset, its offending rows, and the column to show."""


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


def unknown_subject(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records of subjects that ADSL does not have."""
    known = set(data["ADSL"]["USUBJID"])
    for name, frame in data.items():
        if name != "ADSL":
            yield name, frame[~frame["USUBJID"].isin(known)], "USUBJID"


def consent_after_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose consent is later than their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "RFICDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["RFICDT"] > adsl["TRTSDT"]], "RFICDT"


def death_before_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects who died before their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "DTHDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["DTHDT"] < adsl["TRTSDT"]], "DTHDT"


def death_flag(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose death flag and date of death disagree."""
    adsl = data["ADSL"]
    if _has(adsl, "DTHFL", "DTHDT"):
        yield "ADSL", adsl[(adsl["DTHFL"] == "Y") != adsl["DTHDT"].notna()], "DTHFL"


def alive_after_death(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects known alive after their death."""
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "DTHDT"):
        yield "ADSL", adsl[adsl["LSTALVDT"] > adsl["DTHDT"]], "LSTALVDT"


def alive_before_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects last known alive before their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "TRTSDT"):
        yield "ADSL", adsl[adsl["LSTALVDT"] < adsl["TRTSDT"]], "LSTALVDT"


def treatment_order(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose last treatment is before their first."""
    adsl = data["ADSL"]
    if _has(adsl, "TRTSDT", "TRTEDT"):
        yield "ADSL", adsl[adsl["TRTEDT"].notna() & (adsl["TRTEDT"] < adsl["TRTSDT"])], "TRTEDT"


def after_death(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated after the death of their subject."""
    if not _has(data["ADSL"], "DTHDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "DTHDT")
        for column in _dates(frame):
            yield name, frame[frame[column] > frame["ADSL_DTHDT"]], column


def before_consent(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated before the consent of their subject."""
    if not _has(data["ADSL"], "RFICDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "RFICDT")
        for column in _dates(frame):
            yield name, frame[frame[column] < frame["ADSL_RFICDT"]], column


def after_last_alive(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated after their subject, not known dead, was last known alive."""
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "LSTALVDT", "DTHDT")
        for column in _dates(frame):
            yield name, frame[frame["ADSL_DTHDT"].isna() & (frame[column] > frame["ADSL_LSTALVDT"])], column


def study_days(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield study days that do not follow from their date."""
    pairs = (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY"))
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "TRTSDT")
        for date, day in pairs:
            if _has(frame, date, day):
                expected = study_day(days_between(frame["ADSL_TRTSDT"], frame[date]))
                yield name, frame[frame[day].notna() & expected.notna() & (frame[day] != expected)], day


def no_event(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield treated subjects without a single adverse event."""
    if "ADAE" in data:
        adsl = data["ADSL"]
        yield "ADSL", adsl[adsl["TRTSDT"].notna() & ~adsl["USUBJID"].isin(data["ADAE"]["USUBJID"])], "USUBJID"


def quantification(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield values that disagree with their flag of being below the limit of quantification."""
    for name, frame in data.items():
        if _has(frame, "AVAL", "LLOQ", "BLQFL"):
            below = frame["AVAL"] < frame["LLOQ"]
            flagged = frame["BLQFL"] == "Y"
            yield name, frame[(below & ~flagged) | (flagged & (frame["AVAL"] >= frame["LLOQ"]))], "AVAL"


def event_order(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield events that end before they start."""
    for name, frame in data.items():
        if _has(frame, "ASTDT", "AENDT"):
            yield name, frame[frame["AENDT"] < frame["ASTDT"]], "AENDT"


def emergent(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events whose emergence flag does not follow from their start; one of unknown start is not judged."""
    if "ADAE" in data and _has(data["ADAE"], "TRTEMFL", "ASTDT"):
        last = "TRTEDT" if _has(data["ADSL"], "TRTEDT") else "TRTSDT"
        frame = _with_subject(data, "ADAE", *dict.fromkeys(("TRTSDT", last)))
        expected = frame["ASTDT"] >= frame["ADSL_TRTSDT"]
        if plan.conventions.emergent_days is not None:
            until = frame[f"ADSL_{last}"].fillna(frame["ADSL_TRTSDT"])
            expected &= days_between(until, frame["ASTDT"]) <= plan.conventions.emergent_days
        yield "ADAE", frame[frame["ASTDT"].notna() & ((frame["TRTEMFL"] == "Y") != expected)], "TRTEMFL"


def fatal_event(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield grade 5 events of subjects who are alive."""
    if "ADAE" in data:
        frame = _with_subject(data, "ADAE", "DTHFL")
        yield "ADAE", frame[(frame["ATOXGR"] == 5) & (frame["ADSL_DTHFL"] != "Y")], "ATOXGR"


def without_grade(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events without a grade, where the plan lets it be missing."""
    if "ADAE" in data and may_be_missing(plan, "ADAE", "ATOXGR"):
        yield "ADAE", data["ADAE"][data["ADAE"]["ATOXGR"].isna()], "ATOXGR"


def without_relatedness(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events nobody judged to be related or not, where the plan lets that be missing."""
    if "ADAE" in data and may_be_missing(plan, "ADAE", "AREL"):
        yield "ADAE", data["ADAE"][data["ADAE"]["AREL"] == ""], "AREL"


def left_out(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield records that nothing can place, or judge, where the plan lets that be missing."""
    for name, frame in data.items():
        for column in ("PARAMCD", "AVALC", "ADT", "ASTDT", "CNSR"):
            if column in frame.columns and may_be_missing(plan, name, column):
                yield name, frame[frame[column].isna() | (frame[column] == "")], column


def after_progression(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield assessments that the first progression keeps from the best response; each once."""
    found: dict[str, dict[int, bool]] = {}
    for spec in plan.derivations:
        if isinstance(spec, BestResponse) and _has(data.get(spec.dataset), "PARAMCD", "AVALC", "ADT"):
            frame = data[spec.dataset]
            seen = assessments(data["ADSL"], frame[frame["PARAMCD"] == spec.parameter], spec)
            found.setdefault(spec.dataset, {}).update(dict.fromkeys(seen.index[seen["AFTER"]], True))
    for name, rows in found.items():
        yield name, data[name].loc[sorted(rows)], "ADT"


def time_from_dates(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times that do not follow from their dates."""
    if "ADTTE" in data:
        frame = data["ADTTE"]
        expected = days_between(frame["STARTDT"], frame["ADT"]) + plan.conventions.origin_day
        yield "ADTTE", frame[expected.notna() & frame["AVAL"].notna() & (frame["AVAL"] != expected)], "AVAL"


def _survival_rows(data: Data, plan: Plan) -> pd.DataFrame | None:
    parameter = plan.conventions.survival_parameter
    if parameter is None or "ADTTE" not in data:
        return None
    frame = _with_subject(data, "ADTTE", "DTHFL", "DTHDT", "TRTSDT")
    return frame[frame["PARAMCD"] == parameter]


def deaths_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that disagree with ADSL about death."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        yield "ADTTE", rows[rows["CNSR"].notna() & ((rows["CNSR"] == 0) != (rows["ADSL_DTHFL"] == "Y"))], "CNSR"


def death_dates_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that disagree with ADSL about the day of death."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        event = (rows["CNSR"] == 0) & rows["ADSL_DTHDT"].notna() & rows["ADT"].notna()
        yield "ADTTE", rows[event & (rows["ADT"] != rows["ADSL_DTHDT"])], "ADT"


def clock_starts_at_treatment(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that do not start at the first treatment."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        dated = rows["ADSL_TRTSDT"].notna() & rows["STARTDT"].notna()
        yield "ADTTE", rows[dated & (rows["STARTDT"] != rows["ADSL_TRTSDT"])], "STARTDT"


def outside_visit(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield records whose day is outside the window the plan gives their visit."""
    windows = {w.name: w for w in plan.conventions.visit_windows}
    for name, frame in data.items():
        if windows and _has(frame, "VISIT", "ADT"):
            rows = _with_subject(data, name, "TRTSDT")
            days = days_between(rows["ADSL_TRTSDT"], rows["ADT"])
            first, last = (
                rows["VISIT"].map({v: getattr(w, end) for v, w in windows.items()}) for end in ("start", "end")
            )
            yield name, rows[(days < first) | (days > last)], "VISIT"


def survival_for_all(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield treated subjects without a survival record."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        adsl = data["ADSL"]
        yield "ADSL", adsl[adsl["TRTSDT"].notna() & ~adsl["USUBJID"].isin(rows["USUBJID"])], "USUBJID"
