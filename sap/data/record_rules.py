"""Rules about the records of one dataset: adverse events, measurements, visits, and cells left empty."""

from collections.abc import Iterator

from sap.data.rule import Data, Finding, has, rule, typed, with_subject
from sap.model.days import days_between, study_day
from sap.model.names import may_be_missing
from sap.plan.plan import Plan


@rule("X08", "The event ends before it starts.", "Correct ASTDT or AENDT.")
def _event_order(data: Data, _: Plan) -> Iterator[Finding]:
    for name, frame in data.items():
        if has(typed(frame), "ASTDT", "AENDT"):
            yield Finding(name, frame[frame["AENDT"] < frame["ASTDT"]], "AENDT", ("ASTDT",))


@rule(
    "X13",
    "The study day does not follow from the date (the day of first treatment is day 1; there is no day 0).",
    "Correct the day or the date.",
    "ADSL.TRTSDT",
)
def _study_days(data: Data, _: Plan) -> Iterator[Finding]:
    pairs = (("ADT", "ADY"), ("ASTDT", "ASTDY"), ("AENDT", "AENDY"))
    for name in data:
        if name == "ADSL":
            continue
        frame = with_subject(data, name, "TRTSDT")
        for date, day in pairs:
            if has(typed(frame), date, day):
                expected = study_day(days_between(frame["ADSL_TRTSDT"], frame[date]))
                wrong = frame[day].notna() & expected.notna() & (frame[day] != expected)
                yield Finding(name, frame[wrong], day, (date, "ADSL.TRTSDT"))


@rule("X14", "A grade 5 event needs a death in ADSL.", "Correct ATOXGR or DTHFL.", "ADAE.ATOXGR ADSL.DTHFL")
def _fatal_event(data: Data, _: Plan) -> Iterator[Finding]:
    frame = with_subject(data, "ADAE", "DTHFL")
    yield Finding("ADAE", frame[(frame["ATOXGR"] == 5) & (frame["ADSL_DTHFL"] != "Y")], "ATOXGR", ("ADSL.DTHFL",))


@rule(
    "X15",
    "An event is treatment-emergent exactly when it starts on or after the first treatment.",
    "Correct TRTEMFL or ASTDT (the plan's conventions.emergent_days says how long after the last treatment one may "
    "start).",
    "ADAE.TRTEMFL ADAE.ASTDT ADSL.TRTSDT",
)
def _emergent(data: Data, plan: Plan) -> Iterator[Finding]:
    last = "TRTEDT" if has(data["ADSL"], "TRTEDT") else "TRTSDT"
    frame = with_subject(data, "ADAE", *dict.fromkeys(("TRTSDT", last)))
    expected = frame["ASTDT"] >= frame["ADSL_TRTSDT"]
    read = ["ASTDT", "ADSL.TRTSDT"]
    if plan.conventions.emergent_days is not None:
        read.append(f"ADSL.{last}")
        until = frame[f"ADSL_{last}"].fillna(frame["ADSL_TRTSDT"])
        expected &= days_between(until, frame["ASTDT"]) <= plan.conventions.emergent_days
    wrong = frame["ASTDT"].notna() & ((frame["TRTEMFL"] == "Y") != expected)
    yield Finding("ADAE", frame[wrong], "TRTEMFL", tuple(read))


@rule(
    "X20", "The value and its flag of being below quantification disagree.", "Correct AVAL, LLOQ or BLQFL.", needed=True
)
def _quantification(data: Data, _: Plan) -> Iterator[Finding]:
    for name, frame in data.items():
        if has(typed(frame), "AVAL", "LLOQ") and "BLQFL" in frame.columns:
            below = frame["AVAL"] < frame["LLOQ"]
            flagged = frame["BLQFL"] == "Y"
            wrong = (below & ~flagged) | (flagged & (frame["AVAL"] >= frame["LLOQ"]))
            yield Finding(name, frame[wrong], "AVAL", ("LLOQ", "BLQFL"))


@rule(
    "X22",
    "The day is outside the window that the plan gives this visit.",
    "Correct VISIT or the date, or the window in the plan's conventions.visit_windows.",
    "ADSL.TRTSDT",
    severity="warning",
    asked=lambda plan: len(plan.conventions.visit_windows) > 0,
)
def _outside_visit(data: Data, plan: Plan) -> Iterator[Finding]:
    windows = {w.name: w for w in plan.conventions.visit_windows}
    for name, frame in data.items():
        if has(typed(frame), "ADT") and "VISIT" in frame.columns:
            rows = with_subject(data, name, "TRTSDT")
            days = days_between(rows["ADSL_TRTSDT"], rows["ADT"])
            first, last = (
                rows["VISIT"].map({v: getattr(w, end) for v, w in windows.items()}) for end in ("start", "end")
            )
            yield Finding(name, rows[(days < first) | (days > last)], "VISIT", ("ADT", "ADSL.TRTSDT"))


@rule(
    "X28",
    "This event has no grade: it counts as any grade only, and whether it was dose-limiting cannot be told.",
    "Give the grade if it can be found out; a subject for whom it may decide is not evaluable for toxicity.",
    "ADAE.ATOXGR",
    severity="warning",
    asked=lambda plan: "ADAE" in plan.datasets and may_be_missing(plan, "ADAE", "ATOXGR"),
)
def _without_grade(data: Data, _: Plan) -> Iterator[Finding]:
    yield Finding("ADAE", data["ADAE"][data["ADAE"]["ATOXGR"].isna()], "ATOXGR")


@rule(
    "X29",
    "Nobody judged whether this event was related: it counts as the plan's relatedness says of missing ones.",
    "Give the relatedness if it can be found out.",
    "ADAE.AREL",
    severity="warning",
    asked=lambda plan: "ADAE" in plan.datasets and may_be_missing(plan, "ADAE", "AREL"),
)
def _without_relatedness(data: Data, _: Plan) -> Iterator[Finding]:
    yield Finding("ADAE", data["ADAE"][data["ADAE"]["AREL"] == ""], "AREL")


@rule(
    "X30",
    "This is missing: what asks for it leaves the record out.",
    "Fill the cell if the value can be found out.",
    severity="warning",
)
def _left_out(data: Data, plan: Plan) -> Iterator[Finding]:
    for name, frame in data.items():
        for column in ("PARAMCD", "AVALC", "ADT", "ASTDT", "CNSR"):
            if column in frame.columns and may_be_missing(plan, name, column):
                yield Finding(name, frame[frame[column].isna() | (frame[column] == "")], column)
