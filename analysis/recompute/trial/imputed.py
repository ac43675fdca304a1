"""Dates imputed by the second route: of a partial date every day that it may have been is listed, and one is taken."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from analysis.recompute.trial.cells import Cell
from sap.model.datasets import variables
from sap.model.imputation import Imputation
from sap.plan.plan import Plan

Columns = Mapping[str, Sequence[Cell]]
"""The columns of a dataset, cell by cell."""
Fields = tuple[int | None, int | None, int | None]
"""Year, month and day; None for one that is not known."""
_TIME: Final = re.compile(r"[T ]\d\d(:.*)?$")
_PIECE: Final = re.compile(r"(\d+|[A-Z]+|-)[-/ ]?")
_MONTHS: Final = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"


def imputed(plan: Plan, datasets: Mapping[str, Columns]) -> dict[str, dict[str, Sequence[Cell]]]:
    """Return the datasets with imputed dates and their flags, in the order in which one holds the other."""
    found: dict[str, dict[str, Sequence[Cell]]] = {name: dict(columns) for name, columns in datasets.items()}
    for name in sorted(found, key=lambda name: name != "ADSL"):
        own = found[name]
        for v in variables(name, plan.datasets[name]):
            if v.impute is not None and v.name in own:
                held = [_held(names, own, found.get("ADSL", {})) for names in (v.impute.not_before, v.impute.not_after)]
                made = [_made(v.impute, *of) for of in zip(own[v.name], *held, strict=True)]
                flags = own.get(v.flag, [None] * len(made))
                own[v.name] = [cell for cell, _ in made]
                own[v.flag] = [new or old for (_, new), old in zip(made, flags, strict=True)]
    return found


def _held(names: tuple[str, ...], own: Columns, adsl: Columns) -> list[list[date]]:
    """Return the dates that hold another one, record by record."""
    columns = [own[name] for name in names if name in own]
    for name in names:
        if name not in own and name in adsl:
            of = dict(reversed([*zip(adsl["USUBJID"], adsl[name], strict=True)]))
            columns.append([of.get(subject) for subject in own["USUBJID"]])
    return [[d for d in dates if isinstance(d, date)] for dates in zip(*columns, strict=True)] or [
        [] for _ in own["USUBJID"]
    ]


def _made(rule: Imputation, cell: Cell, lows: list[date], highs: list[date]) -> tuple[Cell, str | None]:
    """Return a cell with its flag; one of which nothing says what it becomes is missing."""
    if isinstance(cell, date) or (cell is None and rule.year is None):
        return cell, None
    fields = split_date(str(cell)) if cell is not None else (None, None, None)
    if fields is None:
        return cell, None
    year, month, day = fields
    flag = "Y" if year is None else "M" if month is None else "D" if day is None else None
    if year is None:
        pivot = {None: [], "first": sorted(lows)[-1:], "last": sorted(highs)[:1]}[rule.year]
        days = [date.min, *pivot, date.max] if pivot else []
        return (_within(pivot[0], days, lows, highs), flag) if pivot else (None, None)
    if month is None and rule.month is None:
        return None, None
    days = [d for d in _year(year) if month in {None, d.month} and (month is None or day in {None, d.day})]
    return _within(_one_of(days, rule, flag), days, lows, highs), flag


def _year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [*takewhile(lambda d: d.year == year, (first + timedelta(days=i) for i in range(366)))]


def _one_of(days: list[date], rule: Imputation, flag: str | None) -> date:
    """Return the day of a list that a rule names."""
    if flag == "M":
        months = sorted({d.month for d in days})
        chosen = {"first": months[0], "last": months[-1], "mid": months[(len(months) - 1) // 2]}[rule.month or "first"]
        days = [d for d in days if d.month == chosen]
        if rule.month == rule.day == "mid":
            return days[-1]
    middle = next((d for d in days if d.day == 15), days[0])
    return {"first": days[0], "last": days[-1], "mid": middle}[rule.day]


def _within(chosen: date, days: list[date], lows: list[date], highs: list[date]) -> date:
    """Return the day moved up to the latest of the dates that hold it from below, then down to the earliest above."""
    for low in lows:
        if days[0] <= low <= days[-1]:
            chosen = max(chosen, low)
    for high in highs:
        if days[0] <= high <= days[-1]:
            chosen = min(chosen, high)
    return chosen


def split_date(cell: str) -> Fields | None:
    """Return the parts of a date as a cell has them; None of what is none.

    The year comes first, or last behind a month that is named; a hyphen, or letters that name no month, are a part that
    is not known.
    """
    text = _TIME.sub("", cell.upper())
    pieces = _PIECE.findall(text)
    if not 1 <= len(pieces) <= 3:
        return None
    if len(pieces[0]) != 4 and pieces[0] != "-":
        pieces.reverse()
    year, month, day = (_number(piece) for piece in [*pieces, "", ""][:3])
    return year, month, day


def _number(piece: str) -> int | None:
    if piece.isdigit():
        return int(piece)
    at = _MONTHS.find(piece) if len(piece) == 3 else -1
    return at // 3 + 1 if at >= 0 and at % 3 == 0 else None
