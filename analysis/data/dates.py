"""Dates as texts made whole: without times of day, and imputed as the plan says, each with its flag."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import pandas as pd

from sap.data.distinct import as_objects, distinct, rewritten, where
from sap.data.failures import Failure
from sap.model.datasets import READ, variables
from sap.model.imputation import Imputation
from sap.model.variables import Dataset, Variable
from sap.plan.plan import Plan
from sap.text.cells import is_date
from sap.text.dates import PartialDate, collected, without_time

Texts = Mapping[str, pd.DataFrame]
_LACKS: Final = {"D": "day", "M": "month", "Y": "year"}
_NOTHING: Final = PartialDate(None, None, None)


def whole_dates(plan: Plan, texts: Texts) -> tuple[dict[str, pd.DataFrame], tuple[Failure, ...]]:
    """Return the datasets with whole dates, and what was imputed; what is no date stays for the check of cells."""
    found = {name: _without_times(name, plan.datasets[name], text) for name, text in texts.items()}
    told: list[Failure] = []
    for name in sorted(found, key=lambda name: name != "ADSL"):  # other datasets' dates are held by those of ADSL
        for v in variables(name, plan.datasets[name]):
            if v.impute is not None and v.name in found[name].columns:
                cells, flags = _imputed(v.impute, v.name, found[name], found.get("ADSL"))
                told += _told(name, v, v.impute, found[name][v.name], flags)
                own = found[name].get(v.flag, pd.Series("", cells.index, dtype=object))
                if not v.missing:  # what cannot be imputed is refused as it stands
                    cells = cells.where(cells != "", as_objects(found[name][v.name]))
                flag = flags.where(flags != "", as_objects(own))
                found[name] = found[name].assign(**{v.name: cells, v.flag: flag})
    return found, tuple(told)


def _without_times(name: str, dataset: Dataset, text: pd.DataFrame) -> pd.DataFrame:
    types = dict(READ) | {v.name: v.type for v in variables(name, dataset)}
    dates = [c for c in text.columns if types.get(c) == "date"]
    timed = {c: {cell: without_time(cell) for cell in distinct(text[c])[1]} for c in dates}
    changed = {c: {cell: day for cell, day in of.items() if cell != day} for c, of in timed.items()}
    return text.assign(**{c: rewritten(text[c], of) for c, of in changed.items() if of})


def _imputed(
    rule: Imputation, name: str, text: pd.DataFrame, adsl: pd.DataFrame | None
) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """Return the cells of a column as the plan imputes them, and the flag of each; empty where nothing says how."""
    cells = as_objects(text[name]).copy()
    flags = pd.Series("", cells.index, dtype=object)
    rows = cells.index[where(cells, lambda cell: _lacking(cell, rule) is not None)]
    lows, highs = (_bounds(names, text.loc[rows], adsl) for names in (rule.not_before, rule.not_after))
    for row, low, high in zip(rows, lows, highs, strict=True):
        partial = _lacking(str(cells[row]), rule) or _NOTHING
        day = rule.whole(partial, low, high)
        cells[row] = "" if day is None else day.isoformat()
        flags[row] = "" if day is None else partial.lacks or ""
    return cells, flags


def _lacking(cell: str, rule: Imputation) -> PartialDate | None:
    """Return a date of which a part is not known; an empty cell is one where the rule says what becomes of it."""
    if cell == "":
        return _NOTHING if rule.year is not None else None
    found = collected(cell)
    return found if found is not None and (found.lacks is not None or not is_date(cell)) else None


def _bounds(names: tuple[str, ...], text: pd.DataFrame, adsl: pd.DataFrame | None) -> list[tuple[date, ...]]:
    """Return, record by record, the dates that hold another one: those of the record, else those of the subject."""
    found: list[list[date]] = [[] for _ in text.index]
    for name in names:
        cells: Iterable[str] = ()
        if name in text.columns:
            cells = text[name]
        elif adsl is not None and {"USUBJID", name} <= set(adsl.columns) and "USUBJID" in text.columns:
            of = dict(zip(adsl["USUBJID"][::-1], adsl[name][::-1], strict=True))
            cells = (of.get(subject, "") for subject in text["USUBJID"])
        for own, cell in zip(found, cells, strict=False):
            if cell and is_date(cell):
                own.append(date.fromisoformat(cell))
    return [tuple(own) for own in found]


def _told(
    name: str, v: Variable, rule: Imputation, before: "pd.Series[str]", flags: "pd.Series[str]"
) -> Iterator[Failure]:
    """Yield how many dates were imputed, and how many stay missing because nothing says how."""
    counts = Counter(f for f in flags if f)
    if counts:
        parts = ", ".join(f"{counts[f]} without {'their' if counts[f] > 1 else 'its'} {_LACKS[f]}" for f in counts)
        what = f"{v.label}: {counts.total()} of {len(flags)} dates were imputed as the plan says ({parts})."
        fix = f"Nothing need be done: {v.flag} says which part of each."
        yield Failure(name, 0, "", v.name, "imputed", "", what, fix, "warning")
    cells = as_objects(before)
    beyond = where(cells, lambda cell: (partial := collected(cell)) is not None and not rule.covers(partial))
    rows = [int(row) for row in cells.index[beyond]]
    if rows and v.missing:
        shown = "; ".join(f"row {r}, '{cells[r]}'" for r in rows[:3])
        what = f"{v.label}: the plan does not say how to impute {len(rows)} of the partial dates ({shown})."
        fix = "They are missing values; to impute them as well, say month, or year, under impute."
        yield Failure(name, rows[0], "", v.name, "partial", str(cells[rows[0]]), what, fix, "warning")
