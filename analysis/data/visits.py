"""A subject's value at each visit of the plan, its baseline and the change from it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.data.dlt import within
from analysis.data.sets import records_where
from sap.model.clause import Comparator, Condition
from sap.model.days import days_between, days_since_treatment
from sap.model.derivations import VisitRecord, VisitValues, shift

Records = pd.DataFrame


def visit_values(adsl: pd.DataFrame, records: Records, spec: VisitValues) -> pd.DataFrame:
    """Return the value of every subject at each visit, with baseline and change; see `VisitValues`."""
    subjects = adsl["USUBJID"].reset_index(drop=True)
    kept = numbered(adsl, records, spec)
    found: dict[str, pd.Series] = {"USUBJID": subjects}
    base = None
    if spec.base is not None:
        base = subjects.map(_one(kept, adsl, spec.base, spec)["VALUE"]).astype("float64")
        found["BASE"] = _shown(base, spec)
    missed = pd.Series(0.0, subjects.index)
    for name, record in spec.visits.items():
        one = _one(kept[kept["VISITABLE"]], adsl, record, spec)
        value = subjects.map(one["VALUE"]).astype("float64")
        missed += value.isna()
        found[f"VALUE_{name}"] = _shown(value, spec)
        if base is not None and spec.categories:
            pairs = zip(_shown(base, spec), _shown(value, spec), strict=True)
            found[f"SHIFT_{name}"] = pd.Series([shift(a, b) if a and b else "" for a, b in pairs], dtype=object)
        elif base is not None:
            found[f"CHG_{name}"] = value - base
            found[f"PCHG_{name}"] = 100 * (value - base) / base.mask(base == 0)
        if record.several != "mean":
            found[f"DAY_{name}"] = subjects.map(one["DAY"]).astype("float64")
    return pd.DataFrame({**found, "MISSED": missed})


def numbered(adsl: pd.DataFrame, records: Records, spec: VisitValues) -> Records:
    """Return the records with a value that may count, with ``DAY``, and ``VALUE``: of a category its position."""
    value = records[spec.value]
    if spec.categories:
        value = value.map({category: i for i, category in enumerate(spec.categories)})
    found = records.assign(VALUE=value.astype("float64"), DAY=_days(adsl, records), VISITABLE=True)
    if spec.where is not None:
        found["VISITABLE"] = records_where(records, spec.where)
    if spec.before is not None:
        found = found[_until(adsl, found, spec.before, inclusive=False)]
    return found[found["VALUE"].notna()]


def _days(adsl: pd.DataFrame, records: Records) -> "pd.Series[float]":
    """Return days since first treatment, by the date of a record, else by its study day."""
    days = pd.Series(np.nan, records.index)
    if "ADT" in records.columns and "TRTSDT" in adsl.columns:
        start = records["USUBJID"].map(adsl.drop_duplicates("USUBJID").set_index("USUBJID")["TRTSDT"])
        days = days_between(pd.to_datetime(start), records["ADT"])
    return days.fillna(days_since_treatment(records["ADY"])) if "ADY" in records.columns else days


def _until(adsl: pd.DataFrame, records: Records, variable: str, *, inclusive: bool) -> "pd.Series[bool]":
    """Return which records lie before a date of ADSL, or on it; all of a subject without one."""
    dates = adsl.drop_duplicates("USUBJID").set_index("USUBJID")
    last = records["USUBJID"].map(days_between(dates["TRTSDT"], dates[variable]))
    return last.isna() | ((records["DAY"] <= last) if inclusive else (records["DAY"] < last))


def standing_for(kept: Records, adsl: pd.DataFrame, record: VisitRecord, spec: VisitValues) -> Records:
    """Return the records that may stand for a visit, or for the baseline, in the order in which they are chosen."""
    found = kept
    if record.visit is not None:
        named = Condition(dataset=spec.dataset, variable=spec.by, comparator=Comparator.EQ, value=(record.visit,))
        found = found[records_where(found, named)]
    if record.where is not None:
        found = found[records_where(found, record.where)]
    if record.window is not None:
        found = found[within(found["DAY"], record.window)]
    if record.until is not None:
        found = found[_until(adsl, found, record.until, inclusive=True)]
    return found.sort_values(["USUBJID", "DAY"], kind="stable")


def repeated(adsl: pd.DataFrame, records: Records, spec: VisitValues) -> Iterator[tuple[str, Records]]:
    """Yield the visits for which several records of a subject may stand and nothing says which, with these records."""
    kept = numbered(adsl, records, spec)
    visits = [(spec.title(name), kept[kept["VISITABLE"]], v) for name, v in spec.visits.items()]
    for title, own, record in [*visits, *([("the baseline", kept, spec.base)] if spec.base is not None else [])]:
        if record.several is None:
            found = standing_for(own, adsl, record, spec)
            again = found[found["USUBJID"].duplicated(keep=False)]
            if len(again):
                yield title, again


def _one(kept: Records, adsl: pd.DataFrame, record: VisitRecord, spec: VisitValues) -> pd.DataFrame:
    """Return the value and the day that stand for a visit, by subject."""
    found = standing_for(kept, adsl, record, spec)
    match record.several:
        case "mean":
            return found.groupby("USUBJID")[["VALUE", "DAY"]].mean()
        case "last":
            # A record without a day comes before those that have one.
            found = found.sort_values(["USUBJID", "DAY"], kind="stable", na_position="first")
            return found.drop_duplicates("USUBJID", keep="last").set_index("USUBJID")
        case "highest" | "lowest":
            found = found.sort_values("VALUE", kind="stable", ascending=record.several == "lowest")
        case "nearest":
            away = (found["DAY"] - (record.target or 0)).abs()
            day = found["DAY"] if record.ties == "earlier" else -found["DAY"]
            found = found.assign(AWAY=away, LATER=day).sort_values(["AWAY", "LATER"], kind="stable")
    return found.drop_duplicates("USUBJID").set_index("USUBJID")


def _shown(values: "pd.Series[float]", spec: VisitValues) -> "pd.Series":
    """Return values as they are shown: of a category its word."""
    if not spec.categories:
        return values
    return values.map(dict(enumerate(spec.categories))).astype(object).fillna("")
