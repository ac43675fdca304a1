"""What each rule across datasets looks for: the rows that break it, and the column to show.

A finder reads datasets whose cells are already numbers and dates, and says nothing about datasets or columns a trial
does not have. It names the cells it read: a rule says nothing of what was refused already.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sap.model.days import days_between, study_day
from sap.model.derivations import BestResponse
from sap.model.names import may_be_missing
from sap.model.responses import assessments
from sap.model.variables import Origin
from sap.plan.plan import Plan

Data = Mapping[str, pd.DataFrame]


class Finding(NamedTuple):
    """Records that break a rule, and the cells by which they do."""

    dataset: str
    """Their dataset."""
    rows: pd.DataFrame
    """The records."""
    column: str
    """The column to show."""
    others: tuple[str, ...] = ()
    """What else was read: a column of the record (``ADT``), of its subject (``ADSL.DTHDT``), or of any record its
    subject has in another dataset (``ADEX.ASTDT``)."""


def _has(frame: pd.DataFrame | None, *columns: str) -> bool:
    return frame is not None and set(columns) <= set(frame.columns)


def _with_subject(data: Data, name: str, *columns: str) -> pd.DataFrame:
    """Return a dataset with columns of ADSL beside it (prefixed), the row numbers kept."""
    subjects = data["ADSL"].drop_duplicates("USUBJID").set_index("USUBJID")
    frame = data[name]
    added = {f"ADSL_{c}": frame["USUBJID"].map(subjects[c]) for c in columns}
    return frame.assign(**added)


def _dates(frame: pd.DataFrame) -> list[str]:
    return [c for c in ("ADT", "ASTDT", "AENDT", "STARTDT") if _has(_typed(frame), c)]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are dates and numbers: those of a dataset outside the core are text unless described."""
    return frame.select_dtypes(["datetime", "number"])


def origin_dates(data: Data, origin: Origin, best: Sequence[BestResponse] = ()) -> "pd.Series[pd.Timestamp] | None":
    """Return the date on which a clock starts, by subject."""
    frame = data.get(origin.dataset)
    if frame is None or not _has(frame, "USUBJID", *(c.rpartition(".")[2] for c in origin_cells(origin))):
        return None
    chosen = frame[frame[origin.variable].notna()]
    if origin.parameter is not None:
        chosen = chosen[chosen["PARAMCD"] == origin.parameter]
    judging = [d for d in best if (d.dataset, d.parameter) == (origin.dataset, origin.parameter)]
    judging = [d for d in judging if origin.variable == "ADT" and 0 < len(origin.values) <= len(d.order)]
    judging = [d.model_copy(update={"before": None}) for d in judging if set(origin.values) <= set(d.order)]
    if judging:
        counted = [assessments(data["ADSL"], chosen, d) for d in judging]
        chosen = chosen[chosen.index.isin({i for own in counted for i in own.index[own["COUNTS"]]})]
    if len(origin.values) > 0:
        chosen = chosen[chosen["AVALC"].isin(origin.values)]
    return chosen.groupby("USUBJID")[origin.variable].min()


def origin_cells(origin: Origin) -> tuple[str, ...]:
    """Return the columns by which a clock starts."""
    chosen = [*(["PARAMCD"] if origin.parameter else []), *(["AVALC"] if len(origin.values) > 0 else [])]
    return tuple(f"{origin.dataset}.{c}" for c in (origin.variable, *chosen))


def unknown_subject(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records of subjects that ADSL does not have."""
    known = set(data["ADSL"]["USUBJID"])
    for name, frame in data.items():
        if name != "ADSL":
            yield Finding(name, frame[~frame["USUBJID"].isin(known)], "USUBJID")


def consent_after_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose consent is later than their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "RFICDT", "TRTSDT"):
        yield Finding("ADSL", adsl[adsl["RFICDT"] > adsl["TRTSDT"]], "RFICDT", ("TRTSDT",))


def death_before_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects who died before their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "DTHDT", "TRTSDT"):
        yield Finding("ADSL", adsl[adsl["DTHDT"] < adsl["TRTSDT"]], "DTHDT", ("TRTSDT",))


def death_flag(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose death flag and date of death disagree."""
    adsl = data["ADSL"]
    if _has(adsl, "DTHFL", "DTHDT"):
        yield Finding("ADSL", adsl[(adsl["DTHFL"] == "Y") != adsl["DTHDT"].notna()], "DTHFL", ("DTHDT",))


def alive_after_death(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects known alive after their death."""
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "DTHDT"):
        yield Finding("ADSL", adsl[adsl["LSTALVDT"] > adsl["DTHDT"]], "LSTALVDT", ("DTHDT",))


def alive_before_treatment(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects last known alive before their first treatment."""
    adsl = data["ADSL"]
    if _has(adsl, "LSTALVDT", "TRTSDT"):
        yield Finding("ADSL", adsl[adsl["LSTALVDT"] < adsl["TRTSDT"]], "LSTALVDT", ("TRTSDT",))


def treatment_order(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield subjects whose last treatment is before their first."""
    adsl = data["ADSL"]
    if _has(adsl, "TRTSDT", "TRTEDT"):
        yield Finding("ADSL", adsl[adsl["TRTEDT"] < adsl["TRTSDT"]], "TRTEDT", ("TRTSDT",))


def after_death(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated after the death of their subject."""
    if not _has(data["ADSL"], "DTHDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "DTHDT")
        for column in _dates(frame):
            yield Finding(name, frame[frame[column] > frame["ADSL_DTHDT"]], column, ("ADSL.DTHDT",))


def before_consent(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated before the consent of their subject."""
    if not _has(data["ADSL"], "RFICDT"):
        return
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "RFICDT")
        for column in _dates(frame):
            yield Finding(name, frame[frame[column] < frame["ADSL_RFICDT"]], column, ("ADSL.RFICDT",))


def after_last_alive(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield records dated after their subject, not known dead, was last known alive."""
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "LSTALVDT", "DTHDT")
        for column in _dates(frame):
            late = frame["ADSL_DTHDT"].isna() & (frame[column] > frame["ADSL_LSTALVDT"])
            yield Finding(name, frame[late], column, ("ADSL.LSTALVDT", "ADSL.DTHDT"))


def study_days(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield study days that do not follow from their date."""
    pairs = (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY"))
    for name in data:
        if name == "ADSL":
            continue
        frame = _with_subject(data, name, "TRTSDT")
        for date, day in pairs:
            if _has(_typed(frame), date, day):
                expected = study_day(days_between(frame["ADSL_TRTSDT"], frame[date]))
                wrong = frame[day].notna() & expected.notna() & (frame[day] != expected)
                yield Finding(name, frame[wrong], day, (date, "ADSL.TRTSDT"))


def no_event(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield treated subjects without a single adverse event."""
    if "ADAE" in data:
        adsl = data["ADSL"]
        without = adsl["TRTSDT"].notna() & ~adsl["USUBJID"].isin(data["ADAE"]["USUBJID"])
        yield Finding("ADSL", adsl[without], "USUBJID", ("TRTSDT", "ADAE.USUBJID"))


def quantification(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield values that disagree with their flag of being below the limit of quantification."""
    for name, frame in data.items():
        if _has(_typed(frame), "AVAL", "LLOQ") and "BLQFL" in frame.columns:
            below = frame["AVAL"] < frame["LLOQ"]
            flagged = frame["BLQFL"] == "Y"
            wrong = (below & ~flagged) | (flagged & (frame["AVAL"] >= frame["LLOQ"]))
            yield Finding(name, frame[wrong], "AVAL", ("LLOQ", "BLQFL"))


def event_order(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield events that end before they start."""
    for name, frame in data.items():
        if _has(_typed(frame), "ASTDT", "AENDT"):
            yield Finding(name, frame[frame["AENDT"] < frame["ASTDT"]], "AENDT", ("ASTDT",))


def emergent(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events whose emergence flag does not follow from their start; one of unknown start is not judged."""
    if "ADAE" in data and _has(data["ADAE"], "TRTEMFL", "ASTDT"):
        last = "TRTEDT" if _has(data["ADSL"], "TRTEDT") else "TRTSDT"
        frame = _with_subject(data, "ADAE", *dict.fromkeys(("TRTSDT", last)))
        expected = frame["ASTDT"] >= frame["ADSL_TRTSDT"]
        read = ["ASTDT", "ADSL.TRTSDT"]
        if plan.conventions.emergent_days is not None:
            read.append(f"ADSL.{last}")
            until = frame[f"ADSL_{last}"].fillna(frame["ADSL_TRTSDT"])
            expected &= days_between(until, frame["ASTDT"]) <= plan.conventions.emergent_days
        wrong = frame["ASTDT"].notna() & ((frame["TRTEMFL"] == "Y") != expected)
        yield Finding("ADAE", frame[wrong], "TRTEMFL", tuple(read))


def fatal_event(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield grade 5 events of subjects who are alive."""
    if "ADAE" in data:
        frame = _with_subject(data, "ADAE", "DTHFL")
        yield Finding("ADAE", frame[(frame["ATOXGR"] == 5) & (frame["ADSL_DTHFL"] != "Y")], "ATOXGR", ("ADSL.DTHFL",))


def without_grade(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events without a grade, where the plan lets it be missing."""
    if "ADAE" in data and may_be_missing(plan, "ADAE", "ATOXGR"):
        yield Finding("ADAE", data["ADAE"][data["ADAE"]["ATOXGR"].isna()], "ATOXGR")


def without_relatedness(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events nobody judged to be related or not, where the plan lets that be missing."""
    if "ADAE" in data and may_be_missing(plan, "ADAE", "AREL"):
        yield Finding("ADAE", data["ADAE"][data["ADAE"]["AREL"] == ""], "AREL")


def left_out(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield records that nothing can place, or judge, where the plan lets that be missing."""
    for name, frame in data.items():
        for column in ("PARAMCD", "AVALC", "ADT", "ASTDT", "CNSR"):
            if column in frame.columns and may_be_missing(plan, name, column):
                yield Finding(name, frame[frame[column].isna() | (frame[column] == "")], column)


def after_progression(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield assessments that the first progression keeps from the best response; each once."""
    found: dict[str, dict[int, bool]] = {}
    for spec in plan.derivations:
        if isinstance(spec, BestResponse) and _has(data.get(spec.dataset), "PARAMCD", "AVALC", "ADT"):
            frame = data[spec.dataset]
            seen = assessments(data["ADSL"], frame[frame["PARAMCD"] == spec.parameter], spec)
            found.setdefault(spec.dataset, {}).update(dict.fromkeys(seen.index[seen["AFTER"]], True))
    for name, rows in found.items():
        yield Finding(name, data[name].loc[sorted(rows)], "ADT", ("PARAMCD", "AVALC"))


def time_from_dates(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times that do not follow from their dates."""
    if "ADTTE" in data:
        frame = data["ADTTE"]
        expected = days_between(frame["STARTDT"], frame["ADT"]) + plan.conventions.origin_day
        wrong = expected.notna() & frame["AVAL"].notna() & (frame["AVAL"] != expected)
        yield Finding("ADTTE", frame[wrong], "AVAL", ("STARTDT", "ADT"))


def _survival_rows(data: Data, plan: Plan) -> pd.DataFrame | None:
    parameter = plan.conventions.survival_parameter
    if parameter is None or "ADTTE" not in data:
        return None
    frame = _with_subject(data, "ADTTE", "DTHFL", "DTHDT", "TRTSDT")
    return frame[frame["PARAMCD"] == parameter]


def _survival_origin(plan: Plan) -> Origin | None:
    """Return what the plan says starts the clock of survival; the first treatment where it says nothing."""
    known = plan.datasets["ADTTE"].parameters.get(plan.conventions.survival_parameter or "")
    return None if known is None else known.origin


def deaths_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that disagree with ADSL about death."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        wrong = rows["CNSR"].notna() & ((rows["CNSR"] == 0) != (rows["ADSL_DTHFL"] == "Y"))
        yield Finding("ADTTE", rows[wrong], "CNSR", ("PARAMCD", "ADSL.DTHFL"))


def death_dates_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that disagree with ADSL about the day of death."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        event = (rows["CNSR"] == 0) & rows["ADSL_DTHDT"].notna() & rows["ADT"].notna()
        wrong = event & (rows["ADT"] != rows["ADSL_DTHDT"])
        yield Finding("ADTTE", rows[wrong], "ADT", ("PARAMCD", "CNSR", "ADSL.DTHDT"))


def clock_starts_at_treatment(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield survival records that do not start at the first treatment, unless the plan says what starts the clock."""
    rows = _survival_rows(data, plan)
    if rows is not None and _survival_origin(plan) is None:
        dated = rows["ADSL_TRTSDT"].notna() & rows["STARTDT"].notna()
        wrong = dated & (rows["STARTDT"] != rows["ADSL_TRTSDT"])
        yield Finding("ADTTE", rows[wrong], "STARTDT", ("PARAMCD", "ADSL.TRTSDT"))


def outside_visit(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield records whose day is outside the window the plan gives their visit."""
    windows = {w.name: w for w in plan.conventions.visit_windows}
    for name, frame in data.items():
        if windows and _has(_typed(frame), "ADT") and "VISIT" in frame.columns:
            rows = _with_subject(data, name, "TRTSDT")
            days = days_between(rows["ADSL_TRTSDT"], rows["ADT"])
            first, last = (
                rows["VISIT"].map({v: getattr(w, end) for v, w in windows.items()}) for end in ("start", "end")
            )
            yield Finding(name, rows[(days < first) | (days > last)], "VISIT", ("ADT", "ADSL.TRTSDT"))


def survival_for_all(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield subjects whose survival clock started and who have no survival record."""
    rows = _survival_rows(data, plan)
    if rows is not None:
        adsl, origin = data["ADSL"], _survival_origin(plan)
        starts = None if origin is None else origin_dates(data, origin)
        cells = ("TRTSDT",) if origin is None else origin_cells(origin)
        started = adsl["TRTSDT"].notna() if starts is None else adsl["USUBJID"].isin(starts.index)
        without = started & ~adsl["USUBJID"].isin(rows["USUBJID"])
        yield Finding("ADSL", adsl[without], "USUBJID", (*cells, "ADTTE.USUBJID", "ADTTE.PARAMCD"))
