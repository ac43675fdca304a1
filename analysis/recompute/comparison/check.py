"""One comparison: the reported value, the value of the other route, their difference and a verdict."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from analysis.results.ard import Row, csv_text, read_result

RELATIVE = 1e-9
"""Largest relative difference between two routes that agree."""

ABSOLUTE = 1e-14
"""Largest difference of two values that are both near 0, where a relative difference says nothing."""

NOT_RUN = "not run"

Verdict = Literal["agrees", "differs", "not recomputed"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A statistic of the results beside the same statistic by another route."""

    analysis_id: str
    analysis_set: str
    group1: str = ""
    group1_level: str = ""
    variable: str
    variable_level: str = ""
    context: str
    stat_name: str
    """Which row of the results it is about."""
    reported: float | None
    reported_text: str = ""
    recomputed: float | None
    recomputed_text: str = ""
    """The two values; None when there is no number (text, or not estimable), and the text of those that are text."""
    difference: float | None
    """``recomputed - reported``; None unless both are numbers."""
    route: str
    """How the second value was reached, or why it was not."""
    verdict: Verdict
    """``agrees``, ``differs`` or ``not recomputed``."""
    r_value: float | None = None
    """The value by R."""
    r_route: str = NOT_RUN
    """The R call, or ``not run`` with the reason."""
    step: str = ""
    dataset: str = ""
    """Position of the step in its analysis, and dataset of the variable: steps may give rows of one name."""

    @property
    def r_agrees(self) -> bool | None:
        """Whether R agrees with the reported value (its NA with "not estimable"); None when R was not asked."""
        return None if self.r_route.startswith(NOT_RUN) else agree(self.reported, self.r_value)


COLUMNS = tuple(f.name for f in fields(Check))
_NUMBERS = frozenset(f.name for f in fields(Check) if f.type == (float | None))
PLACE = ("analysis_id", "analysis_set", "group1", "group1_level", "variable", "step", "dataset")
"""What a check has in common with the place of a promise, and with a row of the results."""


def reported_by(row: Row) -> dict[str, Any]:
    """Return what a check takes from a row of the results: its place, and what is reported."""
    named = {name: getattr(row, name) for name in (*PLACE, "variable_level", "context", "stat_name")}
    return {**named, "reported": row.stat, "reported_text": row.stat_text}


def difference(reported: float | None, recomputed: float | None) -> float | None:
    """Return ``recomputed - reported``, 0 for the same infinity, None unless both are numbers."""
    if reported is None or recomputed is None:
        return None
    return 0.0 if reported == recomputed else recomputed - reported


def agree(reported: float | None, recomputed: float | None) -> bool:
    """Return whether two values are the same but for rounding in the last digits."""
    if reported is None or recomputed is None:
        return reported is recomputed
    if reported == recomputed:
        return True
    if math.isinf(reported) or math.isinf(recomputed):
        return False
    return abs(recomputed - reported) <= max(RELATIVE * max(abs(reported), abs(recomputed)), ABSOLUTE)


def to_csv(checks: Iterable[Check]) -> str:
    """Return checks as CSV: LF line ends, 15 significant digits, empty cells for what is absent."""
    return csv_text(COLUMNS, map(attrgetter(*COLUMNS), checks))


def read_checks(path: Path) -> tuple[Check, ...]:
    """Return the checks that `to_csv` wrote."""
    return tuple(_check(row) for row in csv.DictReader(io.StringIO(read_result(path))))


def _check(row: dict[str, str]) -> Check:
    cells = {name: row[name] for name in COLUMNS}
    values: dict[str, Any] = {n: (float(v) if v else None) if n in _NUMBERS else v for n, v in cells.items()}
    return Check(**values)
