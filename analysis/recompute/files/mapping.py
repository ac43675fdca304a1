"""The plan's words about a file, applied to its texts: what is missing, and which texts are numbers and dates."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from analysis.recompute.files.sheet import Sheet, Wanted
from analysis.recompute.trial.cells import Cell, equals
from sap.model.datasets import READ, variables
from sap.model.variables import Dataset
from sap.plan.plan import Plan
from sap.plan.uses import named_columns

_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def columns_used(plan: Plan, name: str) -> Wanted:
    """Return which columns of a dataset are read: those that the plan or the core describe, and those it names."""
    described = {v.name for v in variables(name, plan.datasets[name])} | set(READ)
    return (described | {r.variable for r in named_columns(plan) if r.dataset == name}).__contains__


def mapped(name: str, dataset: Dataset, sheet: Sheet) -> dict[str, list[Cell]]:
    """Return the columns of a dataset as the plan means them, cell by cell."""
    types = dict(READ) | {v.name: v.kind for v in variables(name, dataset)}
    missing = dataset.missing_values or ()
    return {
        column: _each(partial(_cell, kind=types.get(column, "text"), missing=missing), texts)
        for column, texts in sheet.columns.items()
    }


def _without_midnight(texts: Sequence[str]) -> Sequence[str]:
    """Return moments that are all at midnight as days, which is what they are."""
    distinct = {text for text in texts if text}
    if not all(_DAY.match(text) and text[10:11] in {"T", " "} and set(text[11:]) <= set("0:.") for text in distinct):
        return texts
    return [text[:10] for text in texts]


def _each(made: Callable[[str], Cell], texts: Sequence[str]) -> list[Cell]:
    """Return what is made of each text; of each distinct text it is made once."""
    known = {text: made(text) for text in set(texts)}
    return [known[text] for text in texts]


def _cell(text: str, *, kind: str, missing: Collection[str]) -> Cell:
    """Return a text as what it is declared to be; one that is nothing of the kind stays a text, and is seen to."""
    cell: Cell = text or None
    if kind in {"integer", "number"} and _NUMBER.fullmatch(text):
        cell = Fraction(text)
    elif kind == "date" and _DAY.match(text):
        cell = _day(text)
    return None if any(equals(cell, word) for word in missing) else cell


def _day(text: str) -> Cell:
    """Return the day of a date, or of a moment."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text
