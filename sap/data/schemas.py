"""The Pandera schemas that hold a file to the plan, and its columns as numbers and dates."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import pandera.pandas as pa

from sap.data.distinct import distinct, where
from sap.model.datasets import variables
from sap.model.variables import Dataset, Variable
from sap.text.cells import is_date, is_integer, is_number, is_present, same_code


def _text_checks(variable: Variable) -> list[pa.Check]:
    """Return the checks of a column as it stands in the file, as text."""
    tests: dict[str, Callable[[str], bool]] = {}
    if not variable.missing:
        tests["present"] = is_present
    tests |= {name: test for name, test in _TYPES.items() if name == variable.type}
    if variable.codelist:
        tests["codelist"] = partial(_is_listed, variable)
    return [pa.Check(partial(_each, test=test), name=name) for name, test in tests.items()]


_TYPES: Mapping[str, Callable[[str], bool]] = {"number": is_number, "integer": is_integer, "date": is_date}


def _each(cells: "pd.Series[str]", test: Callable[[str], bool]) -> "pd.Series[bool]":
    return pd.Series(where(cells, test), cells.index)


def _is_listed(variable: Variable, cell: str) -> bool:
    """Return whether a cell is empty or in the code list; codes that are numbers are compared as numbers."""
    number = variable.type in {"integer", "number"}
    return cell == "" or any(same_code(cell, code, number=number) for code in variable.codelist)


def text_schema(name: str, dataset: Dataset) -> pa.DataFrameSchema:
    """Return the schema of a file as read, of every cell or of every distinct one: all are text."""
    return pa.DataFrameSchema(
        {
            v.name: pa.Column(
                str, _text_checks(v), required=v.required, title=v.called, metadata={"unit": v.unit, "type": v.type}
            )
            for v in variables(name, dataset)
        },
        name=name,
        title=dataset.title,
        strict=False,
    )


def value_schema(name: str, dataset: Dataset) -> pa.DataFrameSchema:
    """Return the schema of a dataset after its cells became numbers and dates: ranges."""
    columns: dict[str, pa.Column] = {}
    for v in variables(name, dataset):
        checks = []
        if v.min is not None:
            checks.append(pa.Check.ge(v.min, name="min"))
        if v.max is not None:
            checks.append(pa.Check.le(v.max, name="max"))
        if checks:
            columns[v.name] = pa.Column(float, checks, nullable=True, required=False)
    return pa.DataFrameSchema(columns, name=name, strict=False)


def to_numbers(cells: "pd.Series[str]") -> "pd.Series[float]":
    """Return numbers; a cell that is none becomes missing (the text schema reports it)."""
    codes, found = distinct(cells)
    texts = pd.Series([c if is_number(c) else None for c in found], dtype=object)
    values = pd.to_numeric(texts, errors="coerce").astype("float64")
    return pd.Series(values.to_numpy()[codes], index=cells.index)


def to_dates(cells: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Return dates; a cell that is none becomes missing (the text schema reports it)."""
    codes, found = distinct(cells)
    texts = pd.Series([c if is_date(c) else None for c in found], dtype=object)
    values = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    return pd.Series(values.to_numpy()[codes], index=cells.index)
