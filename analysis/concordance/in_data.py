"""A statement held against the data: one statistic of the records meant."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.concordance.derived import KEY, Data, column
from analysis.data.sets import records_where
from analysis.methods.ranks.rank_test import rank_test
from analysis.results.ard import number_text
from sap.facts.checks import InData
from sap.model.clause import WhereClause, conditions
from sap.text.problems import UserError, suggest

SUBJECT = "SUBJID"
_CLOSE = 1e-9
Value = float | str | tuple[str, ...] | None


@dataclass(frozen=True)
class Looked:
    """What a check on the data found."""

    value: Value
    """The statistic; None where it cannot be computed, and `why` says why."""
    holds: bool | None
    """Whether it is what the statement needs; None where the statement gives nothing to hold it against."""
    difference: float | None = None
    """Found less expected, where the check names one number."""
    why: str = ""


def look(data: Data, spec: InData) -> Looked:
    """Return what the data give for a check."""
    try:
        value = _statistic(data, spec)
    except UserError as error:
        return Looked(None, holds=False, why=str(error))
    except (TypeError, ValueError) as error:
        return Looked(None, holds=False, why=f"it cannot be computed: {error}.")
    return _judged(spec, value)


def _judged(spec: InData, value: Value) -> Looked:
    if value is None:
        return Looked(None, holds=False, why="no record has a value.")
    if spec.equals is None:
        if isinstance(value, str | tuple):
            return Looked(value, holds=False, why="it is no number.")
        low = -np.inf if spec.min is None else spec.min
        high = np.inf if spec.max is None else spec.max
        return Looked(value, holds=bool(low <= value <= high))
    if isinstance(spec.equals, float) and isinstance(value, float):
        difference = value - spec.equals
        return Looked(value, holds=abs(difference) < _CLOSE, difference=0.0 if abs(difference) < _CLOSE else difference)
    return Looked(value, holds=value == spec.equals)


def _statistic(data: Data, spec: InData) -> Value:
    if spec.dataset not in data:
        raise UserError(f"There is no dataset {spec.dataset}. {suggest(spec.dataset, data)}")
    frame = data[spec.dataset]
    rows = _rows(frame, spec.dataset, spec.where)
    match spec.statistic:
        case "count_subjects":
            return float(rows[KEY].nunique())
        case "subjects":
            return tuple(sorted(rows[SUBJECT].dropna().astype(str).unique()))
        case "n" if spec.variable is None:
            return float(len(rows))
    values = column(rows, spec.dataset, spec.variable or "")
    values = values[values.notna() & (values != "")]
    match spec.statistic:
        case "n":
            return float(len(values))
        case "value":
            return _one(values, spec)
        case "median" | "min" | "max" as name:
            return float(getattr(_numbers(values), name)()) if len(values) else None
    others = column(_rows(frame, spec.dataset, spec.versus), spec.dataset, spec.variable or "").dropna()
    if spec.statistic == "median_difference":
        return float(_numbers(values).median() - _numbers(others).median()) if len(values) and len(others) else None
    return float(rank_test(_numbers(values).to_numpy(), _numbers(others).to_numpy()).p_value)


def _rows(frame: pd.DataFrame, dataset: str, clause: WhereClause | None) -> pd.DataFrame:
    if clause is None:
        return frame
    for condition in conditions(clause):
        column(frame, dataset, condition.variable)
    return frame[records_where(frame, clause)]


def _one(values: "pd.Series", spec: InData) -> Value:
    if len(values) != 1:
        raise UserError(f"{len(values)} records are meant where the check needs one ({spec.dataset}.{spec.variable}).")
    found = values.iloc[0]
    if isinstance(found, pd.Timestamp):
        return found.date().isoformat()
    return float(found) if isinstance(found, int | float | np.number) else str(found)


def _numbers(values: "pd.Series") -> "pd.Series[float]":
    if not pd.api.types.is_numeric_dtype(values):
        raise UserError(f"{values.name} holds no numbers.")
    return values.astype("float64")


def text(value: Value) -> str:
    """Return a value as it is shown beside a statement."""
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value) or "none"
    return number_text(value) if isinstance(value, float) else str(value)
