"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): one sheet, whose first row is the header."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
from analysis.data.formats.texts import as_text, texts
from sap.data.failures import Failure

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

OLD: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a workbook of Excel before 2007 begins."""
_ZIP: Final = b"PK\x03\x04"
_FORMULA: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>.*?</f>)\s*(<v>[^<]|<is>)?', re.DOTALL)
_ERROR: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"[^>]*>(?:.*?<v>([^<]*)</v>)?', re.DOTALL)
_SHOWN: Final = 3


@dataclass(frozen=True)
class _Place:
    """A cell of a sheet."""

    column: int
    row: int
    value: str


def is_workbook(content: bytes) -> bool:
    """Return whether a file is a workbook."""
    if content.startswith(OLD):
        return True
    with suppress(zipfile.BadZipFile, OSError):
        if content.startswith(_ZIP):
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
            return any(name.startswith("xl/") for name in names) or "content.xml" in names
    return False


def read_excel(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a workbook's sheet as text, or what is wrong with it."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (a study in CSV pays nothing for it)

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = _sheet(workbook, {dataset.lower(), path.stem.lower()})
        if name is None:
            names = ", ".join(workbook.sheet_names) or "no sheet"
            told = f"{path.name} has several sheets ({names}), and none is called {dataset}."
            return [broken(dataset, told, f"Call the sheet with the data {dataset}, or save it alone.")]
        sheet = workbook.get_sheet_by_name(name)
        rows = _rows(sheet)
    except (CalamineError, ValueError) as error:
        told = f"{path.name} cannot be read as a workbook: {str(error).rstrip('.')}."
        return [broken(dataset, told, "Save it again as .xlsx without a password, or export the sheet as CSV.")]
    if not rows:
        fix = "Write a header and the rows, or remove the dataset from the plan."
        return [broken(dataset, f"{path.name} is empty (sheet {name}).", fix)]
    header = [as_text(cell).strip() for cell in rows[0]]
    failures, notes = _faults(dataset, (path, name), content, (header, rows), sheet)
    if failures:
        return failures
    body = rows[1:]
    columns = [Column(n, texts(row[i] for row in body)) for i, n in enumerate(header) if asked_for(n, wanted)]
    table = table_of(dataset, path, content, columns, (len(body), len(header)))
    return TextTable(table.frame, table.source, table.blanks, notes=tuple(notes))


def _sheet(workbook: "CalamineWorkbook", called: Collection[str]) -> str | None:
    """Return the sheet with the data: the one of the dataset's name, or the only one that is shown and not empty."""
    named = [name for name in workbook.sheet_names if name.strip().lower() in called]
    if named:
        return named[0]
    shown = [s.name for s in workbook.sheets_metadata if str(s.visible).endswith("Visible")]
    full = [name for name in shown if workbook.get_sheet_by_name(name).height]
    return full[0] if len(full) == 1 else shown[0] if len(shown) == 1 else None


def _rows(sheet: "CalamineSheet") -> list[list[Any]]:
    """Return the cells of a sheet, without the empty rows and columns at its ends."""
    rows = sheet.to_python(skip_empty_area=False)
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    width = max((i for row in rows for i, cell in enumerate(row, start=1) if cell != ""), default=0)
    return [[None if cell == "" else cell for cell in row[:width]] for row in rows]


def _faults(
    dataset: str,
    of: tuple[Path, str],
    content: bytes,
    cells: tuple[Sequence[str], Sequence[Sequence[Any]]],
    sheet: "CalamineSheet",
) -> tuple[list[Failure], list[Failure]]:
    """Return what is wrong with a sheet, and what is to be known of it."""
    (path, name), (header, rows) = of, cells
    told = partial(broken, dataset)
    failures = [told(*_merged(header, area), area[0][0] + 1) for area in sheet.merged_cell_ranges or ()]
    if not failures:
        failures.extend(header_failures(dataset, header))
    empty = [i for i, row in enumerate(rows, start=1) if all(cell is None for cell in row)]
    failures.extend(told("This row is empty.", "Remove it.", row) for row in empty)
    failures.extend(without_subjects(dataset, path, len(rows) - 1))
    xml = _xml(content, name)
    failures.extend(
        told(f"{_column(header, wrong)} holds {wrong.value or 'an error'}.", _MEND, wrong.row)
        for wrong in _places(_ERROR, xml)
    )
    formulas = list(_places(_FORMULA, xml))
    for unknown in (f for f in formulas if not f.value):
        message = f"{_column(header, unknown)} is a formula of which the file holds no value."
        failures.append(told(message, _MEND, unknown.row))
    if not formulas:
        return failures, []
    shown = ", ".join(f"{_column(header, f)} in row {f.row}" for f in formulas[:_SHOWN])
    cells_ = "1 cell is a formula" if len(formulas) == 1 else f"{len(formulas)} cells are formulas"
    message = f"In {path.name} {cells_} ({shown}{' …' * (len(formulas) > _SHOWN)}): the value computed last was read."
    first = (formulas[0].row, _column(header, formulas[0]))
    return failures, [noted(dataset, "formula", message, "Save the sheet with values in their place.", first)]


_MEND: Final = "Write the value itself there, or open the file in Excel, let it compute, and save it."


def _merged(header: Sequence[str], area: tuple[tuple[int, int], tuple[int, int]]) -> tuple[str, str]:
    (top, left), (bottom, right) = area
    place = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
    what = f"The header is merged ({place})" if top == 0 else f"Cells are merged ({place})"
    name = next(iter(header[left : left + 1]), "")
    where = f", under {name}" if name and top else f": {name}" if name else ""
    return f"{what}{where}.", "Take the cells apart, and write each its own value: one header row, one cell a value."


def _letters(column: int) -> str:
    more, last = divmod(column, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + last)


def _column(header: Sequence[str], place: _Place) -> str:
    return header[place.column] if place.column < len(header) else _letters(place.column)


def _xml(content: bytes, sheet: str) -> bytes:
    """Return how a sheet is written in a workbook of today; of the others it is not known what is a formula."""
    with suppress(zipfile.BadZipFile, KeyError, OSError):
        archive = zipfile.ZipFile(io.BytesIO(content))
        sheets = {s.get("name"): s.get("r:id") for s in _elements(archive.read("xl/workbook.xml"), "sheet")}
        links = _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
        target = {link.get("Id"): link.get("Target", "") for link in links}.get(sheets.get(sheet), "")
        return archive.read(target.removeprefix("/") if target.startswith("/") else f"xl/{target}")
    return b""


def _elements(xml: bytes, tag: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of the elements of a name."""
    for found in re.finditer(rf"<{tag}\b([^>]*)>", xml.decode("utf-8", errors="replace")):
        yield {name: unescape(value) for name, value in re.findall(r'([\w:]+)="([^"]*)"', found[1])}


def _places(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[_Place]:
    for found in pattern.finditer(xml):
        column = 0
        for letter in found[1]:
            column = column * 26 + letter - ord("A") + 1
        yield _Place(column - 1, int(found[2]), (found[3] or b"").decode("utf-8", errors="replace"))
