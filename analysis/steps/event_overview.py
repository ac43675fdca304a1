"""How many subjects had an event of each kind, and how many records there are of it."""

from dataclasses import replace
from typing import Final

import pandas as pd

from analysis.data.sample import Block, Sample, counts_and_shares, how_counted
from analysis.data.sets import records_where
from analysis.results.ard import Statistic
from analysis.steps import Level, Method
from sap.methods.event_overview import NOT_RECORDED, EventOverview
from sap.plan.plan import Plan

CONTEXT: Final = "event_overview"
HOW: Final = "Subjects with at least one record of the kind, and its records; not exclusive"


def event_overview(step: EventOverview, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of the subjects with each kind of event, and its records."""
    frame, undated = _counted(step, sample)
    about = Block("USUBJID", CONTEXT, HOW)
    stats = []
    for kind in step.kinds:
        at = replace(about, variable_level=kind.label)
        if kind.not_recorded is not None:
            told = at.text("recorded", "Whether the data record it", NOT_RECORDED)
            stats.append(replace(told, warning=kind.not_recorded))
            continue
        found = frame if kind.where is None else frame[records_where(frame, kind.where)]
        stats += counts_and_shares(about, {kind.label: found["USUBJID"].nunique()}, sample)
        stats.append(at.stat("records", "Records", len(found), "xx", warning=undated))
    return stats


def _counted(step: EventOverview, sample: Sample) -> tuple[pd.DataFrame, str]:
    """Return the records that count, and what is to be said of those of which nobody knows when they began."""
    frame = sample.data[step.dataset]
    frame = frame[frame["USUBJID"].isin(sample.subjects)]
    if step.where is not None:
        frame = frame[records_where(frame, step.where)]
    if step.date is None:
        return frame, ""
    date = pd.to_datetime(frame["USUBJID"].map(sample.data["ADSL"].set_index("USUBJID")[step.date]))
    start, dated = frame["ASTDT"], date.notna()
    unknown = dated & start.isna()
    if step.when == "since":
        kept = start >= date
    elif step.when == "ongoing":
        kept = (start < date) & (frame["AENDT"].isna() | (frame["AENDT"] >= date))
    else:
        kept = (start < date) | ~dated
    note = how_counted("record", unknown.groupby(frame["USUBJID"]).sum(), "without a start date, not counted")
    return frame[kept], note


def _planned_levels(step: EventOverview, _plan: Plan, _dataset: str) -> tuple[Level, ...]:
    return tuple(Level(k.label, k.label) for k in step.kinds)


METHOD: Final = Method(statistics=event_overview, planned_levels=_planned_levels)
