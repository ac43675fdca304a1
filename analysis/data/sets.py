"""Who is meant by a where-clause: analysis sets and subsets, in subjects.

A clause about one dataset is read record by record, and a subject is in when any of its records satisfies the whole
clause. Where a clause joins several datasets, each part is settled in subjects first and the parts are combined. A part
that is a ``not`` is settled in subjects too: it means the subjects without such a record, so that "no grade 5 event"
can be said. A record that differs is NE or NOTIN.
A missing value equals only the empty string, differs from every other value, and is neither greater nor less: NE and
and NOTIN hold for it, unless the empty string is among the values. Numbers are compared as numbers; a text 1.0 is 1.
"""

from collections.abc import Mapping
from operator import ge, gt, le, lt

import numpy as np
import pandas as pd

from sap.data.distinct import where
from sap.model.clause import AllOf, AnyOf, Comparator, Condition, Not, WhereClause, conditions, parts_about
from sap.text.cells import plain

Data = Mapping[str, pd.DataFrame]


def subjects_where(data: Data, clause: WhereClause) -> frozenset[str]:
    """Return the subjects of ADSL that satisfy a clause."""
    everyone = data["ADSL"]["USUBJID"]
    if isinstance(clause, Not):
        return frozenset(everyone) - subjects_where(data, clause.clause)
    names = {c.dataset for c in conditions(clause)}
    if len(names) == 1:
        frame = data[name := names.pop()]
        found = frozenset(frame.loc[records_where(frame, clause), "USUBJID"].unique())
        return found if name == "ADSL" else found.intersection(everyone)
    if isinstance(clause, AllOf):
        return frozenset.intersection(*(subjects_where(data, c) for c in clause.clauses))
    if isinstance(clause, AnyOf):
        return frozenset.union(*(subjects_where(data, c) for c in clause.clauses))
    raise AssertionError(clause)


def records_where(frame: pd.DataFrame, clause: WhereClause) -> "pd.Series[bool]":
    """Return which records of one dataset satisfy a clause about it."""
    if isinstance(clause, Condition):
        return _compare(frame[clause.variable], clause)
    if isinstance(clause, Not):
        return ~records_where(frame, clause.clause)
    masks = [records_where(frame, c).to_numpy() for c in clause.clauses]
    joined = np.all(masks, axis=0) if isinstance(clause, AllOf) else np.any(masks, axis=0)
    return pd.Series(joined, index=frame.index)


def meant(frame: pd.DataFrame, dataset: str, subset: WhereClause | None) -> pd.DataFrame:
    """Return the records of a dataset that a subset of an analysis means: those of a visit, of several visits."""
    for part in parts_about(subset, dataset):
        frame = frame[records_where(frame, part)]
    return frame


def _compare(column: "pd.Series", condition: Condition) -> "pd.Series[bool]":
    missing = column.isna() | (column == "")
    comparator = condition.comparator
    if comparator in {Comparator.EQ, Comparator.IN, Comparator.NE, Comparator.NOTIN}:
        named = [v for v in condition.value if v]
        if pd.api.types.is_object_dtype(column) or pd.api.types.is_string_dtype(column):
            codes = {plain(v) for v in named}
            found = pd.Series(where(column, lambda cell: plain(cell) in codes), column.index) & ~missing
        else:
            found = column.isin([_like(column, v) for v in named]) & ~missing
        if "" in condition.value:
            found |= missing
        return ~found if comparator in {Comparator.NE, Comparator.NOTIN} else found
    limit = _like(column, condition.value[0])
    operation = {Comparator.GT: gt, Comparator.GE: ge, Comparator.LT: lt, Comparator.LE: le}[comparator]
    compared: pd.Series = operation(column, limit)
    return compared.fillna(value=False).astype(bool) & ~missing


def _like(column: "pd.Series", value: str) -> pd.Timestamp | float | str:
    """Return a value of the plan as what the column holds: number, date or text."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.Timestamp(value)
    return float(value) if pd.api.types.is_numeric_dtype(column) else value
