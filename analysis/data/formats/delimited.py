"""CSV: text with a header and a separator, in any usual encoding; cells as they stand there, without blanks around."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

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
from analysis.data.formats.texts import Texts, coded, texts
from sap.data.failures import Failure

_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What stands between cells, what is likelier first."""
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAVE: Final = "Save the file again as UTF-8."
_HEAD: Final = 1 << 16
"""Characters in which a header ends."""
_LETTERS: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""Letters beyond ASCII in UTF-8: in any other encoding such a run of bytes is rare."""
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d*(,\d+)?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)


class _NotTextError(Exception):
    """The bytes of a file are no text that is known."""

    def __init__(self, why: str, at: int = 0) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True)
class _Lines:
    """The rows of a file below its header, as they stand there."""

    header: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    """The line of the file at which each begins."""


def read_csv(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a CSV file as text, or what is wrong with it.

    A byte-order mark, CRLF line ends, blank lines at the end, any order of columns and further columns are ordinary.
    """
    told = partial(broken, dataset)
    try:
        text, guessed = _decoded(content)
        if not text.strip():
            fix = "Write a header and the rows, or remove the dataset from the plan."
            return [told(f"{path.name} is empty.", fix)]
        separator, start = _separator(text)
        lines = _lines(text, separator, start)
    except _NotTextError as error:
        row = content[: error.at].count(b"\n") + 1
        return [told(f"{path.name} {error}.", _SAVE, row if error.at else 0)]
    except csv.Error as error:
        return [told(f"{path.name} is not a CSV file: {error}.", "Export the dataset again.")]
    failures = [
        *header_failures(dataset, lines.header, start),
        *_ragged(dataset, lines, _SEPARATORS.get(separator, f"'{separator}'")),
        *without_subjects(dataset, path, len(lines.rows)),
    ]
    if failures:
        return failures
    index = pd.Index(lines.numbers, dtype=np.int64, name="row")
    named = [(name, i) for i, name in enumerate(lines.header) if asked_for(name, wanted)]
    columns = [Column(name, texts(row[i] for row in lines.rows)) for name, i in named]
    with_commas = [c for c in columns if _has_decimal_commas(c.texts)] if separator != "," else []
    unclear = [c for c in with_commas if all(_THOUSANDS.fullmatch(text) for text in _commas(c.texts))]
    mended = [c for c in with_commas if c not in unclear]
    ready = [replace(c, texts=_with_points(c.texts)) if c in mended else c for c in columns]
    size = (len(lines.rows), len(lines.header))
    table = table_of(dataset, path, content, ready, size, index=index, guessed=guessed)
    return replace(table, notes=(*table.notes, *_of_commas(dataset, index, mended, unclear)))


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding where that had to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), ""
            except UnicodeDecodeError as error:
                why = f"begins as {encoding.upper().removesuffix('-SIG')} and does not go on so (byte {error.start})"
                raise _NotTextError(why, error.start) from None
    if b"\0" in content:
        for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
            if content[at:200:2].count(0) * 2 > len(content[:200:2]) and not content[1 - at : 200 : 2].count(0):
                return content.decode(encoding, errors="replace"), "UTF-16"
        raise _NotTextError("is no text: it holds the byte 0", content.index(b"\0"))
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as worse:
            why = f"is not UTF-8 (byte {error.start}), and not Windows-1252 (byte {worse.start})"
            raise _NotTextError(why, worse.start) from None
        if _LETTERS.search(content):
            why = f"is not UTF-8 (byte {error.start}), although letters elsewhere in it are"
            raise _NotTextError(why, error.start) from None
        return text, "Windows-1252"


def _separator(text: str) -> tuple[str, int]:
    """Return what separates the cells of a file, and in which line its header stands.

    It is the mark that gives the header most columns; Excel may name it in a first line, as ``sep=;``.
    """
    first = text.lstrip().partition("\n")[0].strip().strip('"')
    if re.fullmatch(r"sep=.", first, re.IGNORECASE):
        return first[-1], 2
    found = {mark: _width(text[:_HEAD], mark) for mark in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda mark: found[mark])
    return best if found[best] > 1 else ",", 1


def _width(text: str, separator: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except (csv.Error, StopIteration):
        return 0


def _lines(text: str, separator: str, start: int) -> _Lines:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for _ in range(start - 1):
        next(reader)
    header = tuple(name.strip() for name in next(reader))
    rows: list[list[str]] = []
    numbers: list[int] = []
    line = reader.line_num + 1
    for cells in reader:
        if cells:
            rows.append(cells)
            numbers.append(line)
        line = reader.line_num + 1
    return _Lines(header, rows, numbers)


def _ragged(dataset: str, lines: _Lines, separator: str) -> Iterator[Failure]:
    """Yield the rows that are empty, or not as wide as the header."""
    for number, cells in zip(lines.numbers, lines.rows, strict=True):
        if not any(cell.strip() for cell in cells):
            yield broken(dataset, "This row is empty.", "Remove it.", number)
        elif len(cells) != len(lines.header):
            message = f"This row has {len(cells)} cells, the header has {len(lines.header)}."
            yield broken(dataset, message, f"Look for a missing or an unquoted {separator}.", number)


def _has_decimal_commas(cells: Texts) -> bool:
    """Return whether a column has commas in cells that are numbers; what has no digit may stand for a missing value."""
    with_digit = [str(text) for text in cells.cells.categories if _DIGIT.search(text)]
    return bool(_commas(cells)) and all(_DECIMAL.fullmatch(text) for text in with_digit)


def _commas(cells: Texts) -> list[str]:
    return [str(text) for text in cells.cells.categories if "," in text and _DIGIT.search(text)]


def _with_points(cells: Texts) -> Texts:
    found = [text.replace(",", ".") if _DIGIT.search(text) else text for text in map(str, cells.cells.categories)]
    return Texts(coded(cells.cells.codes, found).cells, cells.blanks)


def _of_commas(
    dataset: str, rows: "pd.Index[int]", mended: Sequence[Column], unclear: Sequence[Column]
) -> Iterator[Failure]:
    """Yield which commas were read as those of decimals, and which may as well stand between thousands."""
    said = (
        (mended, "were read as decimal commas", "If they are no decimal commas, write decimal points."),
        (unclear, "may be decimal commas or stand between thousands", "Write decimal points, and no thousands."),
    )
    for columns, what, fix in said:
        if columns:
            shown = ", ".join(f"{c.name} ('{_commas(c.texts)[0]}')" for c in columns)
            first = list(columns[0].texts.cells).index(_commas(columns[0].texts)[0])
            place = (int(rows[first]), columns[0].name if len(columns) == 1 else "")
            yield noted(dataset, "comma", f"The commas in {shown} {what}.", fix, place)
