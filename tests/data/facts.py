"""Look a published fact up in the study data: the checks of data/published.yml, evaluated on the CSV files.

Written on its own, without the package: a mistake there cannot hide here.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pandas as pd
import yaml

DATA = Path(__file__).parents[2] / "data"
DATASETS = ("ADSL", "ADAE", "ADRS", "ADTTE", "ADCK", "ADLB", "ADEX", "ADDV")
STARTED = ("ADAE", "ADEX")
"""Datasets whose records begin and end."""
RESPONSE_ORDER = ("CR", "CRi", "PR", "NR")
NUMBERS = [
    *("AGE", "DOSE", "PRLINES", "CLL1PCT", "INFEFF", "LDDAYS", "CYCUM", "FLUCUM"),
    *("ATOXGR", "ASTDY", "AENDY", "AVAL", "CNSR", "LLOQ", "ADY", "EXDOSE"),
]
CHECK_KEYS = {"dataset", "variable", "statistic", "where", "versus", "equals", "min", "max", "note"}


@dataclass(frozen=True)
class Outcome:
    """What a check asked for and what the data gave."""

    expected: str
    actual: object
    holds: bool


def facts():
    """Read the published facts."""
    return yaml.safe_load((DATA / "published.yml").read_text(encoding="utf-8"))["facts"]


def read(folder=DATA):
    """Read the datasets: text stays text and empty cells stay empty, numbers are numbers."""
    return {
        name: _typed(pd.read_csv(folder / f"{name.lower()}.csv", dtype=str, keep_default_na=False)) for name in DATASETS
    }


def _typed(frame):
    return frame.assign(**{c: pd.to_numeric(frame[c]) for c in NUMBERS if c in frame})


def _days(later, earlier):
    return (pd.to_datetime(later.replace("", None)) - pd.to_datetime(earlier)).dt.days


def with_derived(data):
    """Return the datasets with every subject's ADSL and derived variables on each of its rows."""
    subjects = data["ADSL"].set_index("USUBJID", drop=False)
    subjects.index.name = None
    start = subjects["TRTSDT"]
    rows = {
        name: frame.assign(DAY=_days(frame["ASTDT" if name in STARTED else "ADT"], frame["USUBJID"].map(start)))
        for name, frame in data.items()
        if name != "ADSL"
    }
    subjects = subjects.assign(**_derived(subjects, rows))
    return {"ADSL": subjects.reset_index(drop=True)} | {
        name: frame.merge(subjects.drop(columns="STUDYID").reset_index(drop=True), on="USUBJID", validate="m:1")
        for name, frame in rows.items()
    }


def _derived(subjects, rows):
    hsct_day = _days(subjects["HSCTDT"], subjects["TRTSDT"])
    response = rows["ADRS"].query("PARAMCD == 'OVRLRESP'").sort_values("DAY")
    limit = response["USUBJID"].map(hsct_day).fillna(float("inf"))
    rank = response[response["DAY"] < limit].assign(rank=lambda r: r["AVALC"].map(RESPONSE_ORDER.index))
    cart = rows["ADCK"].query("PARAMCD == 'CARTPCT' and AVAL.notna()").sort_values("DAY")
    peak = cart.sort_values("AVAL", ascending=False, kind="stable").groupby("USUBJID").first()
    crs = rows["ADAE"][rows["ADAE"]["AEDECOD"] == "Cytokine release syndrome"]
    return {
        "OSDAYS": rows["ADTTE"].query("PARAMCD == 'OS'").set_index("USUBJID")["AVAL"],
        "HSCTDAY": hsct_day,
        "HSCTDTH": _days(subjects["DTHDT"], subjects["HSCTDT"].replace("", None)),
        "BOR": rank.groupby("USUBJID")["rank"].min().map(lambda r: RESPONSE_ORDER[int(r)]),
        "LASTRSP": response.groupby("USUBJID")["AVALC"].last(),
        "CRSGR": crs.groupby("USUBJID")["ATOXGR"].max(),
        "PEAK": peak["AVAL"],
        "TPEAK": peak["DAY"],
        **_cytokine(rows["ADLB"], "IL6", "IL6"),
        **_cytokine(rows["ADLB"], "CRP", "CRP"),
        **_cytokine(rows["ADLB"], "FERRITIN", "FER"),
    }


def _cytokine(labs, paramcd, stem):
    own = labs[labs["PARAMCD"] == paramcd].sort_values("DAY")
    before = own[own["DAY"] < 0].groupby("USUBJID")["AVAL"].last()
    highest = own[own["DAY"] > 0].groupby("USUBJID")["AVAL"].max()
    return {f"{stem}PEAK": highest, f"{stem}RATIO": highest / before}


def selects(frame, clause):
    """Return which rows a where-clause means."""
    if clause is None:
        return pd.Series(True, index=frame.index)
    if "and" in clause:
        return pd.concat([selects(frame, c) for c in clause["and"]], axis=1).all(axis=1)
    if "or" in clause:
        return pd.concat([selects(frame, c) for c in clause["or"]], axis=1).any(axis=1)
    if "not" in clause:
        return ~selects(frame, clause["not"])
    return _compare(frame[clause["variable"]], clause["comparator"], clause["value"])


def _compare(column, comparator, value):
    match comparator:
        case "EQ" | "IN":
            return column.isin(value)
        case "NE" | "NOTIN":
            return ~column.isin(value)
        case "GT":
            return column > value[0]
        case "GE":
            return column >= value[0]
        case "LT":
            return column < value[0]
        case "LE":
            return column <= value[0]
    raise ValueError(f"unknown comparator {comparator}")


def exact_rank_p(one, other):
    """Return the exact two-sided p of the rank sum: how often it lies at least as far from its mean, over all splits."""
    ranks = pd.concat([one, other]).rank().tolist()
    expected = len(one) * (len(ranks) + 1) / 2
    seen = abs(sum(ranks[: len(one)]) - expected)
    sums = [abs(sum(split) - expected) for split in combinations(ranks, len(one))]
    return sum(s >= seen - 1e-9 for s in sums) / len(sums)


def compute(data, check):
    """Return the statistic a check names."""
    frame = data[check["dataset"]]
    rows = frame[selects(frame, check.get("where"))]
    values = rows[check["variable"]] if "variable" in check else rows["USUBJID"]
    match check["statistic"]:
        case "count_subjects":
            return rows["USUBJID"].nunique()
        case "subjects":
            return sorted(rows["SUBJID"].unique())
        case "n":
            return int(values.notna().sum())
        case "value":
            return values.item()
        case "median" | "min" | "max" as name:
            return float(getattr(values, name)())
        case "median_difference":
            return float(values.median() - _versus(frame, check).median())
        case "exact_rank_p":
            return exact_rank_p(values, _versus(frame, check))
    raise ValueError(f"unknown statistic {check['statistic']}")


def _versus(frame, check):
    return frame.loc[selects(frame, check["versus"]), check["variable"]]


def evaluate(data, check):
    """Return whether the data (with derived variables) hold what a check asks for."""
    actual = compute(data, check)
    if "equals" in check:
        expected = check["equals"]
        same = abs(actual - expected) < 1e-9 if isinstance(expected, int | float) else actual == expected
        return Outcome(f"= {expected}", actual, bool(same))
    low, high = check.get("min", float("-inf")), check.get("max", float("inf"))
    return Outcome(f"in [{low}, {high}]", actual, bool(low <= actual <= high))
