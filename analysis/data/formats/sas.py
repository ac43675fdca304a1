"""SAS: transport files (XPT) of versions 5 and 8, and datasets (SAS7BDAT)."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.data.formats.sas_values import declared, kind_of, text_of
from analysis.data.formats.table import (
    Column,
    TextTable,
    asked_for,
    broken,
    header_failures,
    noted,
    table_of,
    without_subjects,
)
from analysis.data.formats.texts import numbers, texts
from analysis.data.formats.transport import layout_of, members
from sap.data.failures import Failure

_EXPORT: Final = "Export the dataset again."
_NOT_WHOLE: Final = "The file may not be whole: copy it or export it again."
_GUESSED: Final[Mapping[str | None, str]] = {"WINDOWS-1252": "Windows-1252", "LATIN1": "Latin-1"}
"""Encodings that are tried where the texts are in none that the file says, by the names that iconv has for them."""
_Read = tuple[Mapping[str, Any], Any]
"""The cells of each column, and what is known of the file."""
_Found = tuple[Mapping[str, Any], Any, str]
"""These, and the encoding that had to be guessed."""


def read_xpt(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a transport file as text, or what is wrong with it."""
    found = members(content)
    named = {m.name: m for m in found}
    member = found[0] if len(found) == 1 else named.get(dataset, named.get(path.stem.upper()))
    if not found:
        return [broken(dataset, f"{path.name} ends before its first dataset.", _NOT_WHOLE)]
    if member is None:
        inside = ", ".join(m.name for m in found)
        told = f"{path.name} holds {len(found)} datasets ({inside}), and none is {dataset}."
        return [broken(dataset, told, "Write one dataset a file, or name the file as the dataset in it.")]
    import pyreadstat  # noqa: PLC0415 (a study in CSV pays nothing for it)

    read = _read(dataset, path, member.content, pyreadstat.read_xport)
    if isinstance(read, list):
        return read
    cells, about, _ = read
    rows = len(next(iter(cells.values()), ()))
    layout = layout_of(member.content, len(about.column_names), rows)
    table = _table(dataset, path, content, read, wanted)
    if isinstance(table, list):
        return table
    if layout.left_over.strip(b" \0"):
        told = f"{path.name} ends in the middle of row {rows + 2}, after {rows} whole rows."
        return [broken(dataset, told, _NOT_WHOLE, rows + 2)]
    if len(content) % 80:
        told = f"{path.name} is {len(content)} bytes long, where a transport file comes in records of 80."
        fix = f"Make sure that no row is missing after the {rows} that were read."
        table = replace(table, notes=(*table.notes, noted(dataset, "cut", told, fix)))
    kept = {name: dict(cells) for name, cells in layout.special.items() if name in table.frame.columns}
    return replace(table, special=kept)


def read_sas7bdat(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a SAS dataset as text, or what is wrong with it."""
    import pyreadstat  # noqa: PLC0415 (a study in CSV pays nothing for it)

    def with_letters(file: Any, **options: Any) -> _Read:
        return pyreadstat.read_sas7bdat(file, user_missing=True, **options)

    read = _read(dataset, path, content, with_letters)
    if isinstance(read, list):
        return read
    cells, about, guessed = read
    numeric = {name for name, kind in about.readstat_variable_types.items() if kind != "string"}
    special = {
        name.strip(): {i + 2: f".{cell.upper()}" for i, cell in enumerate(column) if isinstance(cell, str)}
        for name, column in cells.items()
        if name in numeric and name in about.missing_user_values
    }
    bare = {
        name: [None if name in numeric and isinstance(cell, str) else cell for cell in column]
        if name.strip() in special
        else column
        for name, column in cells.items()
    }
    table = _table(dataset, path, content, (bare, about, guessed), wanted)
    if isinstance(table, list):
        return table
    rows = len(table.frame)
    if about.number_rows not in {None, rows}:
        told = f"{path.name} says that it has {about.number_rows} records, and has {rows}."
        return [broken(dataset, told, f"Records may be missing. {_EXPORT}")]
    return replace(table, special={n: s for n, s in special.items() if s})


def _read(dataset: str, path: Path, content: bytes, reader: Callable[..., _Read]) -> _Found | list[Failure]:
    """Return what a reader finds, in UTF-8 or what else the file says, and otherwise in the encodings of Windows."""
    for encoding in (None, *_GUESSED):
        try:
            found = reader(
                io.BytesIO(content), encoding=encoding, output_format="dict", disable_datetime_conversion=True
            )
        except UnicodeDecodeError:
            continue
        except Exception as error:  # noqa: BLE001 (the library raises its own, and others)
            if encoding == "WINDOWS-1252" and "encod" in str(error).lower():
                continue
            told = f"{path.name} cannot be read as a file of SAS: {str(error).rstrip('.')}."
            return [broken(dataset, told, _NOT_WHOLE)]
        return *found, _GUESSED.get(encoding, "")
    return [broken(dataset, f"{path.name} holds texts in an encoding that is not known.", "Export it in UTF-8.")]


def _table(
    dataset: str, path: Path, content: bytes, read: _Found, wanted: Collection[str]
) -> TextTable | list[Failure]:
    cells, about, guessed = read
    names: Sequence[str] = about.column_names
    rows = len(next(iter(cells.values()), ()))
    failures = [*header_failures(dataset, names), *without_subjects(dataset, path, rows)]
    if failures:
        return failures
    labels, formats = about.column_names_to_labels, about.original_variable_types
    columns = [
        _column(name, cells[name], str(labels.get(name) or ""), str(formats.get(name) or ""))
        if about.readstat_variable_types[name] != "string"
        else Column(name, texts(cells[name]), str(labels.get(name) or ""), "text")
        for name in names
        if asked_for(name, wanted)
    ]
    return table_of(dataset, path, content, columns, (rows, len(names)), guessed=guessed)


def _column(name: str, cells: Any, label: str, sas_format: str) -> Column:
    """Return a column of numbers; a format says that they are dates, datetimes or times."""
    values = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    kind = kind_of(sas_format)
    return Column(name, numbers(values, text_of(kind)), label, declared(kind))
