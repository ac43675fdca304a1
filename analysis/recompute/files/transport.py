"""SAS transport files (XPT, versions 5 and 8), record by record as TS-140 describes them, with exact numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analysis.recompute.files.sas_formats import counts, number
from analysis.recompute.files.sheet import Asked, Sheet, UnreadError, decoded

START: Final = b"HEADER RECORD*******LIB"
_HEADER: Final = b"HEADER RECORD*******"
_RECORD: Final = 80
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


@dataclass(frozen=True)
class _Variable:
    """Where the cells of a variable stand in an observation."""

    name: str
    numeric: bool
    start: int
    length: int
    counts: str


@dataclass(frozen=True)
class _Member:
    """A dataset of the file: its name, its variables and its observations end to end."""

    name: str
    variables: tuple[_Variable, ...]
    observations: bytes


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of the dataset that has one of the names, or of the only one."""
    members = list(_members(content))
    named = [m for name in asked.names for m in members if m.name == name]
    if not named and len(members) != 1:
        raise UnreadError(f"it holds {len(members)} datasets, and none is {asked.names[0]}")
    member = (named or members)[0]
    width = sum(v.length for v in member.variables)
    whole = len(member.observations) // width
    while whole and not member.observations[(whole - 1) * width : whole * width].strip(b" "):
        whole -= 1  # blanks fill up the last record of 80 bytes
    columns: dict[str, list[str]] = {}
    special: dict[str, dict[int, str]] = {}
    for v in member.variables:
        if asked.columns(v.name):
            starts = range(v.start, v.start + whole * width, width)
            cells = [member.observations[at : at + v.length] for at in starts]
            columns[v.name] = _each(v, cells)
            letters = {i: f".{chr(c[0])}" for i, c in enumerate(cells) if v.numeric and _is_letter(c)}
            special |= {v.name: letters} if letters else {}
    return Sheet(columns, range(2, whole + 2), special)


def _members(content: bytes) -> Iterator[_Member]:
    at = 3 * _RECORD
    while content[at : at + 24].startswith(_HEADER + b"MEMB"):
        size = int(content[at + 74 : at + 78])
        name = content[at + 2 * _RECORD + 8 : at + 2 * _RECORD + 40].partition(b"SAS")[0].strip(b" \0").decode().upper()
        at += 4 * _RECORD
        long = content[at + 20 : at + 28].strip() == b"NAMSTV8"
        count = int(content[at + 48 : at + 58].strip(b" !") or 0)
        at += _RECORD
        described = [content[at + i * size : at + (i + 1) * size] for i in range(count)]
        at += -(-count * size // _RECORD) * _RECORD
        while not content[at : at + 23].startswith(_HEADER + b"OBS"):  # labels of more than 40 characters
            at += _RECORD
            if at >= len(content):
                raise UnreadError("it ends before the observations")
        at += _RECORD
        end = at
        while end < len(content) and not content.startswith(_HEADER + b"MEMB", end):
            end += _RECORD
        yield _Member(name, tuple(_variable(d, long=long) for d in described), content[at:end])
        at = end


def _variable(described: bytes, *, long: bool) -> _Variable:
    """Return a variable from its description of 140 bytes, all numbers of which begin with the highest byte."""
    name = (described[88:120] if long else b"").strip(b" \0") or described[8:16].strip(b" \0")
    numeric = int.from_bytes(described[0:2]) == 1
    sas_format = described[56:64].decode("latin-1")
    start, length = int.from_bytes(described[84:88]), int.from_bytes(described[4:6])
    return _Variable(name.decode("latin-1"), numeric, start, length, counts(sas_format) if numeric else "")


def _each(variable: _Variable, cells: Sequence[bytes]) -> list[str]:
    made: Callable[[bytes], str] = (lambda c: number(_value(c), variable.counts)) if variable.numeric else decoded
    known = {cell: made(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _is_letter(cell: bytes) -> bool:
    return cell[0] in _LETTERS and not any(cell[1:])


def _value(cell: bytes) -> float:
    """Return the number nearest to a floating-point number of IBM: a sign, a power of 16 and a fraction of 56 bits."""
    if (cell[:1] == b"." or cell[0] in _LETTERS) and not any(cell[1:]):
        return float("nan")
    fraction = Fraction(int.from_bytes(cell[1:].ljust(7, b"\0")), 2**56)
    exact = fraction * Fraction(16) ** ((cell[0] & 0x7F) - 64)
    return float(-exact if cell[0] & 0x80 else exact)
