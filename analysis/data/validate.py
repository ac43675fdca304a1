"""One dataset held to its schema: types, code lists, keys and ranges, each failure with its row and subject."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from analysis.data import cures
from analysis.data.cures import Words
from sap.data.distinct import as_objects, distinct, holding, where
from sap.data.failures import Failure, Severity, each
from sap.data.schemas import text_schema, to_dates, to_numbers, value_schema
from sap.model.datasets import READ, key, variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.text.cells import TURNING, UNSEEN, is_present, named, plain

_BREAK = re.compile(r"[\t\n]")


def failures_within(
    name: str, dataset: Dataset, text: pd.DataFrame, typed: pd.DataFrame, words: Words = MappingProxyType({})
) -> list[Failure]:
    """Return every failure of one dataset by itself."""
    if text.empty:
        told_empty = "The file has a header and no rows."
        fix = "Add the rows, or expect what needs them to be not estimable."
        return [
            *_cell_failures(name, dataset, text, words),
            Failure(name, 0, "", "", "empty", "", told_empty, fix, "warning"),
        ]
    unseen = _unseen(name, dataset, text)
    marred = {(f.row, f.column) for f in unseen if f.severity == "error"}
    found = _parameter_failures(name, dataset, typed, text, words)
    of_parameters = [f for f in found if (f.row, f.column) not in marred]
    # What a parameter allows is the narrower statement: a cell is not told twice.
    told = {(f.row, f.column) for f in of_parameters if f.rule == "range"}
    return [
        *unseen,
        *(f for f in _cell_failures(name, dataset, text, words) if (f.row, f.column) not in marred),
        *_repeated_keys(name, dataset, text),
        *(f for f in _range_failures(name, dataset, typed, text) if (f.row, f.column) not in told),
        *of_parameters,
    ]


def typed_cells(name: str, dataset: Dataset, text: pd.DataFrame) -> pd.DataFrame:
    """Return a dataset with numbers and dates in place of their text; what is neither becomes missing."""
    types = dict(READ) | {v.name: v.kind for v in variables(name, dataset)}
    columns: dict[str, pd.Series] = {}
    for column in text.columns:
        kind = types.get(column, "text")
        if kind in {"integer", "number"}:
            columns[column] = to_numbers(text[column])
        elif kind == "date":
            columns[column] = to_dates(text[column])
        else:
            columns[column] = as_objects(text[column])
    return pd.DataFrame(columns, index=text.index, copy=False)


Case = tuple[str, str, Any]
"""A column, the check that it fails, and a cell by which it does (of a missing column, the check alone)."""


def _cases(schema: pa.DataFrameSchema, distinct_cells: Mapping[str, list[Any]]) -> list[Case]:
    """Return the cells that break a schema. It is held to each distinct cell of a column once.

    The shorter columns are filled up with a cell they have: what is true of every distinct cell is true of the column.
    """
    longest = max(map(len, distinct_cells.values()), default=0)
    filled = {name: [*cells, *cells[:1] * (longest - len(cells))] for name, cells in distinct_cells.items()}
    try:
        schema.validate(pd.DataFrame(filled), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["column", "check", "failure_case"]).to_dict("records")
        return [(str(c["column"]), str(c["check"]), c["failure_case"]) for c in cases]
    return []


def _cell_failures(name: str, dataset: Dataset, text: pd.DataFrame, words: Words) -> list[Failure]:
    known = {v.name: v for v in variables(name, dataset)}
    failures: list[Failure] = []
    schema = text_schema(name, dataset)
    cells = {c: distinct(text[c])[1] for c in text.columns if c in known}
    broken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for column, check, cell in _cases(schema, cells):
        if check == "column_in_dataframe":
            failures.append(missing_column(name, known[str(cell)], text))
        else:
            broken[column, check].append(str(cell))
    for (column, check), wrong in broken.items():
        fix = cures.of_codes(name, known[column], wrong) if check == "codelist" and len(wrong) > cures.FEW else ""
        tell = partial(_of_cell, (name, dataset, known[column], check), text, words, fix)
        failures.extend(each(holding(text[column], wrong), tell))
    return failures


def _of_cell(
    of: tuple[str, Dataset, Variable, str], text: pd.DataFrame, words: Words, of_all: str, row: int
) -> Failure:
    name, dataset, variable, check = of
    cell = str(text.loc[row, variable.name])
    message, fix = cures.of_cell(name, dataset, variable, check, cell)
    if cell in words.get(variable.name, ()):
        fix = cures.of_word(name, variable, words)
    return Failure(name, row, _subject(text, row), variable.name, check, cell, message, of_all or fix)


def missing_column(name: str, variable: Variable, text: pd.DataFrame, why: str = "") -> Failure:
    """Return that a file lacks a column; where it has the same name in other letters, that is what to mend."""
    likely = next((c for c in text.columns if str(c).upper() == variable.name), None)
    message = f"The column {variable.name} ({variable.called}) is missing{why}."
    return Failure(name, 0, "", variable.name, "column", "", message, cures.of_column(name, variable, likely, why))


def _subject(frame: pd.DataFrame, row: int) -> str:
    return str(frame.loc[row, "USUBJID"]) if "USUBJID" in frame.columns else ""


def _unseen(name: str, dataset: Dataset, text: pd.DataFrame) -> list[Failure]:
    """Return the texts with characters that a reader cannot see; a line break is one, and is printed as a blank."""
    failures: list[Failure] = []
    for variable in variables(name, dataset):
        if variable.type != "text" or variable.name not in text.columns:
            continue
        rows = text.index[where(text[variable.name], lambda cell: _character(cell) is not None)]
        failures.extend(each(rows, partial(_of_character, name, variable, text)))
    return failures


def _character(cell: str) -> re.Match[str] | None:
    return UNSEEN.search(cell) or _BREAK.search(cell)


def _of_character(name: str, variable: Variable, text: pd.DataFrame, row: int) -> Failure:
    cell = str(text.loc[row, variable.name])
    found = _character(cell)
    character, at = (found[0], found.start() + 1) if found else ("", 0)
    place = f"{variable.called} holds the character {named(character)}, at position {at}"
    message, fix = f"{place}, which no page can show.", "Remove it."
    if TURNING.match(character):
        message, fix = f"{place}, which turns the text around it.", "Remove it, unless the language needs it."
    elif _BREAK.match(character):
        message, fix = f"{place}: it is printed as a blank.", "Write the text in one line."
    severity: Severity = "error" if fix == "Remove it." else "warning"
    return Failure(name, row, _subject(text, row), variable.name, "character", cell, message, fix, severity)


def _repeated_keys(name: str, dataset: Dataset, text: pd.DataFrame) -> list[Failure]:
    columns = [c for c in key(name, dataset) if c in text.columns]
    if not columns or len(columns) < len(key(name, dataset)):
        return []
    again = text.duplicated(columns, keep="first")
    # A record without a part of its key cannot be told to be another's twin.
    for c in columns:
        again &= where(text[c], is_present)
    repeated = text.index[again]
    if repeated.empty:
        return []
    fix = cures.of_key(name, dataset, text)
    first = text[columns].drop_duplicates().reset_index().set_index(columns)["row"]

    def tell(row: int) -> Failure:
        cells = tuple(str(text.loc[row, c]) for c in columns)
        stands = first[cells if len(cells) > 1 else cells[0]]
        message = f"The same {' + '.join(columns)} stands in row {stands} already."
        return Failure(name, row, _subject(text, row), columns[-1], "key", " / ".join(cells), message, fix)

    return list(each(repeated, tell))


def _range_failures(name: str, dataset: Dataset, typed: pd.DataFrame, text: pd.DataFrame) -> list[Failure]:
    known = {v.name: v for v in variables(name, dataset)}
    schema = value_schema(name, dataset)
    values = {c: list(typed[c].unique()) for c in schema.columns if c in typed.columns}
    outside: dict[str, list[float]] = defaultdict(list)
    for column, _, value in _cases(schema, values):
        outside[column].append(float(value))
    failures: list[Failure] = []
    for column, wrong in outside.items():
        variable = known[column]
        message = f"{variable.called} is outside its range{_limits(variable.min, variable.max)}."
        fix = cures.of_range(f"{variable.name} (datasets: {name}: variables)")
        rows = typed.index[typed[column].isin(wrong)]
        failures.extend(each(rows, partial(_of_value, name, column, text, (message, fix))))
    return failures


def _of_value(name: str, column: str, text: pd.DataFrame, told: tuple[str, str], row: int) -> Failure:
    return Failure(name, row, _subject(text, row), column, "range", str(text.loc[row, column]), *told)


def _limits(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" {low:g} to {high:g}"
    return f" (at least {low:g})" if low is not None else f" (at most {high:g})"


def _parameter_failures(
    name: str, dataset: Dataset, typed: pd.DataFrame, text: pd.DataFrame, words: Words
) -> list[Failure]:
    """Return values that their ``PARAMCD`` does not allow; parameters the plan does not describe pass."""
    failures: list[Failure] = []
    if "PARAMCD" not in typed.columns:
        return failures
    for code, parameter in dataset.parameters.items():
        rows = typed[typed["PARAMCD"] == code]
        if rows.empty:
            message = f"There is no row of {code} ({parameter.label})."
            likely = cures.did_you_mean(code, typed["PARAMCD"].unique())
            fix = f"{likely}Add the rows, or expect what needs them to be not estimable."
            failures.append(Failure(name, 0, "", "PARAMCD", "parameter", code, message, fix, "warning"))
        if parameter.codelist and "AVALC" in rows.columns:
            known = {plain(c) for c in parameter.codelist}
            wrong = [c for c in rows["AVALC"].unique() if c and plain(c) not in known]
            failures.extend(
                each(holding(rows["AVALC"], wrong), partial(_of_response, name, (code, parameter), rows, words))
            )
        if "AVAL" in rows.columns and (parameter.min is not None or parameter.max is not None):
            low = parameter.min if parameter.min is not None else float("-inf")
            high = parameter.max if parameter.max is not None else float("inf")
            message = f"{parameter.label} is outside its range{_limits(parameter.min, parameter.max)}."
            fix = cures.of_range(f"{code} (datasets: {name}: parameters)")
            beyond = rows.index[(rows["AVAL"] < low) | (rows["AVAL"] > high)]
            failures.extend(each(beyond, partial(_of_value, name, "AVAL", text, (message, fix))))
    return failures


def _of_response(name: str, of: tuple[str, Parameter], rows: pd.DataFrame, words: Words, row: int) -> Failure:
    code, parameter = of
    value, message = str(rows.loc[row, "AVALC"]), f"{parameter.label} is not in its code list."
    if value in words.get("AVALC", ()):
        fix = f"If it stands for a missing value, {cures.say_missing(name, words)}."
    else:
        may = cures.parameter_in_plan(name, code, parameter, codelist=[*parameter.codelist, value])
        fix = cures.of_code(value, parameter.codelist, may)
    return Failure(name, row, _subject(rows, row), "AVALC", "codelist", value, message, fix)
