"""Data frames of R (RDS, RData) by rdata: from the vectors and attributes that R wrote to the texts they stand for."""

import bz2
import gzip
import lzma
import struct
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from math import isnan
from typing import Any, Final
from zoneinfo import ZoneInfo

from analysis.recompute.files.sheet import Asked, Sheet, UnreadError, clock_text, day_since, decoded, number_text

STARTS: Final = (b"X\n", b"A\n", b"B\n", b"RDX", b"RDA")
PACKED: Final[Mapping[bytes, Callable[[bytes], bytes]]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\0": lzma.decompress,
}
_DAY_0: Final = date(1970, 1, 1)
_NO_WHOLE: Final = -(2**31)
_SECONDS: Final = {"secs": 1, "mins": 60, "hours": 3600, "days": 86400, "weeks": 604800}


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of the data frame that has one of the names, or of the only one."""
    from rdata.parser import parse_data  # noqa: PLC0415 (few studies need it)

    plain = next((unpack for start, unpack in PACKED.items() if content.startswith(start)), bytes)(content)
    with warnings.catch_warnings(action="ignore"):
        whole = parse_data(plain).object
    frames = dict(_linked(whole)) if whole.info.type.name == "LIST" else {asked.names[0]: whole}
    frames = {name.upper(): frame for name, frame in frames.items() if "data.frame" in _said(frame, "class")}
    frame = next((frames[name] for name in asked.names if name in frames), None)
    if frame is None and len(frames) == 1:
        (frame,) = frames.values()
    if frame is None:
        raise UnreadError(f"it holds {len(frames)} data frames, and none is {asked.names[0]}")
    found: dict[str, list[str]] = {}
    special: dict[str, dict[int, str]] = {}
    for name, vector in zip(_said(frame, "names"), frame.value, strict=True):
        if asked.columns(name.strip()):
            found[name.strip()] = _texts(vector)
            letters = dict(_letters(vector)) if vector.info.type.name == "REAL" else {}
            special |= {name.strip(): letters} if letters else {}
    rows = len(next(iter(found.values()), ()))
    return Sheet(found, range(2, rows + 2), special)


def _linked(items: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a linked list of R with their names: attributes, or what a file holds."""
    while items is not None and items.info.type.name == "LIST":
        tag = items.tag
        while tag.info.type.name == "REF":
            tag = tag.referenced_object
        yield decoded(tag.value.value), items.value[0]
        items = items.value[1]


def _said(item: Any, attribute: str) -> list[str]:
    """Return an attribute that is a vector of texts; none where there is no such attribute."""
    found = dict(_linked(item.attributes)).get(attribute)
    return [decoded(text.value or b"") for text in found.value] if found is not None else []


def _texts(vector: Any) -> list[str]:
    kind, classes = vector.info.type.name, _said(vector, "class")
    if kind == "STR":
        return [decoded(text.value) if text.value is not None else "" for text in vector.value]
    cells: list[Any] = vector.value.tolist()
    if "factor" in classes:
        levels = _said(vector, "levels")
        return [levels[cell - 1] if cell is not None and cell > 0 else "" for cell in cells]
    if "integer64" in classes:  # whole numbers of 64 bits, in the place of others
        wholes = [struct.unpack(">q", struct.pack(">d", cell))[0] for cell in cells]
        return ["" if whole == -(2**63) else str(whole) for whole in wholes]
    if kind == "LGL":
        return ["" if cell is None else "true" if cell else "false" for cell in cells]
    numbers = [float("nan") if cell is None or cell == _NO_WHOLE else float(cell) for cell in cells]
    return [_text(number, classes, vector) for number in numbers]


def _text(number: float, classes: Sequence[str], vector: Any) -> str:
    if isnan(number):
        return ""
    if "Date" in classes:
        return day_since(_DAY_0, number)
    if "POSIXct" in classes:
        zone = next(iter(_said(vector, "tzone")), "") or "UTC"
        return datetime.fromtimestamp(number, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat()
    if "difftime" in classes and "hms" in classes:
        return clock_text(number * _SECONDS[_said(vector, "units")[0]])
    return number_text(number)


def _letters(vector: Any) -> Iterator[tuple[int, str]]:
    """Yield the special missing values that haven keeps: a letter in the fourth byte of what R has for NA."""
    for i, cell in enumerate(vector.value.tolist()):
        if isnan(cell):
            bits = struct.pack(">d", cell)
            if bits[4:] == b"\x00\x00\x07\xa2" and bits[3]:
                yield i, f".{chr(bits[3]).upper()}"
