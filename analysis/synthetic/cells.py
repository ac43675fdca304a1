"""What may stand in one cell of a variable, drawn from its description and from what the plan names for it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from analysis.synthetic.options import Truth
from sap.model.variables import Parameter, Variable

Row = dict[str, str]
"""A record as it is written: cells by variable, empty when missing."""

SPAN: Final = 100.0
"""Width of a range that the plan leaves open."""
LETTERS: Final = ("A", "B", "C")
"""Values of a text variable of which the plan names none."""
USUAL: Final[Mapping[str, tuple[float, float]]] = {"AGE": (18.0, 80.0)}
"""What is likely where a schema says only what is possible."""


def shown_date(day: date | None) -> str:
    """Return a date as a cell."""
    return "" if day is None else day.isoformat()


def after(start: date, days: int) -> date:
    """Return the date so many days after another."""
    return start + timedelta(days=days)


def dates(days: Iterable[date | None]) -> "pd.Series[pd.Timestamp]":
    """Return dates as a column."""
    return pd.to_datetime(pd.Series(list(days), dtype="datetime64[ns]"))


def study_day(days: int) -> str:
    """Return days since first treatment as a CDISC study day: it is day 1, and there is no day 0."""
    return str(days + 1 if days >= 0 else days)


def limits(low: float | None, high: float | None, named: Sequence[str] = ()) -> tuple[float, float]:
    """Return a closed range inside the limits of a variable, wide enough for the values that are named."""
    numbers = [float(v) for v in named]
    if low is not None and high is not None:
        return low, high
    if low is not None:
        wide = max([0.0, *(1.5 * x - low for x in numbers)]) if numbers else max(SPAN, abs(low))
        return low, low + max(wide, 1.0)
    if high is not None:
        return min([high - SPAN, *numbers]), high
    return min([0.0, *numbers]), (max(1.5 * x for x in numbers) if numbers and max(numbers) > 0 else SPAN)


def number_text(value: float, low: float, high: float) -> str:
    """Return a number with about three digits of its range, inside the range."""
    width = high - low
    places = 3 if width <= 0 else min(6, max(0, 3 - math.ceil(math.log10(width))))
    text = f"{value:.{places}f}"
    if low <= float(text) <= high:
        return "0" if float(text) == 0 else text
    return f"{min(max(value, low), high):.15g}"


def draw(truth: Truth, dataset: str, variable: Variable, size: int, rng: np.random.Generator) -> list[str]:
    """Return cells of a variable that is not a date."""
    named = truth.named.get((dataset, variable.name), ())
    if grouped := truth.grouped.get((dataset, variable.name), ()):
        cells = _even(_allowed(variable, grouped), size, rng)
    elif variable.codelist:
        cells = _any(variable.codelist, size, rng)
    elif variable.type in {"integer", "number"}:
        cells = _numbers(variable, size, rng, named)
    else:
        cells = _any(tuple(dict.fromkeys((*named, *LETTERS))), size, rng)
    empty = rng.random(size) < truth.missing
    return ["" if variable.missing and e else c for c, e in zip(cells, empty, strict=True)]


def _allowed(variable: Variable, values: Sequence[str]) -> Sequence[str]:
    return [v for v in values if not variable.codelist or v in variable.codelist] or values


def _even(values: Sequence[str], size: int, rng: np.random.Generator) -> list[str]:
    order = rng.permutation(size)
    return [values[i % len(values)] for i in order]


def _any(values: Sequence[str], size: int, rng: np.random.Generator) -> list[str]:
    return [values[i] for i in rng.integers(0, len(values), size)]


def _numbers(variable: Variable, size: int, rng: np.random.Generator, named: Sequence[str]) -> list[str]:
    low, high = limits(variable.min, variable.max, named)
    usual = USUAL.get(variable.name)
    if usual is not None and max(low, usual[0]) <= min(high, usual[1]):
        low, high = max(low, usual[0]), min(high, usual[1])
    values = low + (high - low) * rng.beta(2.0, 3.0, size)
    if variable.type == "integer":
        least, most = math.ceil(low), max(math.ceil(low), math.floor(high))
        return [str(min(max(round(v), least), most)) for v in values]
    return [number_text(v, low, high) for v in values]


def narrowed(variable: Variable | None, parameter: Parameter) -> tuple[float | None, float | None]:
    """Return the limits that both a variable and its parameter allow."""
    lows = [x for x in (parameter.min, variable.min if variable else None) if x is not None]
    highs = [x for x in (parameter.max, variable.max if variable else None) if x is not None]
    return max(lows, default=None), min(highs, default=None)
