"""How a SAS transport file (XPT) lies on the disk: its datasets, and the letters of its missing values.

The layout is SAS technical note TS-140 (versions 5 and 8): records of 80 bytes, a description of 140 (or 136) bytes a
variable, then the observations end to end. A number that is missing for a reason holds a letter and else zeros.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

_RECORD: Final = 80
_LIBRARY: Final = 3 * _RECORD
_MEMBER: Final = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8)  HEADER RECORD!{7}\d{30}")
_NAMES: Final = re.compile(rb"HEADER RECORD\*{7}NAM(?:ESTR|STV8) HEADER RECORD!{7}")
_OBSERVATIONS: Final = re.compile(rb"HEADER RECORD\*{7}OBS(?:V8)? +HEADER RECORD!{7}")
_LETTERS: Final = np.frombuffer(b"_ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)


@dataclass(frozen=True)
class Member:
    """One dataset of a transport file."""

    name: str
    content: bytes
    """A transport file with it alone."""


@dataclass(frozen=True)
class Layout:
    """What else stands in the observations of a dataset."""

    special: Mapping[str, Mapping[int, str]]
    """Missing values with a letter, as ``.A``, by column and row (the header is row 1)."""
    left_over: bytes
    """What follows the last whole observation."""


def members(content: bytes) -> list[Member]:
    """Return the datasets of a transport file."""
    starts = [m.start() for m in _MEMBER.finditer(content) if m.start() % _RECORD == 0]
    ends = [*starts[1:], len(content)][: len(starts)]
    return [Member(_name(content, a), content[:_LIBRARY] + content[a:b]) for a, b in zip(starts, ends, strict=True)]


def _name(content: bytes, start: int) -> str:
    """Return the name of a dataset: it follows the header of its descriptor."""
    described = content[start + 2 * _RECORD : start + 3 * _RECORD]
    return described[8:40].split(b"SASDATA")[0].strip(b" \0").decode("latin-1").upper()


def layout_of(content: bytes, columns: int, rows: int) -> Layout:
    """Return what the observations of a dataset hold beside its values."""
    names = _header(_NAMES, content, _LIBRARY)
    size = int(content[_LIBRARY + 74 : _LIBRARY + 78])
    first = names + _RECORD
    observed = _header(_OBSERVATIONS, content, first + columns * size) + _RECORD
    described = [_variable(content[first + i * size : first + (i + 1) * size]) for i in range(columns)]
    width = sum(length for _, _, length, _ in described)
    whole = np.frombuffer(content, np.uint8, count=rows * width, offset=observed).reshape(rows, width)
    special = {}
    for name, numeric, length, at in described:
        field = whole[:, at : at + length]
        if numeric and (hit := np.flatnonzero(np.isin(field[:, 0], _LETTERS) & ~field[:, 1:].any(axis=1))).size:
            special[name] = {int(row) + 2: f".{chr(field[row, 0])}" for row in hit}
    return Layout(special, content[observed + rows * width :])


def _header(pattern: re.Pattern[bytes], content: bytes, start: int) -> int:
    return next((m.start() for m in pattern.finditer(content, start) if m.start() % _RECORD == 0), len(content))


def _variable(described: bytes) -> tuple[str, bool, int, int]:
    """Return the name of a variable, whether it is a number, and its length and position in an observation."""
    kind, length = struct.unpack_from(">h2xh", described)
    (at,) = struct.unpack_from(">l", described, 84)
    long_name = described[88:120].strip(b" \0") if len(described) >= 120 else b""
    name = long_name or described[8:16].strip(b" \0")
    return name.decode("latin-1"), kind == 1, length, at
