"""CSV: commas, UTF-8, a header; every cell as it stands there, without blanks around it."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.data.formats.table import SourceFile, TextTable, broken
from sap.data.failures import Failure


def read_csv(dataset: str, path: Path, content: bytes, _wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return a CSV file as text, or what is wrong with it.

    A byte-order mark, CRLF line ends, blank lines at the end, any order of columns and further columns are ordinary.
    """
    told = partial(broken, dataset)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        return [told(f"{path.name} is not UTF-8 (byte {error.start}).", "Save the file again as UTF-8.", row)]
    if not text.strip():
        fix = "Write a header and the rows, or remove the dataset from the plan."
        return [told(f"{path.name} is empty.", fix)]
    try:
        return _table(dataset, path, content, text)
    except csv.Error as error:
        return [told(f"{path.name} is not a CSV file: {error}.", "Export the dataset again.")]


def _table(dataset: str, path: Path, content: bytes, text: str) -> TextTable | list[Failure]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader)]
    told = partial(broken, dataset)
    failures = [
        told(f"The column {name or '(no name)'} appears {count} times.", "Column names must differ.", 1, name)
        for name, count in Counter(header).items()
        if count > 1 or not name
    ]
    separator = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), "")
    if separator:
        name = "tabs" if separator == "\t" else "semicolons"
        return [told(f"{path.name} is separated by {name}.", "Save it again with commas.", 1)]
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
                failures.append(told("This row is empty.", "Remove it.", line))
            elif len(cells) != len(header):
                message = f"This row has {len(cells)} cells, the header has {len(header)}."
                failures.append(told(message, "Look for a missing or an unquoted comma.", line))
        line = reader.line_num + 1
    if not rows and dataset == "ADSL":
        failures.append(told(f"{path.name} has a header and no rows.", "Add the subjects."))
    if failures:
        return failures
    frame = pd.DataFrame(rows, columns=header, index=pd.Index(numbers, name="row"), dtype=str)
    digest = hashlib.sha256(content).hexdigest()
    source = SourceFile(dataset, path.name, digest, len(rows), len(header))
    return TextTable(frame, source, {name: tuple(found) for name, found in blanks.items()})
