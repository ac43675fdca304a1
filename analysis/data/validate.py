"""One dataset held to its schema: types, code lists, keys and ranges, each failure with its row and subject."""

import re
from types import MappingProxyType

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from analysis.data import cures
from analysis.data.cures import Words
from sap.data.failures import Failure, Severity
from sap.data.schemas import text_schema, to_dates, to_numbers, value_schema
from sap.model.datasets import READ, key, variables
from sap.model.variables import Dataset, Parameter, Variable
from sap.text.cells import TURNING, UNSEEN, named, plain

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
    types = dict(READ) | {v.name: v.type for v in variables(name, dataset)}
    columns: dict[str, pd.Series] = {}
    for column in text.columns:
        kind = types.get(column, "text")
        if kind in {"integer", "number"}:
            columns[column] = to_numbers(text[column])
        elif kind == "date":
            columns[column] = to_dates(text[column])
        else:
            columns[column] = text[column]
    return pd.DataFrame(columns, index=text.index)


def _cases(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return pd.DataFrame(error.failure_cases)
    return pd.DataFrame(columns=["schema_context", "column", "check", "failure_case", "index"])


def _cell_failures(name: str, dataset: Dataset, text: pd.DataFrame, words: Words) -> list[Failure]:
    known = {v.name: v for v in variables(name, dataset)}
    failures = []
    for case in _cases(text_schema(name, dataset), text).to_dict("records"):
        if case["check"] == "column_in_dataframe":
            failures.append(missing_column(name, known[str(case["failure_case"])], text))
            continue
        variable = known[str(case["column"])]
        row = int(case["index"])
        cell = str(case["failure_case"])
        message, fix = cures.of_cell(name, dataset, variable, str(case["check"]), cell)
        if cell in words.get(variable.name, ()):
            fix = cures.of_word(name, variable, words)
        subject, rule = _subject(text, row), str(case["check"])
        failures.append(Failure(name, row, subject, variable.name, rule, cell, message, fix))
    return failures


def missing_column(name: str, variable: Variable, text: pd.DataFrame, why: str = "") -> Failure:
    """Return that a file lacks a column; where it has the same name in other letters, that is what to mend."""
    likely = next((c for c in text.columns if str(c).upper() == variable.name), None)
    message = f"The column {variable.name} ({variable.label}) is missing{why}."
    return Failure(name, 0, "", variable.name, "column", "", message, cures.of_column(name, variable, likely, why))


def _subject(frame: pd.DataFrame, row: int) -> str:
    return str(frame.loc[row, "USUBJID"]) if "USUBJID" in frame.columns else ""


def _unseen(name: str, dataset: Dataset, text: pd.DataFrame) -> list[Failure]:
    """Return the texts with characters that a reader cannot see; a line break is one, and is printed as a blank."""
    failures = []
    for variable in variables(name, dataset):
        if variable.type != "text" or variable.name not in text.columns:
            continue
        for row, cell in zip(map(int, text.index), text[variable.name], strict=True):
            found = UNSEEN.search(cell) or _BREAK.search(cell)
            if found is None:
                continue
            character = found[0]
            where = f"{variable.label} holds the character {named(character)}, at position {found.start() + 1}"
            message, fix = f"{where}, which no page can show.", "Remove it."
            if TURNING.match(character):
                message, fix = f"{where}, which turns the text around it.", "Remove it, unless the language needs it."
            elif _BREAK.match(character):
                message, fix = f"{where}: it is printed as a blank.", "Write the text in one line."
            severity: Severity = "error" if fix == "Remove it." else "warning"
            subject = _subject(text, row)
            failures.append(Failure(name, row, subject, variable.name, "character", cell, message, fix, severity))
    return failures


def _repeated_keys(name: str, dataset: Dataset, text: pd.DataFrame) -> list[Failure]:
    columns = [c for c in key(name, dataset) if c in text.columns]
    if not columns or len(columns) < len(key(name, dataset)):
        return []
    first = pd.Series(text.index, index=text.index).groupby([text[c] for c in columns]).transform("min")
    # A record without a part of its key cannot be told to be another's twin.
    repeated = text.duplicated(columns, keep="first") & (text[columns] != "").all(axis=1)
    fix = cures.of_key(name, dataset, text) if repeated.any() else ""
    failures = []
    for row in text.index[repeated]:
        value = " / ".join(str(text.loc[row, c]) for c in columns)
        message = f"The same {' + '.join(columns)} stands in row {first[row]} already."
        failures.append(Failure(name, int(row), _subject(text, row), columns[-1], "key", value, message, fix))
    return failures


def _range_failures(name: str, dataset: Dataset, typed: pd.DataFrame, text: pd.DataFrame) -> list[Failure]:
    known = {v.name: v for v in variables(name, dataset)}
    failures = []
    for case in _cases(value_schema(name, dataset), typed).to_dict("records"):
        variable = known[str(case["column"])]
        row = int(case["index"])
        value = str(text.loc[row, variable.name])
        message = f"{variable.label} is outside its range{_limits(variable.min, variable.max)}."
        fix = cures.of_range(f"{variable.name} (datasets: {name}: variables)")
        failures.append(Failure(name, row, _subject(typed, row), variable.name, "range", value, message, fix))
    return failures


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
            known, message = {plain(c) for c in parameter.codelist}, f"{parameter.label} is not in its code list."
            for row, value in zip(map(int, rows.index), rows["AVALC"], strict=True):
                if value and plain(value) not in known:
                    fix = _of_response(name, code, parameter, str(value), words)
                    subject = _subject(typed, row)
                    failures.append(Failure(name, row, subject, "AVALC", "codelist", str(value), message, fix))
        if "AVAL" in rows.columns and (parameter.min is not None or parameter.max is not None):
            low = parameter.min if parameter.min is not None else float("-inf")
            high = parameter.max if parameter.max is not None else float("inf")
            message = f"{parameter.label} is outside its range{_limits(parameter.min, parameter.max)}."
            fix = cures.of_range(f"{code} (datasets: {name}: parameters)")
            for row in rows.index[(rows["AVAL"] < low) | (rows["AVAL"] > high)]:
                subject, value = _subject(typed, int(row)), str(text.loc[row, "AVAL"])
                failures.append(Failure(name, int(row), subject, "AVAL", "range", value, message, fix))
    return failures


def _of_response(name: str, code: str, parameter: Parameter, value: str, words: Words) -> str:
    if value in words.get("AVALC", ()):
        return f"If it stands for a missing value, {cures.say_missing(name, words)}."
    may = cures.parameter_in_plan(name, code, parameter, codelist=[*parameter.codelist, value])
    return cures.of_code(value, parameter.codelist, may)
