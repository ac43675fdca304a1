"""Rules about times to event and responses: where a clock starts, what ends it, and which assessments count."""

from collections.abc import Iterator, Sequence

import pandas as pd

from sap.data.rule import Data, Finding, has, rule, typed, with_subject
from sap.model.days import days_between
from sap.model.derivations import BestResponse
from sap.model.variables import Origin, Parameter
from sap.plan.plan import Plan

TIMED = frozenset({"STARTDT", "ADT", "CNSR"})
"""Dates and numbers that a dataset of times to event has."""


def assessments(adsl: pd.DataFrame, records: pd.DataFrame, spec: BestResponse) -> pd.DataFrame:
    """Return the assessments of treated subjects, each with whether it counts."""
    subjects = adsl.drop_duplicates("USUBJID").set_index("USUBJID")
    found = records.assign(DAY=days_between(records["USUBJID"].map(subjects["TRTSDT"]), records["ADT"]))
    found = found[found["DAY"].notna()]
    day = found["DAY"]
    progressed = found[found["AVALC"].map(spec.is_progression).astype(bool) & (day >= spec.first_looked)]
    first = found["USUBJID"].map(progressed.groupby("USUBJID")["DAY"].min()).astype("float64")
    due = found["AVALC"].isin(spec.order) & (day >= (spec.window.start or 0))
    if spec.window.end is not None:
        due &= day <= spec.window.end
    if spec.before is not None:
        stop = found["USUBJID"].map(subjects[spec.before])
        due &= stop.isna() | (found["ADT"] < stop)
    return found.assign(COUNTS=due & ~(day > first), AFTER=due & (day > first))


def origin_dates(data: Data, origin: Origin, best: Sequence[BestResponse] = ()) -> "pd.Series[pd.Timestamp] | None":
    """Return the date on which a clock starts, by subject."""
    frame = data.get(origin.dataset)
    if frame is None or not has(frame, "USUBJID", *(c.rpartition(".")[2] for c in origin_cells(origin))):
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


def _has_survival(plan: Plan) -> bool:
    return plan.conventions.survival_parameter is not None and "ADTTE" in plan.datasets


def _survival_rows(data: Data, plan: Plan, *columns: str) -> pd.DataFrame:
    """Return the records of survival with columns of ADSL beside them."""
    frame = with_subject(data, "ADTTE", *columns)
    return frame[frame["PARAMCD"] == plan.conventions.survival_parameter]


def _survival_origin(plan: Plan) -> Origin | None:
    """Return what the plan says starts the clock of survival; the first treatment where it says nothing."""
    known = plan.datasets["ADTTE"].parameters.get(plan.conventions.survival_parameter or "")
    return None if known is None else known.origin


def _clocks(data: Data, plan: Plan) -> Iterator[tuple[str, pd.DataFrame, "pd.Series[pd.Timestamp]", tuple[str, ...]]]:
    """Yield the records of each parameter with an origin, the origin of each record, and the cells that were read."""
    best = [d for d in plan.derivations if isinstance(d, BestResponse)]
    for name, rows, parameter in _times(data, plan):
        starts = None if parameter.origin is None else origin_dates(data, parameter.origin, best)
        if parameter.origin is not None and starts is not None:
            judged = rows[~rows["USUBJID"].isin(_untold(data, parameter.origin))]
            started = pd.to_datetime(judged["USUBJID"].map(starts))
            yield name, judged, started, ("PARAMCD", *_read(parameter.origin, best))


def _read(origin: Origin, best: list[BestResponse]) -> tuple[str, ...]:
    """Return the columns by which a clock starts; a response that best response judges counts by its day."""
    judged = any((d.dataset, d.parameter) == (origin.dataset, origin.parameter) for d in best)
    return (*origin_cells(origin), *(["ADSL.TRTSDT"] if judged else []))


def _untold(data: Data, origin: Origin) -> "pd.Series[str]":
    """Return the subjects of whom a record without its date or value may be what started the clock."""
    frame = data[origin.dataset]
    if origin.parameter is None:
        return frame["USUBJID"].iloc[:0]
    incomplete = frame[origin.variable].isna()
    if len(origin.values) > 0:
        incomplete |= frame["AVALC"] == ""
    return frame.loc[incomplete & (frame["PARAMCD"] == origin.parameter), "USUBJID"]


def _times(data: Data, plan: Plan) -> Iterator[tuple[str, pd.DataFrame, Parameter]]:
    for name, dataset in plan.datasets.items():
        frame = data.get(name)
        if frame is not None and "PARAMCD" in frame and set(typed(frame)) >= TIMED:
            for code, parameter in dataset.parameters.items():
                yield name, frame[frame["PARAMCD"] == code], parameter


@rule(
    "X09",
    "The time does not equal the days between STARTDT and ADT.",
    "Correct AVAL or the dates; AVAL is in days, and the plan's conventions.origin_day says what the start date "
    "itself counts (0, or 1 for AVAL = ADT - STARTDT + 1).",
    "ADTTE.AVAL ADTTE.STARTDT ADTTE.ADT",
)
def _time_from_dates(data: Data, plan: Plan) -> Iterator[Finding]:
    frame = data["ADTTE"]
    expected = days_between(frame["STARTDT"], frame["ADT"]) + plan.conventions.origin_day
    # What the file counts in months is days to within a day at best.
    counted = {code for code, p in plan.datasets["ADTTE"].parameters.items() if p.unit_factor is not None}
    exact = ~frame["PARAMCD"].isin(counted) if "PARAMCD" in frame.columns else True
    wrong = expected.notna() & frame["AVAL"].notna() & (frame["AVAL"] != expected) & exact
    yield Finding("ADTTE", frame[wrong], "AVAL", ("STARTDT", "ADT"))


@rule(
    "X10",
    "A death in ADTTE must be a death in ADSL, and the reverse.",
    "Correct CNSR (0 is death) or DTHFL.",
    "ADTTE.PARAMCD ADTTE.CNSR ADSL.DTHFL",
    asked=_has_survival,
)
def _deaths_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan, "DTHFL")
    wrong = rows["CNSR"].notna() & ((rows["CNSR"] == 0) != (rows["ADSL_DTHFL"] == "Y"))
    yield Finding("ADTTE", rows[wrong], "CNSR", ("PARAMCD", "ADSL.DTHFL"))


@rule(
    "X11",
    "The date of death differs from ADSL's.",
    "Correct ADT or DTHDT.",
    "ADTTE.PARAMCD ADTTE.CNSR ADTTE.ADT ADSL.DTHDT",
    asked=_has_survival,
)
def _death_dates_agree(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan, "DTHDT")
    event = (rows["CNSR"] == 0) & rows["ADSL_DTHDT"].notna() & rows["ADT"].notna()
    wrong = event & (rows["ADT"] != rows["ADSL_DTHDT"])
    yield Finding("ADTTE", rows[wrong], "ADT", ("PARAMCD", "CNSR", "ADSL.DTHDT"))


@rule(
    "X12",
    "Survival does not start at the first treatment.",
    "Correct STARTDT or TRTSDT; where it starts at something else, name it as the parameter's origin in the plan "
    "(origin: {dataset: ADSL, variable: RANDDT}).",
    "ADTTE.PARAMCD ADTTE.STARTDT ADSL.TRTSDT",
    asked=lambda plan: _has_survival(plan) and _survival_origin(plan) is None,
)
def _clock_starts_at_treatment(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan, "TRTSDT")
    dated = rows["ADSL_TRTSDT"].notna() & rows["STARTDT"].notna()
    wrong = dated & (rows["STARTDT"] != rows["ADSL_TRTSDT"])
    yield Finding("ADTTE", rows[wrong], "STARTDT", ("PARAMCD", "ADSL.TRTSDT"))


@rule(
    "X17",
    "A subject whose survival clock started (at the first treatment, or the plan's origin) has no survival record.",
    "Add the record to ADTTE.",
    "ADTTE.PARAMCD ADSL.TRTSDT",
    asked=_has_survival,
)
def _survival_for_all(data: Data, plan: Plan) -> Iterator[Finding]:
    rows = _survival_rows(data, plan)
    adsl, origin = data["ADSL"], _survival_origin(plan)
    starts = None if origin is None else origin_dates(data, origin)
    cells = ("TRTSDT",) if origin is None else origin_cells(origin)
    started = adsl["TRTSDT"].notna() if starts is None else adsl["USUBJID"].isin(starts.index)
    without = started & ~adsl["USUBJID"].isin(rows["USUBJID"])
    yield Finding("ADSL", adsl[without], "USUBJID", (*cells, "ADTTE.USUBJID", "ADTTE.PARAMCD"))


@rule(
    "X24",
    "What starts this clock (the plan's origin) never happened in this subject.",
    "Remove the record, or add what starts its clock.",
)
def _origin_missing(data: Data, plan: Plan) -> Iterator[Finding]:
    known = set(data["ADSL"]["USUBJID"])
    for name, rows, starts, cells in _clocks(data, plan):
        yield Finding(name, rows[starts.isna() & rows["USUBJID"].isin(known)], "STARTDT", cells)


@rule(
    "X25",
    "The clock does not start on the day of what starts it (the plan's origin).",
    "Correct STARTDT, or the record it starts from.",
)
def _starts_elsewhere(data: Data, plan: Plan) -> Iterator[Finding]:
    for name, rows, starts, cells in _clocks(data, plan):
        wrong = starts.notna() & rows["STARTDT"].notna() & (rows["STARTDT"] != starts)
        yield Finding(name, rows[wrong], "STARTDT", cells)


@rule(
    "X26",
    "The plan does not name this as an event of this time.",
    "Use one of the parameter's events in EVNTDESC, correct CNSR, or add it to the parameter's events in the plan.",
    needed=True,
)
def _unknown_end(data: Data, plan: Plan) -> Iterator[Finding]:
    for name, rows, parameter in _times(data, plan):
        if parameter.events and "EVNTDESC" in rows.columns:
            wrong = (rows["CNSR"] == 0) & ~rows["EVNTDESC"].isin(parameter.events)
            yield Finding(name, rows[wrong], "EVNTDESC", ("PARAMCD", "CNSR"))


@rule(
    "X27",
    "This is dated after the subject's first progression, so best response does not count it.",
    "Check the date and the progression; the plan's progression says which values end best response.",
    "ADSL.TRTSDT",
    severity="warning",
    asked=lambda plan: any(isinstance(d, BestResponse) for d in plan.derivations),
)
def _after_progression(data: Data, plan: Plan) -> Iterator[Finding]:
    found: dict[str, dict[int, bool]] = {}
    for spec in plan.derivations:
        if isinstance(spec, BestResponse) and has(data.get(spec.dataset), "PARAMCD", "AVALC", "ADT"):
            frame = data[spec.dataset]
            seen = assessments(data["ADSL"], frame[frame["PARAMCD"] == spec.parameter], spec)
            found.setdefault(spec.dataset, {}).update(dict.fromkeys(seen.index[seen["AFTER"]], True))
    for name, rows in found.items():
        yield Finding(name, data[name].loc[sorted(rows)], "ADT", ("PARAMCD", "AVALC"))
