"""What reading a file gives, whatever its format: every cell as text, or what is wrong with the file."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.data.formats.texts import Texts
from sap.data.failures import Failure
from sap.model.variables import VariableType


@dataclass(frozen=True)
class SourceFile:
    """A file that was read."""

    dataset: str
    """Dataset name, as ``ADSL``."""
    name: str
    """File name."""
    sha256: str
    """Digest of its bytes."""
    rows: int
    columns: int
    """Size of the table in it, the header not counted."""


@dataclass(frozen=True)
class TextTable:
    """A dataset as text; the index is the row of the file (the header is row 1)."""

    frame: pd.DataFrame
    """Columns of texts, or categoricals of texts where each stands in many cells: see `sap.data.distinct`."""
    source: SourceFile
    blanks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Rows in which a cell began or ended with blanks, which are left out, by column."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the file calls its columns."""
    types: Mapping[str, VariableType] = field(default_factory=dict)
    """What the file declares its columns to hold; a format without declarations says nothing."""
    special: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Cells that are missing for a reason SAS gave a letter, as ``.A``, by column and row; the cell itself is empty."""
    notes: tuple[Failure, ...] = ()
    """What a reader of the results should know about how the file was read."""


@dataclass(frozen=True)
class Column:
    """A column as a format gives it."""

    name: str
    texts: Texts
    label: str = ""
    type: VariableType | None = None


def broken(dataset: str, message: str, fix: str, row: int = 0, value: str = "") -> Failure:
    """Return what is wrong with a file."""
    return Failure(dataset, row, "", "", "file", value, message, fix)


def noted(dataset: str, rule: str, message: str, fix: str, place: tuple[int, str] = (0, "")) -> Failure:
    """Return what is to be known about how a file was read, where one row and column show it."""
    return Failure(dataset, place[0], "", place[1], rule, "", message, fix, "warning")


def header_failures(dataset: str, names: Iterable[str], row: int = 1) -> list[Failure]:
    """Return the columns without a name, and those that stand in a file more than once."""
    counts = Counter(name.strip() for name in names)
    nameless = counts.pop("", 0)
    failures = [
        broken(dataset, f"The column {name} appears {n} times.", "Column names must differ.", row, name)
        for name, n in counts.items()
        if n > 1
    ]
    if nameless:
        told = "A column has no name." if nameless == 1 else f"{nameless} columns have no name."
        failures.append(broken(dataset, told, "The header is one row, and names each column.", row))
    return failures


def without_subjects(dataset: str, path: Path, rows: int) -> list[Failure]:
    """Return that a file of subjects has none; of any other dataset there may be no record."""
    if rows or dataset != "ADSL":
        return []
    return [broken(dataset, f"{path.name} has a header and no rows.", "Add the subjects.")]


def asked_for(name: str, wanted: Iterable[str]) -> bool:
    """Return whether a column is among those that are wanted; all are where none is named."""
    return not wanted or name.strip().upper() in wanted


def table_of(
    dataset: str,
    path: Path,
    content: bytes,
    columns: Sequence[Column],
    size: tuple[int, int],
    *,
    index: "pd.Index[int] | None" = None,
    guessed: str = "",
) -> TextTable:
    """Return the columns of a file as a table; ``size`` is that of the table in the file, of which some may be unread.

    Without an ``index`` a record's row is the one it would have below the header of a CSV file. An encoding that had to
    be ``guessed`` is told where a cell shows it.
    """
    rows = pd.RangeIndex(2, size[0] + 2, name="row") if index is None else index
    named = {column.name.strip(): column for column in columns}
    return TextTable(
        pd.DataFrame({name: column.texts.cells for name, column in named.items()}, index=rows),
        SourceFile(dataset, path.name, hashlib.sha256(content).hexdigest(), *size),
        {name: tuple(map(int, rows[c.texts.blanks])) for name, c in named.items() if c.texts.blanks.size},
        {name: column.label.strip() for name, column in named.items() if column.label.strip()},
        {name: column.type for name, column in named.items() if column.type is not None},
        notes=_not_utf8(dataset, path, guessed, named, rows) if guessed else (),
    )


def _not_utf8(
    dataset: str, path: Path, encoding: str, columns: Mapping[str, Column], rows: "pd.Index[int]"
) -> tuple[Failure, ...]:
    """Return in which encoding a file was read, and the first cell that shows it."""
    odd = []
    for name, column in columns.items():
        cells = column.texts.cells
        codes = [i for i, text in enumerate(cells.categories) if not text.isascii()]
        if codes:
            at = int(np.isin(cells.codes, codes).argmax())
            odd.append((int(rows[at]), name, str(cells[at])))
    if not odd:
        return ()
    row, name, cell = min(odd)
    told = f"{path.name} is not in UTF-8: its letters were read as {encoding}, as '{cell}'."
    return (noted(dataset, "encoding", told, "If letters are wrong, save the file in UTF-8.", (row, name)),)
