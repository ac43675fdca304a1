"""The Pandera schemas that hold a file to the plan, and its columns as numbers and dates."""

import pandas as pd
import pandera.pandas as pa

from sap.cells import is_date, is_integer, is_number, is_present, same_code
from sap.datasets import variables
from sap.variables import Dataset, Variable


def _text_checks(variable: Variable) -> list[pa.Check]:
    """Return the checks of a column as it stands in the file, as text."""
    checks: list[pa.Check] = []
    if not variable.missing:
        checks.append(pa.Check(is_present, name="present", element_wise=True))
    if variable.type == "number":
        checks.append(pa.Check(is_number, name="number", element_wise=True))
    if variable.type == "integer":
        checks.append(pa.Check(is_integer, name="integer", element_wise=True))
    if variable.type == "date":
        checks.append(pa.Check(is_date, name="date", element_wise=True))
    if variable.codelist:
        checks.append(pa.Check(lambda column: column.isin(_listed(variable, column)), name="codelist"))
    return checks


def _listed(variable: Variable, column: "pd.Series[str]") -> list[str]:
    """Return the cells of a column that are in its code list, or empty; codes that are numbers are numbers."""
    number = variable.type in {"integer", "number"}
    cells = column.unique()
    return [c for c in cells if c == "" or any(same_code(c, code, number=number) for code in variable.codelist)]


def text_schema(name: str, dataset: Dataset) -> pa.DataFrameSchema:
    """Return the schema of a file as read: every cell is text.

    Parameters
    ----------
    name : str
        Dataset name.
    dataset : Dataset
        Its entry in the plan.

    Returns
    -------
    pandera.DataFrameSchema
        Checks that each cell is present, of its type and of its code list, and that no key is repeated. Columns
        that are not described are let through.
    """
    return pa.DataFrameSchema(
        {
            v.name: pa.Column(
                str,
                _text_checks(v),
                required=v.required,
                title=v.label,
                metadata={"unit": v.unit, "type": v.type},
            )
            for v in variables(name, dataset)
        },
        name=name,
        title=dataset.title,
        strict=False,
    )


def value_schema(name: str, dataset: Dataset) -> pa.DataFrameSchema:
    """Return the schema of a dataset after its cells became numbers and dates: ranges.

    Parameters
    ----------
    name : str
        Dataset name.
    dataset : Dataset
        Its entry in the plan.

    Returns
    -------
    pandera.DataFrameSchema
        Range checks; missing cells pass, the text schema has judged them.
    """
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
    return pd.to_numeric(cells.where(cells.map(is_number)), errors="coerce").astype("float64")


def to_dates(cells: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Return dates; a cell that is none becomes missing (the text schema reports it)."""
    return pd.to_datetime(cells.where(cells.map(is_date)), format="%Y-%m-%d", errors="coerce")
