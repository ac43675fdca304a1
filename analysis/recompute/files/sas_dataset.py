"""SAS datasets (SAS7BDAT) by pandas, where the first route reads them by ReadStat."""

import io
import struct
from datetime import date
from math import isnan
from typing import Any, Final

from analysis.recompute.files.sas_formats import counts, number
from analysis.recompute.files.sheet import Asked, Sheet, decoded

_LAST: Final = (date.max - date(1960, 1, 1)).days
START: Final = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c")


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of a SAS dataset."""
    from pandas.io.sas.sas7bdat import SAS7BDATReader  # noqa: PLC0415 (few studies need it)

    typed: Any = SAS7BDATReader
    reader = typed(io.BytesIO(content), convert_dates=False, convert_text=False)
    formats = {_name(c.name): str(_name(c.format)) for c in reader.columns}
    frame = reader.read()
    columns: dict[str, list[str]] = {}
    special: dict[str, dict[int, str]] = {}
    for label in frame.columns:
        name = _name(label)
        if not asked.columns(name):
            continue
        cells = frame[label].tolist()
        if frame[label].dtype == object:
            columns[name] = [decoded(cell) if isinstance(cell, bytes) else "" for cell in cells]
        else:
            counted = counts(formats.get(name, ""))
            # A format that is last in the file may be cut, DATETIME to DATE; no day is so far away.
            counted = "seconds" if counted == "days" and any(cell > _LAST for cell in cells) else counted
            columns[name] = [number(cell, counted) for cell in cells]
            letters = {i: letter for i, cell in enumerate(cells) if isnan(cell) and (letter := _letter(cell))}
            special |= {name: letters} if letters else {}
    return Sheet(columns, range(2, len(frame) + 2), special)


def _name(label: Any) -> str:
    return (label.decode("latin-1") if isinstance(label, bytes) else str(label)).strip()


def _letter(missing: float) -> str:
    """Return the letter of a special missing value, which SAS keeps, inverted, in the third byte of a NaN."""
    code = ~struct.pack(">d", missing)[2] & 0xFF
    return f".{chr(code)}" if chr(code).isupper() and code < 128 else "._" if code == 0x5F else ""
