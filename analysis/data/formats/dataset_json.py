"""CDISC Dataset-JSON: versions 1.0 and 1.1, and the latter with a record a line (NDJSON)."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.data.formats.sas_values import SasKind, kind_of, text_of
from analysis.data.formats.table import (
    Column,
    TextTable,
    asked_for,
    broken,
    header_failures,
    table_of,
    without_subjects,
)
from analysis.data.formats.texts import as_number, as_text, texts
from sap.data.failures import Failure
from sap.model.variables import VariableType

_EXPORT: Final = "Export the dataset again."
_TYPES: Final[Mapping[str, VariableType]] = {
    "string": "text", "URI": "text", "boolean": "text", "integer": "integer", "decimal": "number", "float": "number",
    "double": "number", "date": "date",
}  # fmt: skip
_OF_TIME: Final[Mapping[str, SasKind]] = {"date": "date", "datetime": "datetime", "time": "time"}
"""Types of which a number, too, is a time."""
_SEQUENCE: Final = "ITEMGROUPDATASEQ"
"""The number of a record, which version 1.0 puts before its cells."""


@dataclass(frozen=True)
class _Content:
    """A dataset, whatever the version."""

    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Any]
    records: Any
    """How many rows the file says that it has."""


class _NotADatasetError(Exception):
    """The content is JSON, and not a Dataset-JSON of a version."""


def read_dataset_json(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a Dataset-JSON as text, or what is wrong with it."""
    try:
        found = _content(dataset, content)
        names = [str(column["name"]) for column in found.columns]
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        return [broken(dataset, f"{path.name} is not UTF-8 (line {row}, byte {error.start}).", _EXPORT, row)]
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, character {error.colno}"
        told = f"{path.name} ends too early or is no JSON: {error.msg} ({where})."
        return [broken(dataset, told, _EXPORT, error.lineno)]
    except RecursionError:
        return [broken(dataset, f"{path.name} is nested too deeply to be a Dataset-JSON.", _EXPORT)]
    except (_NotADatasetError, KeyError, TypeError, AttributeError) as error:
        why = str(error) if isinstance(error, _NotADatasetError) else f"its columns are not described ({error})"
        fix = "Export the dataset as Dataset-JSON 1.1 or 1.0, or as CSV."
        return [broken(dataset, f"{path.name} is JSON, and no Dataset-JSON: {why}.", fix)]
    rows = len(found.rows)
    failures = [
        *header_failures(dataset, names),
        *_ragged(dataset, names, found.rows),
        *_miscounted(dataset, path, found),
        *without_subjects(dataset, path, rows),
    ]
    if failures:
        return failures
    wide = [
        _column(column, [row[i] for row in found.rows])
        for i, column in enumerate(found.columns)
        if column["name"] != _SEQUENCE and asked_for(column["name"], wanted)
    ]
    return table_of(dataset, path, content, wide, (rows, len(names) - (_SEQUENCE in names)))


def _content(dataset: str, content: bytes) -> _Content:
    text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        first, _, rest = text.partition("\n")
        if not _is_whole(first):
            raise
        whole = json.loads(first) | {"rows": _lines(rest)}
    if not isinstance(whole, dict):
        raise _NotADatasetError("it is a list" if isinstance(whole, list) else "it holds no columns and rows")
    if "columns" in whole:
        rows = whole.get("rows", [])
        return _Content(whole["columns"], rows if isinstance(rows, list) else [], whole.get("records"))
    for kind in ("clinicalData", "referenceData"):
        groups = whole.get(kind, {}).get("itemGroupData", {})
        group = next((g for g in groups.values() if g.get("name") == dataset), next(iter(groups.values()), None))
        if group is not None:
            described = [{**item, "dataType": item.get("type", "string")} for item in group["items"]]
            return _Content(described, group.get("itemData", []), group.get("records"))
    raise _NotADatasetError("it has no 'columns'")


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False


def _lines(text: str) -> list[Any]:
    """Return the rows of an NDJSON, each on its line; a place in one is told by its line in the file."""
    rows = []
    for number, line in enumerate(text.split("\n"), start=2):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError as error:
                moved = json.JSONDecodeError(error.msg, error.doc, error.pos)
                moved.lineno = number
                raise moved from None
    return rows


def _ragged(dataset: str, names: Sequence[str], rows: Sequence[Any]) -> list[Failure]:
    failures = []
    for number, row in enumerate(rows, start=2):
        if not isinstance(row, list):
            told, fix = "This row is no list of cells.", "Each row is a list with a cell for each column."
        elif len(row) != len(names):
            told, fix = f"This row has {len(row)} cells, there are {len(names)} columns.", _EXPORT
        elif nested := next((n for n, cell in zip(names, row, strict=True) if isinstance(cell, list | dict)), None):
            told, fix = f"The cell of {nested} is a list or an object.", "A cell is a text, a number, or null."
        else:
            continue
        failures.append(broken(dataset, told, fix, number))
    return failures


def _miscounted(dataset: str, path: Path, found: _Content) -> list[Failure]:
    if found.records is None or found.records == len(found.rows):
        return []
    told = f"{path.name} says that it has {found.records} records, and has {len(found.rows)}."
    return [broken(dataset, told, f"Records may be missing. {_EXPORT}")]


def _column(described: Mapping[str, Any], cells: Sequence[Any]) -> Column:
    kind = str(described.get("dataType", "string"))
    sas = kind_of(str(described.get("displayFormat") or "")) if kind != "string" else "number"
    if sas == "number":
        sas = _OF_TIME.get(kind, "number")
    type_ = "date" if sas == "date" else None if sas in {"datetime", "time"} else _TYPES.get(kind)
    text = _typed_text(text_of(sas)) if sas != "number" else _decimal_text if kind == "decimal" else as_text
    return Column(str(described["name"]), texts(cells, text), str(described.get("label") or ""), type_)


def _typed_text(of_number: Callable[[float], str]) -> Callable[[Any], str]:
    """Return how cells of a date or time are written: ISO 8601 as it is, a number as SAS counts."""

    def text(cell: Any) -> str:
        number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return of_number(float(cell)) if number else as_text(cell)

    return text


def _decimal_text(cell: Any) -> str:
    """Return a decimal, which is kept as a text, as the number that it is."""
    try:
        return as_number(float(cell)) if isinstance(cell, str) and cell.strip() else as_text(cell).strip()
    except ValueError:
        return str(cell).strip()
