"""What one cell of a file may look like."""

import math
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that no page can show, and those that turn the text around them: a reader sees something else."""
TURNING: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Those that turn it; text in Hebrew or Arabic may have them."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}(\.0+)?", re.ASCII)
_WHOLE = re.compile(r"([+-]?\d+)\.0*", re.ASCII)
YEARS: Final = range(1678, 2262)
"""Years whose every day a 64-bit nanosecond date can hold; 9999-12-31 stands for "no date" and must be left empty."""


def named(character: str) -> str:
    """Return a character by its code and name, as ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def with_unseen(text: str) -> str:
    """Return text whose unseen characters are written out by their codes, so that no terminal obeys them."""
    return UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def is_present(cell: str) -> bool:
    """Return whether a cell holds anything."""
    return cell != ""


@lru_cache(maxsize=2**16)
def is_number(cell: str) -> bool:
    """Return whether a cell is empty or a finite decimal number."""
    return cell == "" or (_NUMBER.fullmatch(cell) is not None and math.isfinite(float(cell)))


@lru_cache(maxsize=2**16)
def is_integer(cell: str) -> bool:
    """Return whether a cell is empty or a whole number (``3`` or ``3.0``)."""
    return cell == "" or _INTEGER.fullmatch(cell) is not None


@lru_cache(maxsize=2**16)
def is_date(cell: str) -> bool:
    """Return whether a cell is empty or a complete ISO 8601 date, as 2021-03-09, of the years 1678 to 2261."""
    if cell == "":
        return True
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        return False
    return found.isoformat() == cell and found.year in YEARS


def plain(code: str) -> str:
    """Return a code without decimals that say nothing: 1 for 1.0; any other text as it is."""
    found = _WHOLE.fullmatch(code)
    return code if found is None else found[1]


def same_code(cell: str, code: str, *, number: bool) -> bool:
    """Return whether a cell holds a code: numbers are compared as numbers, and in a text 1.0 is 1."""
    if number and cell and code and is_number(cell) and is_number(code):
        return float(cell) == float(code)
    return plain(cell) == plain(code)
