"""The records of a synthetic dataset as its file would hold them: the plan's mapping, the other way round."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from analysis.data.columns.mapping import times
from sap.model.datasets import variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.text.cells import is_number

Row = Mapping[str, str]


def as_in_file(name: str, dataset: Dataset, rows: Sequence[Row]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the columns of a file and its rows, such that what the plan maps from them are these records."""
    columns: dict[str, Variable] = {}
    for v in variables(name, dataset):
        # Of two variables that are one column, the mapped one says what stands in it.
        if v.source is not None or v.name not in columns:
            columns[v.source or v.name] = v
    return list(columns), ([_cell(dataset, v, row) for v in columns.values()] for row in rows)


def _cell(dataset: Dataset, variable: Variable, row: Row) -> str:
    cell = row[variable.name]
    parameter = dataset.parameters.get(row.get("PARAMCD", ""))
    if parameter is not None:
        if variable.name == "PARAMCD":
            cell = parameter.source or cell
        elif variable.name == "AVALC":
            cell = _code(cell, parameter)
        elif variable.name in {"AVAL", "LLOQ"}:
            cell = _value(cell, parameter.unit_factor)
    return _value(_code(cell, variable), variable.unit_factor)


def _code(cell: str, of: Variable | Parameter) -> str:
    """Return the code of the file for one of the plan."""
    return next((old for old, new in of.recode.items() if new == cell and not old.startswith(".")), cell)


def _value(cell: str, factor: Fraction | None) -> str:
    return cell if factor is None or not cell or not is_number(cell) else times(cell, 1 / factor)
