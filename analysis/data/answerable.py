"""Data that keep every rule of their kind, and that a plan asks what they cannot answer: each cell or row, at once.

What is found here stops the analysis, because a definition of the plan meets records it says nothing of. What else a
step cannot do with the data makes that step alone not estimable (`analysis.run`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import pandas as pd

from analysis.data.dlt import of_subjects, qualifying
from analysis.data.sample import cell_text
from analysis.data.sets import meant
from analysis.data.visits import repeated
from analysis.results.tasks import Task, tasks
from sap.data.failures import Failure, each
from sap.methods import Step
from sap.model.clause import WhereClause
from sap.model.days import days_between
from sap.model.derivations import (
    AreaUnderCurve,
    Criterion,
    DayOf,
    DltStatus,
    EventOccurrence,
    Peak,
    TimeToEvent,
    VisitValues,
)
from sap.model.part import Reference
from sap.plan.plan import Plan

Data = Mapping[str, pd.DataFrame]
_ONE: Final = (
    "Choose one record a subject by data_subset of the analysis (as those of a visit), derive one value a subject "
    "(visits, best_response, peak, day), or correct the records."
)


def unanswerable(data: Data, plan: Plan) -> Iterator[Failure]:
    """Yield what in the data leaves a definition or a step of the plan without an answer."""
    for d in plan.derivations:
        if isinstance(d, DltStatus | EventOccurrence):
            rule = plan.dlt_rule(d.rule).criteria if isinstance(d, DltStatus) else (d,)
            for meant in rule:
                yield from _undated(_of_treated(data), meant, d, plan)
        elif isinstance(d, DayOf | TimeToEvent):
            yield from _once(d, data)
            yield from _censored_before_start(d, data)
        elif isinstance(d, Peak | AreaUnderCurve):
            yield from _no_limit(d.dataset, d.parameter, d.below_quantification, data)
        elif isinstance(d, VisitValues):
            yield from _at_visits(d, data)
    steps = [(t, s) for t in tasks(plan) for s in t.steps]
    yield from _two_classes(data, {s.coded_events for _, s in steps if s.coded_events is not None})
    for _, step in steps:
        if step.quantified is not None:
            yield from _no_limit(*step.quantified, data)
    yield from _several(data, _values(plan, steps))


def _failure(place: tuple[str, str, str], frame: pd.DataFrame, message: str, fix: str, row: int) -> Failure:
    dataset, column, rule = place
    value = cell_text(frame[column].loc[row])
    return Failure(dataset, int(row), str(frame.loc[row, "USUBJID"]), column, rule, value, message, fix)


def _of_treated(data: Data) -> pd.DataFrame:
    adsl, adae = data["ADSL"], data["ADAE"]
    return of_subjects(adae, adsl.loc[adsl["TRTSDT"].notna(), "USUBJID"])


def _undated(
    adae: pd.DataFrame, meant: Criterion | EventOccurrence, d: DltStatus | EventOccurrence, plan: Plan
) -> Iterator[Failure]:
    # A dose-limiting toxicity is also judged as if an event without a grade had the worst.
    counts = qualifying(adae, meant, plan.conventions.relatedness, at_worst=isinstance(d, DltStatus))
    what = f"The event counts for {d.id} and has no start date, so its onset and duration are unknown."
    fix = "Give the date, by a rule of imputation if need be."
    rows = adae.index[counts & adae["ASTDT"].isna()]
    yield from each(rows, partial(_failure, ("ADAE", "ASTDT", "undated"), adae, what, fix))


def _of_parameter(dataset: str, parameter: str | None, data: Data) -> pd.DataFrame:
    frame = data[dataset]
    return frame if parameter is None else frame[frame["PARAMCD"] == parameter]


def _once(d: DayOf | TimeToEvent, data: Data) -> Iterator[Failure]:
    """Yield the second of what a subject has once."""
    rows = _of_parameter(d.dataset, d.parameter, data)
    if isinstance(d, DayOf):
        rows = rows[rows[d.variable].notna()]
        rows = rows[rows["CNSR"] == 0] if "CNSR" in rows.columns else rows
    column = d.variable if isinstance(d, DayOf) else "AVAL"
    what = f"{d.id} is one {'day' if isinstance(d, DayOf) else 'time'} a subject, and this is another of the subject."
    tell = partial(_failure, (d.dataset, column, "several"), rows, what, "Keep the one that is meant.")
    yield from each(rows.index[rows["USUBJID"].duplicated()], tell)


def _censored_before_start(d: DayOf | TimeToEvent, data: Data) -> Iterator[Failure]:
    if isinstance(d, DayOf) or d.censor_at is None:
        return
    rows = _of_parameter(d.dataset, d.parameter, data)
    stop = rows["USUBJID"].map(data["ADSL"].drop_duplicates("USUBJID").set_index("USUBJID")[d.censor_at])
    what = f"{d.id} is censored at {d.censor_at}, which is before the start of this time."
    place, fix = (d.dataset, "STARTDT", "censored"), f"Correct STARTDT or ADSL.{d.censor_at}."
    yield from each(rows.index[days_between(rows["STARTDT"], stop) < 0], partial(_failure, place, rows, what, fix))


def _no_limit(dataset: str, parameter: str, rule: str, data: Data) -> Iterator[Failure]:
    rows = _of_parameter(dataset, parameter, data)
    if rule not in {"half", "lloq"} or "BLQFL" not in rows.columns:
        return
    limit = rows["LLOQ"] if "LLOQ" in rows.columns else pd.Series(float("nan"), rows.index)
    what = f"A value of {parameter} below quantification counts as {rule} in the plan, and its limit is not given."
    tell = partial(_failure, (dataset, "BLQFL", "limit"), rows, what, "Give LLOQ, or correct the flag.")
    yield from each(rows.index[(rows["BLQFL"] == "Y") & limit.isna()], tell)


def _at_visits(d: VisitValues, data: Data) -> Iterator[Failure]:
    """Yield visits for which several records of a subject may stand, each told once, and values of no category."""
    rows = _of_parameter(d.dataset, d.parameter, data)
    for title, found in repeated(data["ADSL"], rows, d):
        by_subject = found.groupby("USUBJID", sort=False)
        shown = "; ".join(f"{s} in rows {', '.join(map(str, g.index[:3]))}" for s, g in [*by_subject][:3])
        what = f"{by_subject.ngroups} subjects have several records of {d.parameter} that may be {title} of {d.id}"
        fix = "Say in the plan which counts, as several: last, or choose by where (as ANL01FL = Y)."
        row = by_subject.nth(1).index[0]
        yield _failure((d.dataset, d.value, "several"), rows, f"{what} ({shown}).", fix, row)
    if d.categories:
        strange = rows.index[~rows[d.value].isin([*d.categories, ""])]
        what, fix = f"{d.id} knows no category of that name.", "Add it to categories in the plan, or correct the value."
        yield from each(strange, partial(_failure, (d.dataset, d.value, "category"), rows, what, fix))


def _two_classes(data: Data, counted_events: set[str]) -> Iterator[Failure]:
    """Yield the events of a term that stand in another class than most of them: subjects would be counted in both."""
    if not counted_events:
        return
    events = data["ADAE"]
    counted = (events["AEDECOD"] != "") & (events["AEBODSYS"] != "")
    if "all" not in counted_events:
        counted &= events["TRTEMFL"] == "Y"
    pairs = events.loc[counted, ["AEDECOD", "AEBODSYS"]].drop_duplicates()
    several = pairs.loc[pairs["AEDECOD"].duplicated(), "AEDECOD"]
    if several.empty:
        return
    for term, found in events[counted & events["AEDECOD"].isin(several)].groupby("AEDECOD"):
        most = Counter(found["AEBODSYS"]).most_common(1)[0][0]  # of as many, the class that stands first
        other = found.index[found["AEBODSYS"] == most][0]
        what = f"The term {term} stands in this class, and in {most} in row {other}."
        tell = partial(_failure, ("ADAE", "AEBODSYS", "two_classes"), found, what, "Give each term one class.")
        yield from each(found.index[found["AEBODSYS"] != most], tell)


def _values(plan: Plan, steps: list[tuple[Task, Step]]) -> dict[tuple[Reference, WhereClause | None], str]:
    """Return the variables of source datasets of which a step takes one value a subject, and the first that does."""
    groupings = {g.id: g.variable for g in plan.groupings}
    found: dict[tuple[Reference, WhereClause | None], str] = {}
    for task, step in steps:
        taken = () if step.reads_records else step.references
        for reference in (*taken, *([groupings[step.by]] if step.by is not None else [])):
            if reference.dataset in plan.datasets:
                found.setdefault((reference, task.data_subset), task.id)
    return found


def _several(data: Data, values: Mapping[tuple[Reference, WhereClause | None], str]) -> Iterator[Failure]:
    """Yield the first record that is one too many, of each variable of which a step takes one value a subject."""
    for (reference, subset), analysis in values.items():
        frame = meant(data[reference.dataset], reference.dataset, subset)
        again = frame["USUBJID"].duplicated()
        if again.any() and reference.dataset != "ADSL":  # of ADSL, its key says so
            several = frame.loc[again, "USUBJID"].nunique()
            what = f"{analysis} takes one value of {reference} a subject, and {several} subjects have several records"
            row = frame.index[again][0]
            place = (reference.dataset, reference.variable, "several")
            yield _failure(place, frame, f"{what} (the first is here).", _ONE, row)
