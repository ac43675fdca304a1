"""Workbooks (XLSX) by openpyxl, where the first route reads them by calamine."""

import io
import warnings
from datetime import date, time, timedelta
from typing import Any, Final

from analysis.recompute.files.sheet import Asked, Sheet, UnreadError, clock_text, number_text

START: Final = b"PK\x03\x04"


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of the sheet that has one of the names, or of the only one that is not empty."""
    import openpyxl  # noqa: PLC0415 (few studies need it)

    with warnings.catch_warnings(action="ignore"):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        sheet.reset_dimensions()  # which some programs write wrongly
    found = {sheet.title.strip().upper(): list(sheet.iter_rows(values_only=True)) for sheet in shown}
    full = [rows for rows in found.values() if any(any(cell is not None for cell in row) for row in rows)]
    rows = next((found[name] for name in asked.names if name in found), full[0] if len(full) == 1 else None)
    if rows is None:
        raise UnreadError(f"it has several sheets, and none is called {asked.names[0]}")
    while rows and not any(cell not in {None, ""} for cell in rows[-1]):
        rows.pop()
    header = [_text(cell) for cell in rows[0]] if rows else []
    columns = {
        n: [_text(row[i] if i < len(row) else None) for row in rows[1:]]
        for i, n in enumerate(header)
        if n and asked.columns(n)
    }
    return Sheet(columns, range(2, len(rows) + 1))


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return number_text(float(cell))
        case date():
            return cell.isoformat().removesuffix("T00:00:00")
        case time():
            return cell.isoformat()
        case timedelta():
            return clock_text(cell.total_seconds())
    return str(cell).strip()
