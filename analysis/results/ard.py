"""The analysis results dataset (ARD): one row a statistic, full precision, with what is needed to trace it."""

import csv
import hashlib
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from sap.text.problems import UserError

T = TypeVar("T")
NOT_DONE: Final = "not estimable: the step cannot be done with these data: "
"""How the reason begins why a step as a whole has no value."""
SIGNIFICANT_DIGITS = 15
"""Digits written: what a double holds for certain, so that files do not differ in the last bit between machines."""


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """One statistic of one step.

    Attributes
    ----------
    group1_level : str
        The group it is about; empty for all.
    variable, variable_level : str
        What it is about: a variable, and the category, time or subject.
    dataset : str
        Dataset or derivation of the variable, where it is not the first the step names.
    context : str
        Which part of a method gave it, as ``proportion`` or ``survival_at``.
    stat_name, stat_label : str
        Name as in {cards} and {cardx} (``n``, ``estimate``, ``conf.low``), and in words.
    stat : float or None
        The value; None when it cannot be estimated (`error` says why) or when it is text.
    stat_text : str
        The value when it is text.
    fmt : str
        How it is shown: ``xx``, ``xx.x``, ``xx.x%`` or ``p``.
    method : str
        The method in words.
    warning, error : str
        What the reader must know; why there is no value.
    """

    group1_level: str = ""
    variable: str
    dataset: str = ""
    variable_level: str = ""
    context: str
    stat_name: str
    stat_label: str
    stat: float | None = None
    stat_text: str = ""
    fmt: str = ""
    method: str
    warning: str = ""
    error: str = ""

    def __post_init__(self) -> None:
        if self.stat is not None and math.isnan(self.stat):
            msg = (
                f"{self.context} {self.stat_name}: a statistic that cannot be estimated is None with a reason, not NaN"
            )
            raise ValueError(msg)


@dataclass(frozen=True)
class Row:
    """One row of the ARD, in the order of its columns.

    Attributes
    ----------
    step : str
        Position of the step in its analysis, from 1; empty for the sizes of sets.
    reason : {"specified in SAP", "post hoc"}
        Whether the plan promised the analysis.
    stamp : str
        Empty for a sealed run; "DRAFT" or "DRY RUN – synthetic data" otherwise.
    dataset : str
        Dataset or derivation of the variable.
    again : int
        How many rows before it have the same name: of other steps, or of other datasets. No column; `Results` counts.
    """

    analysis_id: str
    analysis_set: str
    group1: str
    group1_level: str
    variable: str
    variable_level: str
    context: str
    stat_name: str
    stat_label: str
    stat: float | None
    stat_text: str
    fmt: str
    method: str
    warning: str
    error: str
    step: str = ""
    reason: str = "specified in SAP"
    stamp: str = ""
    dataset: str = ""
    again: int = 0

    @property
    def anchor(self) -> str:
        """Name of the row in a link: the analysis, the statistic and a digest of the identity."""
        digest = hashlib.sha256("\0".join(self.identity).encode()).hexdigest()[:8]
        words = re.sub(r"[^a-z0-9]+", "-", f"{self.analysis_id} {self.stat_name}".lower()).strip("-")
        return f"{words}-{digest}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes the row unique in its results: its name, and which of the rows of that name it is."""
        return (*self.name, *((str(self.again),) if self.again else ()))

    @property
    def name(self) -> tuple[str, ...]:
        """What the row is about; two steps, or two datasets, may give rows of one name."""
        return (
            self.analysis_id,
            self.group1,
            self.group1_level,
            self.variable,
            self.variable_level,
            self.context,
            self.stat_name,
        )

    @property
    def place(self) -> tuple[str, ...]:
        """Where a plan promises the row: its name in a step, of a dataset."""
        return (*self.name, self.step, self.dataset)


COLUMNS = tuple(f.name for f in fields(Row) if f.name != "again")


@dataclass(frozen=True)
class Results:
    """An analysis results dataset.

    Raises
    ------
    UserError
        When a step gives one result twice.
    """

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        repeated = [i for i, n in Counter(r.place for r in self.rows).items() if n > 1]
        if repeated:
            where = " / ".join(part for part in repeated[0] if part)
            raise UserError(f"One step of the plan gives a result twice ({where}). Name what it counts once.")
        object.__setattr__(self, "rows", tuple(_numbered(self.rows)))

    @cached_property
    def by_identity(self) -> dict[tuple[str, ...], Row]:
        """Every row by what makes it unique."""
        return {row.identity: row for row in self.rows}

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows in order."""
        return iter(self.rows)

    def of(self, analysis_id: str) -> tuple[Row, ...]:
        """Return the rows of an analysis, in order."""
        return self._by_analysis.get(analysis_id, ())

    def having(self, analysis_id: str, column: str, value: str) -> tuple[Row, ...]:
        """Return the rows of an analysis that have a value in a column of text, in order."""
        by_value = self._by_column.get((analysis_id, column))
        if by_value is None:
            by_value = self._by_column[analysis_id, column] = {}
            for row in self.of(analysis_id):
                by_value.setdefault(getattr(row, column), []).append(row)
        return tuple(by_value.get(value, ()))

    @cached_property
    def _by_column(self) -> dict[tuple[str, str], dict[str, list[Row]]]:
        """Filled as it is asked: who looks up many rows does not go through all of them each time."""
        return {}

    @cached_property
    def _by_analysis(self) -> dict[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.analysis_id, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def with_stamp(self, stamp: str) -> "Results":
        """Return the same results with a stamp in every row."""
        return Results(tuple(replace(r, stamp=stamp) for r in self.rows))

    def to_csv(self) -> str:
        """Return the dataset as CSV: LF line ends, empty cells for what is absent."""
        return csv_text(COLUMNS, ([getattr(r, c) for c in COLUMNS] for r in self.rows))

    def to_json(self) -> str:
        """Return the dataset as a JSON list of records; an infinite limit is the text ``Inf`` or ``-Inf``."""
        records = [{c: _json(getattr(r, c)) for c in COLUMNS} for r in self.rows]
        lines = ",\n".join(json.dumps(r, ensure_ascii=False, allow_nan=False) for r in records)
        return f"[\n{lines}\n]\n"


def _numbered(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of which those of one name are numbered as they come; a number that tells a row apart is kept."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        again = row.again
        while (found := replace(row, again=again) if again != row.again else row).identity in seen:
            again += 1
        seen.add(found.identity)
        yield found


def number_text(value: float) -> str:
    """Return a number with 15 significant digits, without a trailing ``.0``."""
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return f"{value:.{SIGNIFICANT_DIGITS}g}"


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV: LF line ends, numbers with 15 significant digits, empty cells for what is absent."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([number_text(v) if isinstance(v, float) else v for v in row] for row in rows)
    return out.getvalue()


def _json(value: object) -> object:
    if isinstance(value, float):
        return float(number_text(value)) if math.isfinite(value) else number_text(value)
    return value


def read_result(path: Path) -> str:
    """Return the text of a file that ``sap run`` wrote.

    Raises
    ------
    UserError
        When it is missing or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"There are no results at {path}. Run `sap run` first.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}. Run `sap run` again.") from None


def read_valid(path: Path, kind: TypeAdapter[T]) -> T:
    """Return what a JSON file that ``sap run`` wrote holds."""
    try:
        return kind.validate_json(read_result(path))
    except ValidationError as error:
        raise UserError(f"{path} is damaged: {error.errors()[0]['msg']}. Run `sap run` again.") from None


def read_results(path: Path) -> Results:
    """Return the results of ``ard.csv``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Results
        The rows as written.

    Raises
    ------
    UserError
        When the file is missing or is not an ARD.
    """
    text = read_result(path)
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UserError(f"{path} is not an analysis results dataset: its columns differ. Run `sap run` again.")
    try:
        return Results(tuple(_row(record) for record in reader))
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} is damaged near row {reader.line_num}: {error}. Run `sap run` again.") from error


def _row(record: dict[str, Any]) -> Row:
    number = record.pop("stat")
    return Row(stat=float(number) if number else None, **record)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return values without repetition, in order of first appearance."""
    return tuple(dict.fromkeys(values))


RECORD: Final = "record"
"""The part of the method whose levels are records of subjects."""
HALVES: Final = "xx[.x]"
"""The format of a median of whole numbers: whole, but where it lies between two."""
ONGOING: Final = "ongoing"
"""Why a record has no last day."""
_NUMBERED: Final = ", record "


def record_level(subject: str, number: int) -> str:
    """Return the level of a record: ``S-01, record 2``."""
    return f"{subject}{_NUMBERED}{number}"


def subject_of(level: str) -> str:
    """Return the subject of the level of a record."""
    return level.rpartition(_NUMBERED)[0]


def number_of(level: str) -> int:
    """Return which record of its subject a level names, from 1."""
    return int(level.rpartition(_NUMBERED)[2])
