"""One line of the reconciliation: a part of the plan, or of the results, and what became of it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Literal

from analysis.results.ard import csv_text, read_result
from sap.text.problems import UserError

FILE: Final = "reconciliation.csv"

Part = Literal[
    "analysis",
    "sensitivity analysis",
    "supplementary analysis",
    "step",
    "table",
    "figure",
    "listing",
    "result",
    "rows",
]
Reason = Literal["specified in SAP", "post hoc", "not in the sealed plan", "not in the plan", "not reconciled"]
Status = Literal["run", "partly not estimable", "not estimable", "run otherwise", "partly run", "not run"]
ANALYSES: Final = ("analysis", "sensitivity analysis", "supplementary analysis")
OUTPUTS: Final = ("table", "figure", "listing")


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """One line of the reconciliation."""

    part: Part
    """A part of the plan (an analysis, a step of it, a table, figure or listing), or ``result``: the rows of one
    analysis; or ``rows``: rows of the results that belong to nothing in the plan."""
    id: str
    step: str = ""
    title: str = ""
    """Which: the id; the position of a step, from 1; the title (of a step, its label or method)."""
    reason: Reason = "specified in SAP"
    """Who promised it: ``specified in SAP``, ``post hoc``, ``not in the sealed plan`` or ``not in the plan``; ``not
    reconciled`` of everything when the sealed plan cannot be read."""
    status: Status = "run"
    """``run``; ``partly not estimable`` or ``not estimable``; ``run otherwise``: not as the sealed plan says; ``partly
    run``: some of it is missing; ``not run``."""
    promised: int = 0
    found: int = 0
    not_estimable: int = 0
    """Statistics that every run must give, those of them in the results, and those of them without a value. Of an
    output, analyses: those it shows and those of them with results. Of results, the rows."""
    why: str = ""
    """What is missing or has no value, and why."""
    promised_by: str = ""
    """Of an analysis, its steps and its results: "by amendment 2, after data lock", or how such an amendment changed
    it; empty for what was promised before."""


COLUMNS = tuple(f.name for f in fields(Reconciled))
_COUNTS = ("promised", "found", "not_estimable")


def to_csv(lines: Iterable[Reconciled]) -> str:
    """Return a reconciliation as CSV: LF line ends, one line a part."""
    return csv_text(COLUMNS, map(attrgetter(*COLUMNS), lines))


def read_reconciled(path: Path) -> tuple[Reconciled, ...]:
    """Return the reconciliation that a run wrote."""
    reader = csv.DictReader(io.StringIO(read_result(path)))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise UserError(f"{path} is not a reconciliation: its columns differ. Run `sap run` again.")
    try:
        return tuple(_line(record) for record in reader)
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} is damaged near line {reader.line_num}: {error}. Run `sap run` again.") from None


def _line(record: dict[str, str]) -> Reconciled:
    values: dict[str, Any] = {c: int(record[c]) if c in _COUNTS else record[c] for c in COLUMNS}
    return Reconciled(**values)
