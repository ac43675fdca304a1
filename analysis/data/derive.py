"""What is derived for each subject: DLT status, best response, times to event, peaks, areas.

Each derivation of the plan becomes a dataset of one row a subject, which sets, groupings and analyses name as they
name a source dataset. Derivations look at every treated subject and know nothing of analysis sets, so that a set may
be defined by what was derived.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import pandas as pd

from analysis.data.cutoff import cut_off
from analysis.data.derive_area import areas
from analysis.data.derive_events import day_of, event_occurrence
from analysis.data.dlt import dlt_status, within
from analysis.data.load import Study
from analysis.data.record_days import dated_before, measured, since_treatment
from analysis.methods.values.course import peak
from sap.data.time_rules import assessments
from sap.model.days import as_times_count, days_between
from sap.model.derivations import (
    AreaUnderCurve,
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    Peak,
    TimeToEvent,
)
from sap.model.names import NOT_EVALUABLE
from sap.plan.plan import Plan
from sap.text.problems import UserError


def derive(study: Study) -> dict[str, pd.DataFrame]:
    """Return the source datasets of a study as known at the data cut-off, and beside them the derived ones."""
    data, _ = cut_off(study.plan, study.data)
    for derivation in study.plan.derivations:
        try:
            data[derivation.id] = _derive(derivation, study.plan, data)
        except ValueError as error:
            what = str(error).rstrip(".")
            msg = f"Derivation {derivation.id}: {what}. Correct the derivation in the plan, or the data it names."
            raise UserError(msg) from error
    return data


def _derive(derivation: Derivation, plan: Plan, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    adsl, related = data["ADSL"], plan.conventions.relatedness
    if isinstance(derivation, DltStatus):
        return dlt_status(adsl, data["ADAE"], plan.dlt_rule(derivation.rule), related)
    if isinstance(derivation, EventOccurrence):
        return event_occurrence(adsl, data["ADAE"], derivation, related)
    records = data[derivation.dataset]
    if derivation.parameter is not None:
        records = records[records["PARAMCD"] == derivation.parameter]
    if isinstance(derivation, DayOf):
        return day_of(adsl, records, derivation)
    if isinstance(derivation, BestResponse):
        return best_response(adsl, records, derivation)
    if isinstance(derivation, TimeToEvent):
        return time_to_event(adsl, records, derivation, plan.conventions.origin_day)
    if isinstance(derivation, AreaUnderCurve):
        return areas(adsl, records, derivation)
    return peaks(adsl, records, derivation)


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
    """Return times to event as the data count them, censored earlier where the plan says so."""
    frame = records[["USUBJID", "AVAL", "CNSR", "STARTDT"]]
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
