"""A column by its distinct texts: what kind of cells it holds, and which words in it stand for a missing value."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd

from sap.data.distinct import distinct
from sap.text.cells import is_date, is_integer, is_number
from sap.text.dates import collected, without_time
from sap.text.spellings import stands_for_missing

Kind = Literal["empty", "integer", "number", "date", "datetime", "partial date", "other date", "text"]
"""What the cells of a column are."""
OTHER_DATE: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
"""Dates of which nobody knows which part is the month."""
_CODE: Final = re.compile(r"0\d+")


@dataclass(frozen=True)
class Column:
    """A column of a file."""

    name: str
    label: str
    counts: Mapping[str, int]
    """How many cells hold each text, those that hold nothing not counted, in the order of the file."""
    empty: int
    """How many cells are empty."""
    missing: frozenset[str] = frozenset()
    """Words in it that stand for a missing value."""
    source: str = ""
    """What the file calls it, where that is another name."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The distinct texts that are values."""
        return tuple(t for t in self.counts if t not in self.missing)

    @cached_property
    def kind(self) -> Kind:
        """What its cells are."""
        return kind_of(self.texts)

    @property
    def has_gaps(self) -> bool:
        """Whether a cell of it is missing."""
        return self.empty > 0 or any(w in self.counts for w in self.missing)

    @cached_property
    def records(self) -> int:
        """How many cells hold a value."""
        return sum(n for text, n in self.counts.items() if text not in self.missing)


def kind_of(texts: Collection[str]) -> Kind:
    """Return what texts are, all together."""
    if not texts:
        return "empty"
    if any(map(_CODE.fullmatch, texts)):
        return "text"
    # Four digits alone are as well a year of a date as a number: they are read as a number.
    tests: tuple[tuple[Kind, Callable[[str], bool]], ...]
    tests = (("integer", is_integer), ("number", is_number), ("date", is_date))
    for kind, test in tests:
        if all(map(test, texts)):
            return kind
    if all(is_date(without_time(t)) for t in texts):
        return "datetime"
    if all(collected(t) is not None for t in texts):
        return "partial date"
    return "other date" if all(map(OTHER_DATE.fullmatch, texts)) else "text"


def day_of(text: str) -> str:
    """Return the date of a text that is a whole one, with a time or with its month by name; nothing of another."""
    day = without_time(text)
    found = collected(day) if day else None
    if found is None or found.lacks is not None:
        return ""
    return day if is_date(day) else f"{found.year:04}-{found.month:02}-{found.day:02}"


@dataclass(frozen=True, eq=False)
class Table:
    """A dataset of the folder, by its columns."""

    name: str
    """Its name, as ``ADSL``."""
    file: str
    frame: pd.DataFrame = field(repr=False)
    """Its cells as text."""
    columns: Mapping[str, Column]

    @property
    def rows(self) -> int:
        """How many records it has."""
        return len(self.frame)

    @cached_property
    def subjects(self) -> int:
        """How many subjects it has."""
        return len(self.columns["USUBJID"].texts) if "USUBJID" in self.columns else 0

    @cached_property
    def missing_words(self) -> tuple[str, ...]:
        """The words that stand for a missing value, over all columns."""
        return tuple(sorted({w for c in self.columns.values() for w in c.missing}))

    def first(self, *names: str) -> Column | None:
        """Return the first of some columns that it has, and that holds anything."""
        return next((self.columns[n] for n in names if n in self.columns and self.columns[n].texts), None)

    def cells(self, name: str) -> "pd.Series[str]":
        """Return the cells of a column, those that stand for a missing value empty."""
        column, cells = self.columns[name], self.frame[name].astype(object)
        return cells.where(~cells.isin(column.missing), "") if column.missing else cells

    def of(self, parameter: str) -> pd.DataFrame:
        """Return the records of a parameter."""
        return self.frame[self.frame["PARAMCD"].astype(object) == parameter]


_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,31}")


def table(name: str, file: str, frame: pd.DataFrame, labels: Mapping[str, str]) -> Table:
    """Return a dataset by its columns, with the words in it that stand for a missing value.

    Names are in capitals, as a plan writes them; a column that no plan can name is left out.
    """
    names: dict[str, str] = {}
    for source in map(str, frame.columns):
        bare = re.sub(r"[^A-Z0-9_]", "_", source.strip().upper())
        if _NAME.fullmatch(bare):
            names.setdefault(bare, source)
    if "USUBJID" not in names and "SUBJID" in names:
        names = {"USUBJID": names["SUBJID"], **names}
    renamed = pd.DataFrame({n: frame[source] for n, source in names.items()}, index=frame.index)
    plain = {n: _column(n, labels.get(source, ""), renamed[n]) for n, source in names.items()}
    words = _missing_words(plain.values())
    columns = {
        n: replace(c, missing=frozenset(words & c.counts.keys()), source="" if names[n] == n else names[n])
        for n, c in plain.items()
    }
    return Table(name, file, renamed, columns)


def _column(name: str, label: str, cells: "pd.Series[str]") -> Column:
    codes, texts = distinct(cells)
    seen = np.bincount(codes[codes >= 0], minlength=len(texts)).tolist()
    counts = {t: n for t, n in zip(texts, seen, strict=True) if t and n}
    return Column(name, label, counts, len(cells) - sum(counts.values()))


def _missing_words(columns: Iterable[Column]) -> frozenset[str]:
    """Return the words that stand beside numbers or dates alone in some column: nothing else can be meant there.

    Such a word beside other words may be a value (a causality of NONE), and is one unless a column of numbers has it.
    """
    found: set[str] = set()
    for column in columns:
        words = {t for t in column.counts if stands_for_missing(t)}
        others = [t for t in column.counts if t not in words]
        if words and len(others) > 1 and kind_of(others) not in {"text", "empty"}:
            found |= words
    return frozenset(found)
