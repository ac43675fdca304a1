"""What is derived for each subject: DLT status, best response, times to event, peaks, areas.

Each derivation of the plan becomes a dataset of one row a subject, which sets, groupings and analyses name as they
name a source dataset. Derivations look at every treated subject and know nothing of analysis sets, so that a set may
be defined by what was derived.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import numpy as np
import pandas as pd

from analysis.data.dlt import USUAL, dlt_status, episodes, observed, of_subjects, unknown, within
from analysis.data.narrative import narratives
from analysis.data.visits import visit_values
from analysis.methods.values.course import Area, BelowQuantification, auc, peak, replace_below_quantification
from sap.data.time_rules import assessments
from sap.model.conventions import Relatedness
from sap.model.days import as_times_count, days_between, days_since_treatment
from sap.model.derivations import (
    ENDED,
    ENDED_LATER,
    ONGOING,
    AreaUnderCurve,
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    LabGrade,
    Narrative,
    Peak,
    TimeToEvent,
    VisitValues,
)
from sap.model.names import NOT_EVALUABLE
from sap.plan.plan import Plan
from sap.text.problems import UserError

OfRecords = DayOf | BestResponse | TimeToEvent | AreaUnderCurve | LabGrade | Peak | VisitValues


def derive(plan: Plan, known: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the source datasets as known at the data cut-off, and beside them the derived ones."""
    data = dict(known)
    for derivation in plan.derivations:
        try:
            data[derivation.id] = _derive(derivation, plan, data)
        except ValueError as error:
            what = str(error).rstrip(".")
            msg = f"Derivation {derivation.id}: {what}. Correct the derivation in the plan, or the data it names."
            raise UserError(msg) from error
    return data


def _derive(derivation: Derivation, plan: Plan, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    adsl = data["ADSL"]
    if isinstance(derivation, DltStatus | EventOccurrence):
        return _from_events(derivation, plan, data)
    if isinstance(derivation, Narrative):
        return narratives(data, derivation, plan.conventions.origin_day)
    records = data[derivation.dataset]
    if derivation.parameter is not None:
        records = records[records["PARAMCD"] == derivation.parameter]
    return _from_records(derivation, plan, adsl, records)


def _from_records(derivation: OfRecords, plan: Plan, adsl: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    match derivation:
        case DayOf():
            found = day_of(adsl, records, derivation)
        case BestResponse():
            found = best_response(adsl, records, derivation)
        case TimeToEvent():
            found = time_to_event(adsl, records, derivation, plan.conventions.origin_day)
        case AreaUnderCurve():
            found = areas(adsl, records, derivation)
        case LabGrade():
            found = lab_grades(adsl, records, derivation)
        case Peak():
            found = peaks(adsl, records, derivation)
        case VisitValues():
            found = visit_values(adsl, records, derivation)
    return found


def _from_events(derivation: DltStatus | EventOccurrence, plan: Plan, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    adsl, adae, related = data["ADSL"], data["ADAE"], plan.conventions.relatedness
    if isinstance(derivation, DltStatus):
        return dlt_status(adsl, adae, plan.dlt_rule(derivation.rule), related)
    return event_occurrence(adsl, adae, derivation, related)


def best_response(adsl: pd.DataFrame, responses: pd.DataFrame, spec: BestResponse) -> pd.DataFrame:
    """Return the best response of every treated subject."""
    records = assessments(adsl, responses, spec)
    counted = records[records["COUNTS"]]
    counted = counted.assign(RANK=counted["AVALC"].map(spec.order.index).astype("float64"))
    counted = counted.sort_values(["USUBJID", "DAY", "RANK"], kind="stable")
    if spec.confirmation is not None:
        own = [_confirmed(list(zip(g["DAY"], g["AVALC"], strict=True)), spec) for _, g in counted.groupby("USUBJID")]
        counted["RANK"] = [float(spec.order.index(v)) for values in own for v in values]
    if spec.min_days is not None:
        stable = counted["RANK"].isin([spec.order.index(v) for v in spec.stable_values])
        counted = counted[~stable | (counted["DAY"] >= spec.min_days)]
    best = counted.sort_values(["RANK", "DAY"], kind="stable").drop_duplicates("USUBJID").set_index("USUBJID")
    treated = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"]
    response = treated.map(best["RANK"]).map(dict(enumerate(spec.order)))
    late = records.loc[records["AFTER"], "USUBJID"].value_counts()
    undated = responses.loc[responses["ADT"].isna(), "USUBJID"].value_counts()
    return pd.DataFrame(
        {
            "USUBJID": treated.to_numpy(),
            "BOR": response.astype("object").fillna(NOT_EVALUABLE).to_numpy(),
            "RSPDAY": treated.map(best["DAY"]).astype("float64").to_numpy(),
            "NAFTER": treated.map(late).astype("float64").fillna(0.0).to_numpy(),
            "NODATE": treated.map(undated).astype("float64").fillna(0.0).to_numpy(),
        }
    )


def _confirmed(seen: Sequence[tuple[float, str]], spec: BestResponse) -> Iterator[str]:
    """Yield what each assessment of a subject, by day, counts as: an unconfirmed response is stable disease."""
    for i, (day, value) in enumerate(seen):
        yield (
            value
            if value not in spec.responses or _seen_again(seen[i + 1 :], day, value, spec)
            else spec.stable_values[0]
        )


def _seen_again(later: Sequence[tuple[float, str]], day: float, value: str, spec: BestResponse) -> bool:
    """Return whether the next assessments are as good or better until one is late enough; what is NE says nothing."""
    told = [(d, v) for d, v in later if d > day and v != NOT_EVALUABLE]
    as_good = takewhile(lambda found: spec.order.index(found[1]) <= spec.order.index(value), told)
    return any(d >= day + (spec.confirmation or 0) for d, _ in as_good)


def time_to_event(adsl: pd.DataFrame, records: pd.DataFrame, spec: TimeToEvent, origin_day: int) -> pd.DataFrame:
    """Return times to event as the data count them, censored earlier where the plan says so.

    ADaM gives each reason for censoring a number of its own above 0: whichever it is, the time is censored.
    """
    start = records["STARTDT"] if "STARTDT" in records.columns else pd.Series(pd.NaT, records.index)
    frame = records[["USUBJID", "AVAL", "CNSR"]].assign(STARTDT=start, CNSR=records["CNSR"].clip(upper=1))
    described = records["EVNTDESC"] if "EVNTDESC" in records.columns else pd.Series("", records.index, dtype="object")
    if spec.censor_at is not None:
        switch = days_between(records["STARTDT"], records["USUBJID"].map(adsl.set_index("USUBJID")[spec.censor_at]))
        before_start = records.loc[switch < 0, "USUBJID"]
        if len(before_start):
            msg = f"{spec.censor_at} is before the start of the time for {', '.join(before_start)}"
            raise ValueError(msg)
        switch = as_times_count(switch, origin_day)
        earlier = switch.notna() & (switch < frame["AVAL"])
        frame = frame.assign(AVAL=frame["AVAL"].where(~earlier, switch), CNSR=frame["CNSR"].where(~earlier, 1.0))
        untold = records["STARTDT"].isna() & records["USUBJID"].map(adsl.set_index("USUBJID")[spec.censor_at]).notna()
        frame = frame.assign(AVAL=frame["AVAL"].mask(untold))
    known = frame["AVAL"].notna() & frame["CNSR"].notna()
    frame = frame.assign(AVAL=frame["AVAL"].where(known), CNSR=frame["CNSR"].where(known))
    return frame.assign(EVNTDESC=described.where(frame["CNSR"] == 0, "")).reset_index(drop=True)


def peaks(adsl: pd.DataFrame, records: pd.DataFrame, spec: Peak) -> pd.DataFrame:
    """Return the peak of a parameter and its first day, for every treated subject with a value in the window."""
    kept = since_treatment(adsl, records)
    kept = kept[within(kept["DAY"], spec.window) & dated_before(adsl, kept, spec.before)].sort_values(
        ["USUBJID", "DAY"], kind="stable"
    )
    kept = kept.assign(VALUE=measured(kept, spec.below_quantification)).dropna(subset=["VALUE"])
    found = {str(s): peak(g["DAY"].to_numpy(), g["VALUE"].to_numpy()) for s, g in kept.groupby("USUBJID", sort=False)}
    return pd.DataFrame(
        {
            "USUBJID": pd.Series(list(found), dtype=str),
            "PEAK": pd.Series([p.value for p in found.values()], dtype="float64"),
            "TPEAK": pd.Series([p.day for p in found.values()], dtype="float64"),
        }
    )


def lab_grades(adsl: pd.DataFrame, records: pd.DataFrame, spec: LabGrade) -> pd.DataFrame:
    """Return the grade of every treated subject on the last day before first treatment, and the worst one after it."""
    kept = since_treatment(adsl, records).dropna(subset=["AVAL", "DAY"])
    grade = pd.Series(0, index=kept.index)
    for bound in spec.grades:
        beyond = kept["AVAL"].map(bound.holds).astype(bool)
        grade = grade.mask(beyond & (grade < bound.grade), bound.grade)
    kept = kept.assign(GRADE=grade)
    early = kept[kept["DAY"] < 0]
    last = early[early["DAY"] == early.groupby("USUBJID")["DAY"].transform("max")]
    late = kept[within(kept["DAY"], spec.window) & dated_before(adsl, kept, spec.before)]
    treated = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"].reset_index(drop=True)
    found = {
        name: treated.map(of.groupby("USUBJID")["GRADE"].max().map("{:.0f}".format)).astype("object").fillna("")
        for name, of in (("BASEGR", last), ("WORSTGR", late))
    }
    return pd.DataFrame({"USUBJID": treated, **found})


def since_treatment(adsl: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return records of treated subjects with ``DAY``, days since first treatment."""
    treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
    kept = records[records["USUBJID"].isin(treated.index)]
    return kept.assign(DAY=days_between(kept["USUBJID"].map(treated["TRTSDT"]), kept["ADT"]))


def _dated(adsl: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return records with the dates of their study days, of which there is no day 0."""
    start = pd.to_datetime(records["USUBJID"].map(adsl.drop_duplicates("USUBJID").set_index("USUBJID")["TRTSDT"]))
    return records.assign(ADT=start + pd.to_timedelta(days_since_treatment(records["ADY"]), unit="D"))


def dated_before(adsl: pd.DataFrame, records: pd.DataFrame, variable: str | None) -> "pd.Series[bool]":
    """Return which records are dated before a date of ADSL; all, where there is no variable or no date."""
    if variable is None:
        return pd.Series(data=True, index=records.index)
    stop = records["USUBJID"].map(adsl.set_index("USUBJID")[variable])
    return stop.isna() | (records["ADT"] < stop)


def measured(records: pd.DataFrame, rule: BelowQuantification) -> "pd.Series[float]":
    """Return values with those below quantification replaced; a trial may have no limit of quantification at all."""
    value = records["AVAL"].astype("float64")
    if "BLQFL" not in records.columns:
        return value
    below = records["BLQFL"] == "Y"
    if "LLOQ" not in records.columns or records.loc[below, "LLOQ"].isna().any():
        if below.any() and rule in {"half", "lloq"}:
            msg = "a value below quantification has no LLOQ"
            raise ValueError(msg)
        return value.mask(below, 0.0 if rule == "zero" else float("nan"))
    judged = below | (value.notna() & records["LLOQ"].notna())
    value[judged] = replace_below_quantification(
        value[judged].to_numpy(),
        below[judged].to_numpy(dtype=bool),
        records.loc[judged, "LLOQ"].to_numpy(),
        rule,
    )
    return value


def event_occurrence(
    adsl: pd.DataFrame, adae: pd.DataFrame, spec: EventOccurrence, relatedness: Relatedness = USUAL
) -> pd.DataFrame:
    """Return whether events of a kind occurred in every treated subject, and when."""
    treated = observed(adsl)
    events = of_subjects(adae, treated.index)
    found = episodes(events, spec, treated, relatedness)
    untold = unknown(events, [(spec, spec.window)], treated, relatedness)
    found = found[within(found["ONSET"], spec.window)]
    found = found.assign(LAST=found["ONSET"] + found["DURATION"] - 1)
    first = found.sort_values(["USUBJID", "ONSET", "DURATION"], ascending=[True, True, False], kind="stable")
    first = first.drop_duplicates("USUBJID").set_index("USUBJID")
    whole = found.groupby("USUBJID").agg(GRADE=("GRADE", "max"), LAST=("LAST", "max"), ENDED=("ENDED", "all"))
    subjects = pd.Series(treated.index, index=treated.index, dtype="object")
    occurred = subjects.isin(first.index)
    ended = subjects.map(whole["ENDED"]).eq(other=True)
    last = subjects.map(whole["LAST"]).astype("float64")
    return (
        pd.DataFrame(
            {
                "USUBJID": subjects,
                "OCCURFL": occurred.map({True: "Y", False: "N"}).astype("object"),
                "MAXGR": subjects.map(whole["GRADE"].map("{:.0f}".format).replace("nan", "")).where(occurred, "0"),
                "ONSET": subjects.map(first["ONSET"]).astype("float64"),
                "DUR": subjects.map(first["DURATION"]).astype("float64"),
                "ENDDAY": last.where(ended),
                "ONGOFL": ended.map({True: "N", False: "Y"}).astype("object").where(occurred, ""),
                "COURSE": _course_of_event(adsl, last, ended, spec.before).where(occurred, ""),
                "NOGRADE": untold["NOGRADE"],
                "NOREL": untold["NOREL"],
            }
        )
        .astype({"MAXGR": "object"})
        .reset_index(drop=True)
    )


def _course_of_event(
    adsl: pd.DataFrame, last: "pd.Series[float]", ended: "pd.Series[bool]", before: str | None
) -> "pd.Series[str]":
    """Return how an event ended in each subject: on or after a date of ADSL, or where the subject has one before it."""
    course = pd.Series(ENDED, index=last.index, dtype="object")
    if before is not None:
        treated = adsl[adsl["TRTSDT"].notna()].set_index("USUBJID")
        course = course.mask(last >= days_between(treated["TRTSDT"], treated[before]).reindex(last.index), ENDED_LATER)
    return course.where(ended, ONGOING)


def day_of(adsl: pd.DataFrame, records: pd.DataFrame, spec: DayOf) -> pd.DataFrame:
    """Return the day of a date for every treated subject."""
    dated = records[records[spec.variable].notna()]
    if "CNSR" in dated.columns:
        dated = dated[dated["CNSR"] == 0]
    repeated = dated.loc[dated["USUBJID"].duplicated(), "USUBJID"]
    if len(repeated):
        msg = f"{spec.dataset}.{spec.variable} has several dates for {', '.join(dict.fromkeys(repeated))}"
        raise ValueError(msg)
    treated = adsl[adsl["TRTSDT"].notna()].reset_index(drop=True)
    date = pd.to_datetime(treated["USUBJID"].map(dated.set_index("USUBJID")[spec.variable]))
    return pd.DataFrame({"USUBJID": treated["USUBJID"], "DAY": days_between(treated["TRTSDT"], date)})


def areas(adsl: pd.DataFrame, records: pd.DataFrame, spec: AreaUnderCurve) -> pd.DataFrame:
    """Return the area under the course of a parameter for every treated subject."""
    kept = since_treatment(adsl, records if spec.days == "ADT" else _dated(adsl, records))
    kept = kept[kept["DAY"] >= min(0, spec.first)]
    early = dated_before(adsl, kept, spec.before)
    left_out, kept = set(kept.loc[~early, "USUBJID"]), kept[early]
    kept = kept.assign(VALUE=measured(kept, spec.below_quantification)).dropna(subset=["VALUE"])
    courses = kept.groupby(["USUBJID", "DAY"])["VALUE"].max()
    subjects = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"].tolist()
    with_course = set(courses.index.get_level_values("USUBJID"))
    found = [_area(courses.loc[s] if s in with_course else None, spec) for s in subjects]
    return pd.DataFrame(
        {
            "USUBJID": pd.Series(subjects, dtype=object),
            "AUC": np.array([a.value for a in found], dtype="float64"),
            "AUCREAS": pd.Series(
                [_reason(a, spec.before if s in left_out else None) for s, a in zip(subjects, found, strict=True)],
                dtype=object,
            ),
        }
    )


def _area(course: "pd.Series[float] | None", spec: AreaUnderCurve) -> Area:
    if course is None:
        why = f"measured on no day, the window is days {spec.first} to {spec.last}"
        return Area(None, spec.first, spec.last, spec.rule, why)
    return auc(course.index.to_numpy(dtype="float64"), course.to_numpy(), spec.first, spec.last, spec.rule)


def _reason(area: Area, stop: str | None) -> str:
    """Return why there is no area; of a subject with measurements that a date of ADSL left out, with its name."""
    told = f" (before {stop})" if stop is not None else ""
    return "" if area.reason is None else f"{area.reason}{told}"
