"""What one cell of a file may look like."""

import math
import re
from datetime import date
from functools import lru_cache

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}(\.0+)?", re.ASCII)
_YEARS = range(1678, 2262)
"""Years whose every day a 64-bit nanosecond date can hold; 9999-12-31 stands for "no date" and must be left empty."""


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
    return found.isoformat() == cell and found.year in _YEARS
