"""What a rule across datasets is, and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sap.data.failures import Severity
from sap.model.part import Reference
from sap.plan.plan import Plan

Data = Mapping[str, pd.DataFrame]
"""The datasets, by name; their cells are numbers and dates already."""


class Finding(NamedTuple):
    """Records that break a rule, and the cells by which they do."""

    dataset: str
    """Their dataset."""
    rows: pd.DataFrame
    """The records."""
    column: str
    """The column to show."""
    others: tuple[str, ...] = ()
    """What else was read: a column of the record (``ADT``), of its subject (``ADSL.DTHDT``), or of any record its
    subject has in another dataset (``ADEX.ASTDT``)."""


Finder = Callable[[Data, Plan], Iterator[Finding]]
"""What looks for the records that break a rule; it says nothing about datasets or columns a trial does not have."""


@dataclass(frozen=True)
class Rule:
    """A rule across datasets."""

    id: str
    sentence: str
    fix: str
    find: Finder
    severity: Severity = "error"
    needed: bool = False
    """Whether nothing can be analysed on data that break it, whatever the plan excepts."""
    reads: tuple[Reference, ...] = ()
    """Columns without which it says nothing."""
    asked: Callable[[Plan], bool] = lambda _: True
    """Whether a plan has what the rule is about."""

    def lacks(self, data: Data) -> tuple[Reference, ...]:
        """Return the columns without which the rule cannot be held against data."""
        return tuple(r for r in self.reads if not has(data.get(r.dataset), r.variable))


def rule(
    name: str,
    sentence: str,
    fix: str,
    reads: str = "",
    *,
    severity: Severity = "error",
    needed: bool = False,
    asked: Callable[[Plan], bool] = lambda _: True,
) -> Callable[[Finder], Rule]:
    """Make a rule of the function below: with its id, its sentences for a data manager, and the columns it reads."""
    return lambda find: Rule(name, sentence, fix, find, severity, needed, columns(reads), asked)


def columns(written: str) -> tuple[Reference, ...]:
    """Return columns that are written as ``ADSL.DTHFL ADAE.ATOXGR``."""
    named = (name.split(".") for name in written.split())
    return tuple(Reference(dataset=dataset, variable=variable) for dataset, variable in named)


def has(frame: pd.DataFrame | None, *columns: str) -> bool:
    """Return whether there is a dataset with these columns."""
    return frame is not None and set(columns) <= set(frame.columns)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are dates and numbers, without records: others are text, unless a plan describes them."""
    return frame.iloc[:0].select_dtypes(["datetime", "number"])


def with_subject(data: Data, name: str, *columns: str) -> pd.DataFrame:
    """Return a dataset with columns of ADSL beside it (prefixed), the row numbers kept."""
    subjects = data["ADSL"].drop_duplicates("USUBJID").set_index("USUBJID")
    frame = data[name].copy(deep=False)  # its columns are many, and none is changed
    at = subjects.index.get_indexer(pd.Index(frame["USUBJID"]))
    for c in columns:
        frame[f"ADSL_{c}"] = subjects[c].reset_index(drop=True).reindex(at).to_numpy()
    return frame
