"""Reading a dataset's file: every cell as text, exactly as it stands there."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from sap.data.failures import Failure

OTHER_KINDS: Final = {
    b"HEADER RECORD*******LIB": "a SAS transport file",
    bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c"): "a SAS dataset",
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a workbook or another archive",
    bytes.fromhex("d0cf11e0a1b11ae1"): "an old workbook",
    b"\x1f\x8b": "compressed",
}
"""How the formats begin in which datasets are often kept, and what they are."""
CSV_ALONE: Final = "Export the dataset as CSV: UTF-8, a header, dates as 2021-03-09, an empty cell for a missing value."


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
    source: SourceFile
    blanks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Rows in which a cell began or ended with blanks, which are left out, by column."""


def read_table(dataset: str, path: Path) -> TextTable | list[Failure]:
    """Return a CSV file as text, or what is wrong with the file.

    A byte-order mark, CRLF line ends, blank lines at the end, any order of columns and further columns are ordinary.
    """
    broken = partial(_broken, dataset)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [broken(f"The file {path} does not exist.", "Put it there, or name its folder with --data.")]
    except OSError as error:
        return [broken(f"The file {path} cannot be read: {error.strerror}.", "Check what it is and who may read it.")]
    if kind := next((kind for start, kind in OTHER_KINDS.items() if content.startswith(start)), ""):
        return [broken(f"{path.name} is {kind}, not a CSV file.", CSV_ALONE)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        return [broken(f"{path.name} is not UTF-8 (byte {error.start}).", "Save the file again as UTF-8.", row)]
    if not text.strip():
        fix = "Write a header and the rows, or remove the dataset from the plan."
        return [broken(f"{path.name} is empty.", fix)]
    try:
        return _table(dataset, path, content, text)
    except csv.Error as error:
        return [broken(f"{path.name} is not a CSV file: {error}.", "Export the dataset again.")]


def _broken(dataset: str, message: str, fix: str, row: int = 0, value: str = "") -> Failure:
    return Failure(dataset, row, "", "", "file", value, message, fix)


def _table(dataset: str, path: Path, content: bytes, text: str) -> TextTable | list[Failure]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader)]
    broken = partial(_broken, dataset)
    failures = [
        broken(f"The column {name or '(no name)'} appears {count} times.", "Column names must differ.", 1, name)
        for name, count in Counter(header).items()
        if count > 1 or not name
    ]
    separator = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), "")
    if separator:
        name = "tabs" if separator == "\t" else "semicolons"
        return [broken(f"{path.name} is separated by {name}.", "Save it again with commas.", 1)]
    rows: list[list[str]] = []
    numbers: list[int] = []
    blanks: dict[str, list[int]] = defaultdict(list)
    line = reader.line_num + 1
    for cells in reader:
        if cells:
            rows.append([c.strip() for c in cells])
            numbers.append(line)
            for name, cell, bare in zip(header, cells, rows[-1], strict=False):
                if cell != bare:
                    blanks[name].append(line)
            if not any(rows[-1]):
                failures.append(broken("This row is empty.", "Remove it.", line))
            elif len(cells) != len(header):
                message = f"This row has {len(cells)} cells, the header has {len(header)}."
                failures.append(broken(message, "Look for a missing or an unquoted comma.", line))
        line = reader.line_num + 1
    if not rows and dataset == "ADSL":
        failures.append(broken(f"{path.name} has a header and no rows.", "Add the subjects."))
    if failures:
        return failures
    frame = pd.DataFrame(rows, columns=header, index=pd.Index(numbers, name="row"), dtype=str)
    digest = hashlib.sha256(content).hexdigest()
    source = SourceFile(dataset, path.name, digest, len(rows), len(header))
    return TextTable(frame, source, {name: tuple(found) for name, found in blanks.items()})
