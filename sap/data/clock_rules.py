"""What the rules about clocks and exposure look for: where a time starts, what ends it, what was given first."""

from collections.abc import Iterator

import pandas as pd

from sap.data.record_rules import Data, Finding, origin_cells, origin_dates
from sap.model.derivations import BestResponse
from sap.model.variables import Origin, Parameter
from sap.plan.plan import Plan

TIMED = frozenset({"STARTDT", "ADT", "CNSR"})
"""Dates and numbers that a dataset of times to event has."""


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
        if frame is not None and "PARAMCD" in frame and set(frame.select_dtypes(["datetime", "number"])) >= TIMED:
            for code, parameter in dataset.parameters.items():
                yield name, frame[frame["PARAMCD"] == code], parameter


def origin_missing(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times of subjects in whom what starts the clock never happened."""
    known = set(data["ADSL"]["USUBJID"])
    for name, rows, starts, cells in _clocks(data, plan):
        yield Finding(name, rows[starts.isna() & rows["USUBJID"].isin(known)], "STARTDT", cells)


def starts_elsewhere(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times that start on another day than what starts the clock."""
    for name, rows, starts, cells in _clocks(data, plan):
        wrong = starts.notna() & rows["STARTDT"].notna() & (rows["STARTDT"] != starts)
        yield Finding(name, rows[wrong], "STARTDT", cells)


def unknown_end(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events that are none of those the plan names for their time."""
    for name, rows, parameter in _times(data, plan):
        if parameter.events and "EVNTDESC" in rows.columns:
            wrong = (rows["CNSR"] == 0) & ~rows["EVNTDESC"].isin(parameter.events)
            yield Finding(name, rows[wrong], "EVNTDESC", ("PARAMCD", "CNSR"))


def no_first_exposure(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield treated subjects to whom nothing was given on the day treatment began, as far as all is dated."""
    if "ADEX" not in data:
        return
    adsl = data["ADSL"]
    given = set(zip(data["ADEX"]["USUBJID"], data["ADEX"]["ASTDT"], strict=True))
    first = pd.Series(list(zip(adsl["USUBJID"], adsl["TRTSDT"], strict=True)), index=adsl.index, dtype="object")
    untold = data["ADEX"].loc[data["ADEX"]["ASTDT"].isna(), "USUBJID"]
    without = adsl["TRTSDT"].notna() & ~first.isin(given) & ~adsl["USUBJID"].isin(untold)
    yield Finding("ADSL", adsl[without], "TRTSDT", ("ADEX.ASTDT", "ADEX.USUBJID"))
