"""What one cell of a file may look like, and what it becomes."""

import math
import re
from datetime import date

import pandas as pd

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}(\.0+)?", re.ASCII)
_YEARS = range(1678, 2262)
"""Years whose every day a 64-bit nanosecond date can hold; 9999-12-31 stands for "no date" and must be left empty."""


def is_present(cell: str) -> bool:
    """Return whether a cell holds anything."""
    return cell != ""


def is_number(cell: str) -> bool:
    """Return whether a cell is empty or a finite decimal number."""
    return cell == "" or (_NUMBER.fullmatch(cell) is not None and math.isfinite(float(cell)))


def is_integer(cell: str) -> bool:
    """Return whether a cell is empty or a whole number (``3`` or ``3.0``)."""
    return cell == "" or _INTEGER.fullmatch(cell) is not None


def is_date(cell: str) -> bool:
    """Return whether a cell is empty or a complete ISO 8601 date, as 2021-03-09, of the years 1678 to 2261."""
    if cell == "":
        return True
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        return False
    return found.isoformat() == cell and found.year in _YEARS


def to_numbers(cells: "pd.Series[str]") -> "pd.Series[float]":
    """Return numbers; a cell that is none becomes missing (the text schema reports it)."""
    return pd.to_numeric(cells.where(cells.map(is_number)), errors="coerce").astype("float64")


def to_dates(cells: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Return dates; a cell that is none becomes missing (the text schema reports it)."""
    return pd.to_datetime(cells.where(cells.map(is_date)), format="%Y-%m-%d", errors="coerce")
