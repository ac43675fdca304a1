"""What is derived for each subject: DLT status, best response, times to event, peaks, areas.

Each derivation of the plan becomes a dataset of one row a subject, which sets, groupings and analyses name as they
name a source dataset. Derivations look at every treated subject and know nothing of analysis sets, so that a set may
be defined by what was derived.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.counted import dated_before, measured, since_treatment
from analysis.cutoff import cut_off
from analysis.derive_area import areas
from analysis.derive_events import day_of, event_occurrence
from analysis.dlt import dlt_status, within
from analysis.load import Study
from analysis.methods.kinetics import peak
from sap.days import days_between
from sap.derivations import (
    AreaUnderCurve,
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    Peak,
    TimeToEvent,
)
from sap.plan import Plan
from sap.problems import UserError
from sap.values import NOT_EVALUABLE


def derive(study: Study) -> dict[str, pd.DataFrame]:
    """Return the source datasets of a study as they were known at the data cut-off, and beside them the derived ones.

    Parameters
    ----------
    study : Study
        Validated data and their plan.

    Returns
    -------
    dict of str to DataFrame
        By dataset name or derivation id.
    """
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
    adsl = data["ADSL"]
    if isinstance(derivation, DltStatus):
        return dlt_status(adsl, data["ADAE"], plan.dlt_rule(derivation.rule))
    if isinstance(derivation, EventOccurrence):
        return event_occurrence(adsl, data["ADAE"], derivation)
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
    """Return the best response of every treated subject.

    Parameters
    ----------
    adsl, responses : DataFrame
        Subjects, and the assessments of one parameter.
    spec : BestResponse
        Order from best to worst, window, and the ADSL date from which assessments no longer count: one on that very
        day is after it.

    Returns
    -------
    DataFrame
        ``USUBJID``, ``BOR`` ("NE" where no assessment counts) and ``RSPDAY`` (first day of that response).
    """
    records = since_treatment(adsl, responses)
    records = records[within(records["DAY"], spec.window) & records["AVALC"].isin(spec.order)]
    records = records[dated_before(adsl, records, spec.before)]
    ranked = records.assign(RANK=records["AVALC"].map({v: i for i, v in enumerate(spec.order)}))
    best = ranked.sort_values(["RANK", "DAY"], kind="stable").drop_duplicates("USUBJID").set_index("USUBJID")
    treated = adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"]
    return pd.DataFrame(
        {
            "USUBJID": treated.to_numpy(),
            "BOR": treated.map(best["AVALC"]).astype("object").fillna(NOT_EVALUABLE).to_numpy(),
            "RSPDAY": treated.map(best["DAY"]).astype("float64").to_numpy(),
        }
    )


def time_to_event(adsl: pd.DataFrame, records: pd.DataFrame, spec: TimeToEvent, origin_day: int) -> pd.DataFrame:
    """Return times to event in days since their start, censored earlier where the plan says so.

    Parameters
    ----------
    adsl, records : DataFrame
        Subjects, and one parameter of ADTTE.
    spec : TimeToEvent
        May name an ADSL date at which a time is censored when it comes before the event. An event on that very day
        stays an event.
    origin_day : int
        What ``AVAL`` counts on the start date itself.

    Returns
    -------
    DataFrame
        ``USUBJID``, ``AVAL`` (days, 0 on the start date), ``CNSR``, ``STARTDT`` and, of an event, ``EVNTDESC``.
    """
    frame = records[["USUBJID", "AVAL", "CNSR", "STARTDT"]].assign(AVAL=records["AVAL"] - origin_day)
    described = records["EVNTDESC"] if "EVNTDESC" in records.columns else pd.Series("", records.index, dtype="object")
    if spec.censor_at is not None:
        switch = days_between(records["STARTDT"], records["USUBJID"].map(adsl.set_index("USUBJID")[spec.censor_at]))
        before_start = records.loc[switch < 0, "USUBJID"]
        if len(before_start):
            msg = f"{spec.censor_at} is before the start of the time for {', '.join(before_start)}"
            raise ValueError(msg)
        earlier = switch.notna() & (switch < frame["AVAL"])
        frame = frame.assign(AVAL=frame["AVAL"].where(~earlier, switch), CNSR=frame["CNSR"].where(~earlier, 1.0))
    return frame.assign(EVNTDESC=described.where(frame["CNSR"] == 0, "")).reset_index(drop=True)


def peaks(adsl: pd.DataFrame, records: pd.DataFrame, spec: Peak) -> pd.DataFrame:
    """Return the peak of a parameter and its first day, for every treated subject with a value in the window.

    Parameters
    ----------
    adsl, records : DataFrame
        Subjects, and one parameter of a kinetics or laboratory dataset.
    spec : Peak
        Window in days since first treatment, and what a value below quantification counts. A missing value that is not
        called below quantification is a sample that was not measured, and is not used.

    Returns
    -------
    DataFrame
        ``USUBJID``, ``PEAK`` (unit of the parameter) and ``TPEAK`` (days since first treatment).
    """
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
