"""A statement held against the data, with what is derived from them, or against one number of the results."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction as Exact

import numpy as np
import pandas as pd

from analysis.concordance.check import fraction_of
from analysis.concordance.printed import span
from analysis.concordance.statements import Compared
from analysis.data.sets import records_where
from analysis.methods.ranks.rank_test import rank_test
from analysis.results.ard import Results, Row, number_text, unique
from sap.facts.checks import DerivedVariable, InData, InResults, Taken
from sap.facts.facts import Fact
from sap.facts.values import Comparison, Fraction
from sap.model.clause import WhereClause, conditions
from sap.model.days import days_between
from sap.text.problems import UserError, suggest

SUBJECTS = "ADSL"
KEY = "USUBJID"
Data = Mapping[str, pd.DataFrame]
Value = float | str | tuple[str, ...] | None
_CLOSE = 1e-9


def with_derived(data: Data, derived: tuple[DerivedVariable, ...]) -> dict[str, pd.DataFrame]:
    """Return datasets whose records carry what is known of their subject, and what a facts file derives."""
    found = {name: _with_subject(frame, data[SUBJECTS]) for name, frame in data.items()}
    for spec in derived:
        for name in spec.datasets:
            if name not in found:
                raise UserError(f"Derived variable {spec.variable}: there is no dataset {name}. {suggest(name, found)}")
            values = _values(spec, found, found[name])
            found[name] = found[name].assign(**{spec.variable: values})
            if name == SUBJECTS:
                by_subject = found[name].set_index(KEY)[spec.variable]
                for other in (n for n in found if n != SUBJECTS and spec.variable not in found[n]):
                    found[other] = found[other].assign(**{spec.variable: found[other][KEY].map(by_subject)})
    return found


def column(frame: pd.DataFrame, dataset: str, variable: str) -> "pd.Series":
    """Return a variable of a dataset."""
    if variable not in frame:
        raise UserError(f"{dataset} has no variable {variable}. {suggest(variable, map(str, frame.columns))}")
    return frame[variable]


def _with_subject(frame: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    own = [c for c in adsl.columns if c == KEY or c not in frame.columns]
    return frame.merge(adsl[own], on=KEY, how="left", validate="m:1") if len(own) > 1 else frame.copy()


def _values(spec: DerivedVariable, data: Data, frame: pd.DataFrame) -> "pd.Series":
    name = spec.datasets[0]
    if spec.days is not None:
        return days_between(column(frame, name, spec.days.start), column(frame, name, spec.days.end))
    if spec.ratio is not None:
        ratio: pd.Series = column(frame, name, spec.ratio.of) / column(frame, name, spec.ratio.to)
        return ratio
    if spec.taken is None:
        raise AssertionError(spec)
    if spec.taken.dataset not in data:
        known = suggest(spec.taken.dataset, data)
        raise UserError(f"Derived variable {spec.variable}: there is no dataset {spec.taken.dataset}. {known}")
    taken = _taken(spec.taken, data[spec.taken.dataset])
    return frame[KEY].map(taken)


def _taken(spec: Taken, frame: pd.DataFrame) -> "pd.Series":
    """Return one value a subject."""
    rows = frame if spec.where is None else frame[records_where(frame, spec.where)]
    values = column(rows, spec.dataset, spec.variable)
    rows = rows[values.notna()]
    if spec.before is not None and spec.by is not None:
        limit = column(rows, spec.dataset, spec.before)
        rows = rows[limit.isna() | (column(rows, spec.dataset, spec.by) < limit)]
    if spec.by is not None:
        rows = rows.sort_values(spec.by, kind="stable")
    if spec.which == "best":
        rank = {value: i for i, value in enumerate(spec.order)}
        rows = rows[rows[spec.variable].isin(rank)].assign(RANK_=rows[spec.variable].map(rank))
        rows = rows.sort_values("RANK_", kind="stable")
    elif spec.which in {"highest", "lowest"}:
        of = spec.of or spec.variable
        rows = rows[column(rows, spec.dataset, of).notna()]
        rows = rows.sort_values(of, ascending=spec.which == "lowest", kind="stable")
    groups = rows.groupby(KEY, sort=False)[spec.variable]
    if spec.which == "only" and (groups.size() > 1).any():
        several = ", ".join(map(str, groups.size().index[groups.size() > 1][:3]))
        raise UserError(f"{spec.dataset}.{spec.variable} has several values for {several}; which: only expects one.")
    return groups.last() if spec.which == "last" else groups.first()


def compared_with_data(data: Data, spec: InData) -> Compared:
    """Return what the data give for a check; that it cannot be computed is an answer too."""
    try:
        return _judged(spec, _statistic(data, spec))
    except UserError as error:
        return Compared(data=spec, value="", holds=False, why=str(error))
    except (TypeError, ValueError) as error:
        return Compared(data=spec, value="", holds=False, why=f"it cannot be computed: {error}.")


def _judged(spec: InData, value: Value) -> Compared:
    def judged(*, holds: bool, difference: str = "", why: str = "") -> Compared:
        return Compared(data=spec, value=value_text(value), holds=holds, difference=difference, why=why)

    if value is None:
        return judged(holds=False, why="no record has a value.")
    if spec.equals is None:
        if isinstance(value, str | tuple):
            return judged(holds=False, why="it is no number.")
        low = -np.inf if spec.min is None else spec.min
        high = np.inf if spec.max is None else spec.max
        return judged(holds=bool(low <= value <= high))
    if isinstance(spec.equals, float) and isinstance(value, float):
        difference = value - spec.equals
        close = abs(difference) < _CLOSE
        return judged(holds=close, difference=number_text(0.0 if close else difference))
    return judged(holds=value == spec.equals)


def _statistic(data: Data, spec: InData) -> Value:
    if spec.dataset not in data:
        raise UserError(f"There is no dataset {spec.dataset}. {suggest(spec.dataset, data)}")
    frame = data[spec.dataset]
    rows = _rows(frame, spec.dataset, spec.where)
    match spec.statistic:
        case "count_subjects":
            return float(rows[KEY].nunique())
        case "subjects":
            return tuple(sorted(rows["SUBJID"].dropna().astype(str).unique()))
        case "n" if spec.variable is None:
            return float(len(rows))
    values = column(rows, spec.dataset, spec.variable or "")
    values = values[values.notna() & (values != "")]
    match spec.statistic:
        case "n":
            return float(len(values))
        case "value":
            return _only(values, spec)
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


def _only(values: "pd.Series", spec: InData) -> Value:
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


def value_text(value: Value) -> str:
    """Return a value as it is shown beside a statement."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return number_text(value) if isinstance(value, float) else value


def compared_with_results(results: Results, fact: Fact, spec: InResults) -> Compared:
    """Return how the row that a comparison means agrees with the part of a statement that it is compared with.

    A number agrees when it rounds to what is printed; a proportion is compared with a percentage as 100 times itself; a
    p-value with a limit by being below it.
    """
    try:
        row = _row(results, spec)
    except UserError as error:
        return Compared(result=spec, value="", holds=False, why=str(error))

    def compared(value: float | None, *, holds: bool | None, difference: str = "", why: str = "") -> Compared:
        shown = value_text(value)
        return Compared(result=spec, row=row.identity, value=shown, holds=holds, difference=difference, why=why)

    if row.stat is None:
        return compared(None, holds=False, why=f"{row.error or row.stat_text or 'no value'}.")
    of_interval = spec.of in {"low", "high"}
    in_percent = spec.of == "percent" or (of_interval and isinstance(fact.value, Fraction))
    value = 100 * row.stat if in_percent else row.stat
    if spec.of is None:
        return compared(value, holds=None)
    if spec.of == "p" and isinstance(fact.value, Comparison) and fact.value.p is None:
        limit = fact.value.p_less_than
        return compared(value, holds=limit is not None and value < float(limit))
    whole = fraction_of(fact) or fact.value
    printed = getattr(getattr(whole, "interval", None) if of_interval else whole, spec.of, None)
    if not isinstance(printed, int | Decimal):
        return compared(value, holds=False, why=f"the statement gives no {spec.of}.")
    exact = Exact(Decimal(number_text(value)))
    difference = number_text(float(exact - Exact(printed)))
    return compared(value, holds=span(Decimal(printed)).holds(exact), difference=difference)


def _row(results: Results, spec: InResults) -> Row:
    of = results.of(spec.analysis)
    if not of:
        known = unique(r.analysis_id for r in results)
        raise UserError(f"The results have no analysis '{spec.analysis}'. {suggest(spec.analysis, known)}")
    wanted = {
        "stat_name": spec.stat,
        "context": spec.context,
        "variable": spec.variable,
        "variable_level": spec.level,
        "group1": spec.grouping,
        "group1_level": spec.group,
    }
    found = [r for r in of if all(v is None or getattr(r, name) == v for name, v in wanted.items())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{spec.analysis} has {len(found)} statistics '{spec.stat}' there; name context or level too.")
    names = unique(r.stat_name for r in of)
    raise UserError(f"{spec.analysis} has no statistic '{spec.stat}' there. {suggest(spec.stat, names)}")
