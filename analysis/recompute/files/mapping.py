"""The plan's words about a file, applied to its texts: names, what is missing, codes, units, numbers and dates."""

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final, TypeVar

from analysis.recompute.files.sheet import Asked, Sheet
from analysis.recompute.trial.cells import Cell, equals, record_meets
from sap.model.clause import WhereClause, conditions
from sap.model.datasets import READ, variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.plan.plan import Plan
from sap.plan.uses import named_columns

X = TypeVar("X", bound=Hashable)
Y = TypeVar("Y")
Columns = dict[str, list[Cell]]
"""The columns of a dataset by the names of the plan, cell by cell."""
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE: Final = re.compile(r"0[0-9]+")
_HOURS: Final[Mapping[str, Fraction | int]] = {
    "hour": 1,
    "day": 24,
    "week": 7 * 24,
    "month": Fraction("30.4375") * 24,
    "year": Fraction("365.25") * 24,
}
"""Units of time in hours."""
_SHORT: Final[Mapping[str, str]] = {
    "h": "hour",
    "d": "day",
    "w": "week",
    "wk": "week",
    "mo": "month",
    "mth": "month",
    "y": "year",
    "yr": "year",
}


@dataclass(frozen=True)
class _Said:
    """What the plan says of the cells of a column."""

    kind: str | None
    """What they are; None where the plan does not say it, and their texts do."""
    missing: Collection[str]
    recode: Mapping[str, str]
    factor: Fraction


def asked_of(plan: Plan, name: str, names: Sequence[str], subjects: frozenset[str]) -> Asked:
    """Return what is read of a file: the columns that the plan or the core describe, and those that the plan names."""
    described = variables(name, plan.datasets[name])
    used = {v.name for v in described} | set(READ) | {r.variable for r in named_columns(plan) if r.dataset == name}
    in_file = {v.name: v.source for v in described if v.source is not None}
    recoded = any(v.recode for v in described if v.name == "USUBJID")
    kept = frozenset() if recoded else subjects
    return Asked({in_file.get(n, n) for n in used}.__contains__, names, in_file.get("USUBJID", "USUBJID"), kept)


def mapped(name: str, dataset: Dataset, sheet: Sheet) -> Columns:
    """Return the columns of a dataset as the plan means them, cell by cell."""
    known = {v.name: v for v in variables(name, dataset)}
    taken = {v.source for v in known.values() if v.source is not None} - set(known)
    found: Columns = {}
    for column in (
        *(c for c in sheet.columns if c not in taken),
        *(n for n, v in known.items() if v.source is not None),
    ):
        variable = known.get(column)
        source = variable.source or column if variable is not None else column
        if source in sheet.columns:
            said = _said(dataset, variable, READ.get(column, "text"))
            found[column] = _column(_without_midnight(sheet.columns[source]), sheet.special.get(source, {}), said)
    return _of_parameters(dataset, found)


def kept(columns: Mapping[str, Sequence[Cell]], clause: WhereClause | None) -> list[int] | None:
    """Return the positions of the records that are read; None where all are."""
    if clause is None or not {c.variable for c in conditions(clause)} <= set(columns):
        return None
    records = zip(*columns.values(), strict=True)
    return [i for i, cells in enumerate(records) if record_meets(dict(zip(columns, cells, strict=True)), clause)]


def _said(dataset: Dataset, variable: Variable | None, kind: str) -> _Said:
    missing = dataset.missing_values or ()
    if variable is None:
        return _Said(kind, missing, {}, Fraction(1))
    return _Said(variable.type, missing, _bare(variable.recode), _factor(variable))


def _column(texts: Sequence[str], letters: Mapping[int, str], said: _Said) -> list[Cell]:
    """Return the cells of a column: words for missing and codes first, then what the texts stand for, then the unit."""
    cleaned = _each(partial(_cleaned, said=said), texts)
    for at, letter in letters.items():
        cleaned[at] = said.recode.get(letter, cleaned[at])
    kind = said.kind or _told(set(cleaned))
    cells = _each(partial(_cell, kind=kind), cleaned)
    return cells if said.factor == 1 else _each(partial(_times, factor=said.factor), cells)


def _each(made: Callable[[X], Y], cells: Sequence[X]) -> list[Y]:
    """Return what is made of each cell; of each distinct one it is made once."""
    known = {cell: made(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _cleaned(text: str, said: _Said) -> str:
    cell = _cell(text, kind=said.kind or "text")
    text = "" if any(equals(cell, word) for word in said.missing) else text
    return said.recode.get(_whole(text), text)


def _bare(recode: Mapping[str, str]) -> dict[str, str]:
    return {_whole(old): new for old, new in recode.items()}


def _whole(text: str) -> str:
    """Return a whole number without the decimals that say nothing; any other text as it is."""
    before, point, after = text.partition(".")
    return before if point and before.lstrip("+-").isdigit() and not after.strip("0") else text


def _told(texts: Collection[str]) -> str:
    """Return what texts are of which the plan does not say it: all dates, or all numbers and no codes as 007."""
    filled = [text for text in texts if text]
    if not filled or any(_CODE.fullmatch(text) for text in filled):
        return "text"
    if all(_DAY.fullmatch(text) and isinstance(_day(text), date) for text in filled):
        return "date"
    return "number" if all(_NUMBER.fullmatch(text) for text in filled) else "text"


def _cell(text: str, *, kind: str) -> Cell:
    """Return a text as what it is declared to be; one that is nothing of the kind stays a text, and is seen to."""
    if kind in {"integer", "number"} and _NUMBER.fullmatch(text):
        return Fraction(text)
    return _day(text) if kind == "date" and _DAY.match(text) else text or None


def _day(text: str) -> Cell:
    """Return the day of a date, or of a moment."""
    try:
        return date.fromisoformat(text[:10]) if text[10:11] in {"", "T", " "} else text
    except ValueError:
        return text


def _without_midnight(texts: Sequence[str]) -> Sequence[str]:
    """Return moments that are all at midnight as days, which is what they are."""
    distinct = {text for text in texts if text}
    if not all(_DAY.match(text) and text[10:11] in {"T", " "} and set(text[11:]) <= set("0:.") for text in distinct):
        return texts
    return [text[:10] for text in texts]


def _factor(of: Variable | Parameter) -> Fraction:
    """Return by what a number of the file is multiplied."""
    if of.factor is not None:
        return Fraction(str(of.factor))
    return Fraction(1) if of.source_unit is None else _hours(of.source_unit) / _hours(of.unit or "")


def _hours(unit: str) -> Fraction:
    if unit.strip().lower().startswith("min"):
        return Fraction(1, 60)
    word = unit.strip().lower().removesuffix("(s)").rstrip("s")
    return Fraction(_HOURS[_SHORT.get(word, word)])


def _times(cell: Cell, *, factor: Fraction) -> Cell:
    return cell * factor if isinstance(cell, Fraction) else cell


def _of_parameters(dataset: Dataset, columns: Columns) -> Columns:
    """Return the records under the plan's codes of their parameters, with their values recoded and in its units."""
    if "PARAMCD" not in columns:
        return columns
    codes = _bare({p.source: code for code, p in dataset.parameters.items() if p.source is not None})
    found = {**columns, "PARAMCD": [codes.get(_whole(str(cell)), cell) for cell in columns["PARAMCD"]]}
    for code, parameter in dataset.parameters.items():
        recode, factor = _bare(parameter.recode), _factor(parameter)
        changes: dict[str, Callable[[Cell], Cell]] = {"AVALC": partial(_recoded, recode=recode)} if recode else {}
        changes |= {} if factor == 1 else dict.fromkeys(("AVAL", "LLOQ"), partial(_times, factor=factor))
        for name in changes.keys() & found.keys():
            pairs = zip(found["PARAMCD"], found[name], strict=True)
            found[name] = [changes[name](cell) if of == code else cell for of, cell in pairs]
    return found


def _recoded(cell: Cell, *, recode: Mapping[str, str]) -> Cell:
    return recode.get(_whole(str(cell or "")), cell)
