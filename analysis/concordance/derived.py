"""The data as checks see them: records with the variables of their subject, and what a facts file derives."""

from collections.abc import Mapping

import pandas as pd

from analysis.data.sets import records_where
from sap.facts.checks import DerivedVariable, Taken
from sap.model.days import days_between
from sap.text.problems import UserError, suggest

SUBJECTS = "ADSL"
KEY = "USUBJID"
Data = Mapping[str, pd.DataFrame]


def joined(data: Data, derived: tuple[DerivedVariable, ...]) -> dict[str, pd.DataFrame]:
    """Return datasets whose records carry what is known of their subject, and the derived variables."""
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
