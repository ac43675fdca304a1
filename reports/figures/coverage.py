"""Exact coverage of each binomial interval against the true rate, one panel an interval."""

from collections.abc import Sequence
from pathlib import Path

from analysis.design.coverage_curves import CoverageCurve
from reports.figures.frame import COLOURS, GRID, INK, panels
from reports.words.numbers import percent, stated

COLUMNS = 2
NAMES = {
    "clopper-pearson": "Clopper–Pearson",
    "mid-p": "Mid-P",
    "blaker": "Blaker",
    "minimum-likelihood": "Minimum likelihood",
    "wilson": "Wilson",
    "jeffreys": "Jeffreys",
    "agresti-coull": "Agresti–Coull",
}


def draw_coverage(curves: Sequence[CoverageCurve], path: Path) -> str:
    """Draw the curves with the nominal level as a line."""
    rows = -(-len(curves) // COLUMNS)
    names = [NAMES.get(curve.conf_type, curve.conf_type) for curve in curves]
    with panels(path, 1.7 * rows, rows, COLUMNS, x=True, y=True) as (figure, axes):
        for place, curve, name in zip(axes, curves, names, strict=False):
            place.plot([100 * p for p in curve.rate], [100 * c for c in curve.coverage], color=COLOURS[0], lw=1.1)
            place.axhline(100 * curve.conf_level, color=COLOURS[1], lw=1.2, ls="--")
            place.set_title(f"{name}: lowest {lowest(curve)}", loc="left", color=INK)
            place.set_ylim(70, 100.5)
            place.set_xlim(0, 100)
            place.grid(axis="y", color=GRID, lw=0.8)
        for place in axes[len(curves) :]:
            place.set_visible(False)
        figure.supxlabel("True rate (%)", fontsize="medium")
        figure.supylabel("Probability that the interval holds it (%)", fontsize="medium")
    level = stated(curves[0].conf_level) if curves else ""
    words = "; ".join(f"{name} {lowest(curve)}" for name, curve in zip(names, curves, strict=True))
    return f"Coverage against the true rate, with the nominal {level} as a line. Lowest coverage: {words}."


def lowest(curve: CoverageCurve) -> str:
    """Return the lowest coverage of an interval, as it is printed."""
    return percent(min(curve.coverage))
