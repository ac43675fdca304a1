"""What the rules about clocks and exposure look for: where a time starts, what ends it, what was given first."""

from collections.abc import Iterator, Sequence

import pandas as pd

from sap.derivations import BestResponse
from sap.finders import Data, Finding
from sap.plan import Plan
from sap.responses import assessments
from sap.variables import Origin, Parameter

TIMED = frozenset({"PARAMCD", "STARTDT", "ADT", "CNSR"})
"""What a dataset of times to event has."""


def origin_dates(data: Data, origin: Origin, best: Sequence[BestResponse] = ()) -> "pd.Series[pd.Timestamp] | None":
    """Return the date on which a clock starts, by subject.

    Parameters
    ----------
    data : mapping of str to DataFrame
        Datasets with typed cells.
    origin : Origin
        What starts the clock.
    best : sequence of BestResponse
        What is derived from the same parameter: a response that none of them counts, for its day or a progression
        before it, starts no clock. Another therapy does not keep it from that.

    Returns
    -------
    Series of datetime64 or None
        The earliest date of the records meant, by ``USUBJID``; no entry for a subject without one. None when the
        data have no such dataset or column.
    """
    frame = data.get(origin.dataset)
    if frame is None or not {"USUBJID", origin.variable} <= set(frame.columns):
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


def _clocks(data: Data, plan: Plan) -> Iterator[tuple[str, pd.DataFrame, "pd.Series[pd.Timestamp]"]]:
    """Yield the records of each parameter with an origin, and the origin of each record."""
    best = [d for d in plan.derivations if isinstance(d, BestResponse)]
    for name, rows, parameter in _times(data, plan):
        starts = None if parameter.origin is None else origin_dates(data, parameter.origin, best)
        if starts is not None and parameter.origin is not None:
            judged = rows[~rows["USUBJID"].isin(_untold(data, parameter.origin))]
            yield name, judged, pd.to_datetime(judged["USUBJID"].map(starts))


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
        if name in data and set(data[name].columns) >= TIMED:
            for code, parameter in dataset.parameters.items():
                yield name, data[name][data[name]["PARAMCD"] == code], parameter


def origin_missing(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times of subjects in whom what starts the clock never happened."""
    known = set(data["ADSL"]["USUBJID"])
    for name, rows, starts in _clocks(data, plan):
        yield name, rows[starts.isna() & rows["USUBJID"].isin(known)], "STARTDT"


def starts_elsewhere(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield times that start on another day than what starts the clock."""
    for name, rows, starts in _clocks(data, plan):
        yield name, rows[starts.notna() & rows["STARTDT"].notna() & (rows["STARTDT"] != starts)], "STARTDT"


def unknown_end(data: Data, plan: Plan) -> Iterator[Finding]:
    """Yield events that are none of those the plan names for their time."""
    for name, rows, parameter in _times(data, plan):
        if parameter.events and "EVNTDESC" in rows.columns:
            yield name, rows[(rows["CNSR"] == 0) & ~rows["EVNTDESC"].isin(parameter.events)], "EVNTDESC"


def no_first_exposure(data: Data, _: Plan) -> Iterator[Finding]:
    """Yield treated subjects to whom nothing was given on the day treatment began, as far as all is dated."""
    if "ADEX" not in data:
        return
    adsl = data["ADSL"]
    given = set(zip(data["ADEX"]["USUBJID"], data["ADEX"]["ASTDT"], strict=True))
    first = pd.Series(list(zip(adsl["USUBJID"], adsl["TRTSDT"], strict=True)), index=adsl.index, dtype="object")
    untold = data["ADEX"].loc[data["ADEX"]["ASTDT"].isna(), "USUBJID"]
    yield "ADSL", adsl[adsl["TRTSDT"].notna() & ~first.isin(given) & ~adsl["USUBJID"].isin(untold)], "TRTSDT"
