"""From typed cells to texts: those that a CSV file of the same data would hold."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_MIDNIGHT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?", re.ASCII)


@dataclass(frozen=True)
class Texts:
    """A column of texts, each kept once."""

    cells: pd.Categorical
    blanks: NDArray[np.intp]
    """Positions of the cells that began or ended with blanks, which are left out."""


def as_text(cell: Any) -> str:
    """Return a cell as a CSV file has it: a whole number without a decimal, a date in ISO 8601, nothing if missing."""
    if cell is None:
        return ""
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    if isinstance(cell, float | Decimal | np.floating):
        return as_number(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return clock(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell)


def as_number(number: Any) -> str:
    """Return the shortest text of a number, and none of a missing one."""
    shortest = float(number) if isinstance(number, Decimal) else number
    return "" if math.isnan(number) else str(shortest).removesuffix(".0")


def clock(seconds: float) -> str:
    """Return seconds as hours, minutes and seconds; more than a day goes on counting hours."""
    sign, whole = "-" if seconds < 0 else "", round(abs(seconds), 6)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(int(minutes), 60)
    decimals = f"{second % 1:.6f}".rstrip("0")[1:].removesuffix(".")
    return f"{sign}{hours:02d}:{minute:02d}:{int(second):02d}{decimals}"


def texts(values: Iterable[Any], text: Callable[[Any], str] = as_text) -> Texts:
    """Return cells as texts; equal cells of one type are looked at once."""
    seen: dict[tuple[type, Any], int] = {}
    at = np.fromiter((seen.setdefault((v.__class__, v), len(seen)) for v in values), dtype=np.intp)
    return coded(at, [text(value) for _, value in seen])


def numbers(values: NDArray[np.float64], text: Callable[[float], str] = as_number) -> Texts:
    """Return numbers as texts, each distinct one looked at once."""
    at, found = pd.factorize(values, use_na_sentinel=False)
    return coded(at, [text(float(value)) for value in found])


def coded(at: NDArray[np.integer[Any]], whole: Sequence[str]) -> Texts:
    """Return the texts of cells, of each of which is known which of the distinct texts it holds.

    Datetimes that are all at midnight are dates.
    """
    bare = [text.strip() for text in whole]
    marred = [i for i, (text, stripped) in enumerate(zip(whole, bare, strict=True)) if text != stripped]
    codes, found = pd.factorize(np.array(_without_midnight(bare), dtype=object))
    narrow = codes.astype(np.min_scalar_type(-max(len(found), 1)))
    cells = pd.Categorical.from_codes(narrow[at], categories=pd.Index(found, dtype=object))
    return Texts(cells, np.flatnonzero(np.isin(at, marred)) if marred else np.array([], dtype=np.intp))


def _without_midnight(found: list[str]) -> list[str]:
    dates = [_MIDNIGHT.fullmatch(text) if text else None for text in found]
    if any(text and day is None for text, day in zip(found, dates, strict=True)):
        return found
    return ["" if day is None else day[1] for day in dates]
