"""How often each binomial interval would hold the true rate, for the number of subjects the plan names."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from analysis.methods.rates.intervals import BinomialMethod, coverage
from analysis.results.ard import csv_text, read_result
from sap.methods.binomial import Binomial
from sap.plan.plan import Plan

GRID = 1001
"""True rates from 0 to 1; coverage jumps at every limit, so the grid is fine."""

MOST = 1000
"""Up to how many planned subjects: every outcome is enumerated, and of more the curves are lines at the level."""


@dataclass(frozen=True)
class CoverageCurve:
    """Exact coverage of one interval at each true rate."""

    conf_type: str
    """The interval."""
    conf_level: float
    """Its nominal level."""
    n: int
    """Subjects."""
    rate: tuple[float, ...]
    coverage: tuple[float, ...]
    """True rates, and the probability that the interval holds them."""


def coverage_curves(plan: Plan) -> tuple[CoverageCurve, ...]:
    """Return the exact coverage of every binomial interval there is, at the plan's size and level."""
    if plan.study.planned_n > MOST:
        return ()
    levels = [s.conf_level for a in plan.analyses for s in a.steps if isinstance(s, Binomial)]
    level = levels[0] if levels else 0.95
    rate = np.linspace(0, 1, GRID)
    n = plan.study.planned_n
    found = ((name, coverage(n, rate, level, name)) for name in get_args(BinomialMethod))
    return tuple(CoverageCurve(name, level, n, tuple(c.p.tolist()), tuple(c.coverage.tolist())) for name, c in found)


def to_csv(curves: tuple[CoverageCurve, ...]) -> str:
    """Return the curves as CSV, one row an interval and rate."""
    rows = ((c.conf_type, c.conf_level, c.n, *at) for c in curves for at in zip(c.rate, c.coverage, strict=True))
    return csv_text(("conf_type", "conf_level", "n", "rate", "coverage"), rows)


def read_curves(path: Path) -> tuple[CoverageCurve, ...]:
    """Return the curves that `to_csv` wrote."""
    groups: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for row in csv.DictReader(io.StringIO(read_result(path))):
        point = float(row["rate"]), float(row["coverage"])
        groups.setdefault((row["conf_type"], row["conf_level"], row["n"]), []).append(point)
    return tuple(
        CoverageCurve(name, float(level), int(n), tuple(p for p, _ in points), tuple(c for _, c in points))
        for (name, level, n), points in groups.items()
    )
