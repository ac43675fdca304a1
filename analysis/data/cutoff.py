"""The data as they were known on the day of the cut-off: nothing that happened later."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sap.model.days import days_between
from sap.plan.plan import Plan

Data = Mapping[str, pd.DataFrame]
_KNOWN_UNTIL = ("LSTALVDT", "TRTEDT")
"""Dates of ADSL up to which something went on: what goes on after the cut-off went on until then."""


@dataclass(frozen=True)
class Cut:
    """What a cut-off does to one dataset."""

    dataset: str
    """Its name."""
    left_out: int
    """Records after the cut-off."""
    shortened: int
    """Records that are kept without what came later: times censored, ends not yet reached, deaths not yet known."""


def cut_off(plan: Plan, data: Data) -> tuple[dict[str, pd.DataFrame], tuple[Cut, ...]]:
    """Return the data without what came after the plan's cut-off, and how much that is, dataset by dataset."""
    cutoff = plan.data_cutoff
    if cutoff is None:
        return dict(data), ()
    adsl = data["ADSL"].set_index("USUBJID", drop=False)
    day = pd.Series(pd.Timestamp(cutoff.date), adsl.index) if cutoff.date is not None else adsl[cutoff.variable]
    absent = pd.Series(pd.NaT, adsl.index)
    consented, treated = (adsl.get(name, absent) for name in ("RFICDT", "TRTSDT"))
    came = consented.fillna(treated)
    there = frozenset(adsl.index[~(came > day)])
    dated = cutoff.dates(plan.datasets)
    kept: dict[str, pd.DataFrame] = {}
    for name, frame in data.items():
        limit = frame["USUBJID"].map(day)
        late = ~frame["USUBJID"].isin(there)
        if name == "ADTTE":
            late |= frame["STARTDT"] > limit
        elif name in dated and dated[name] in frame.columns:
            late |= frame[dated[name]] > limit
        kept[name] = _known(name, frame[~late], limit[~late], plan)
    cuts = (Cut(n, len(f) - len(kept[n]), _differing(f.loc[kept[n].index], kept[n])) for n, f in data.items())
    return kept, tuple(cuts)


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> int:
    same = (before == after) | (before.isna() & after.isna())
    return int((~same).any(axis=1).sum())


def _known(name: str, frame: pd.DataFrame, limit: pd.Series, plan: Plan) -> pd.DataFrame:
    """Return records without what was not yet known of them: dates after the cut-off, and what is told of them."""
    found = frame.copy()
    if name == "ADTTE":
        origin = plan.conventions.origin_day
        end = frame["STARTDT"] + pd.to_timedelta(frame["AVAL"] - origin, unit="D")
        ends = frame["ADT"].fillna(end) if "ADT" in frame.columns else end
        later = ends > limit
        found["AVAL"] = frame["AVAL"].where(~later, days_between(frame["STARTDT"], limit) + origin)
        found["CNSR"] = frame["CNSR"].where(~later, 1.0)
        return _emptied(_at_limit(found, "ADT", later, limit), later, ("EVNTDESC", "CNSDTDSC", "ADY"))
    for date in [c for c in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[c])]:
        later = frame[date] > limit
        if name == "ADSL" and date in _KNOWN_UNTIL:
            found = _at_limit(found, date, later, limit)
            continue
        found[date] = frame[date].where(~later)
        found = _emptied(found, later, (f"{date.removesuffix('DT')}DY",))
        if name == "ADSL" and date == "DTHDT":
            if "DTHFL" in found.columns:
                found["DTHFL"] = found["DTHFL"].where(~(later & (found["DTHFL"] == "Y")), "N")
            # Who died after the cut-off was alive on it, whenever that was last noted before.
            found = _emptied(_at_limit(found, "LSTALVDT", later, limit), later, ("DTHCAUS",))
        if name == "ADSL" and date == "TRTSDT" and "SAFFL" in found.columns:
            found["SAFFL"] = found["SAFFL"].where(~(later & (found["SAFFL"] == "Y")), "N")
    return found


def _at_limit(frame: pd.DataFrame, date: str, later: "pd.Series[bool]", limit: pd.Series) -> pd.DataFrame:
    if date not in frame.columns:
        return frame
    return frame.assign(**{date: frame[date].where(~later, limit)})


def _emptied(frame: pd.DataFrame, later: "pd.Series[bool]", names: tuple[str, ...]) -> pd.DataFrame:
    """Return a frame whose columns of some names, where it has them, are empty in some rows."""
    there = {n: frame[n].where(~later) for n in names if n in frame.columns}
    # A text that is missing is an empty one.
    return frame.assign(**{n: c.fillna("") if c.dtype.kind == "O" else c for n, c in there.items()})
