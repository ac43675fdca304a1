"""The Kaplan–Meier curve with its band, its censored subjects and the numbers at risk below it."""

from collections.abc import Iterator
from itertools import cycle, product
from textwrap import wrap
from typing import Final

from analysis.results.ard import Row
from reports.figures.curves import Curve, Point, RowBelow, draw_curves, landmarks
from reports.figures.frame import COLOURS, Drawing, StepResults
from reports.words.labels import clock
from reports.words.numbers import shown, stated
from sap.methods.kaplan_meier import KaplanMeier

LOOKS: Final = tuple((colour, line) for line, colour in product(("-", "--"), COLOURS))
"""Solid, and dashed where there are more groups than colours."""
WIDEST = 24
"""Characters of a label that stand before the names of the numbers; a longer one stands above them, in lines."""
ROWS = (("At risk", "n.risk"), ("Events", "n.event"), ("Censored", "n.censor"))


def draw(drawing: Drawing) -> str:
    """Draw the curve from 0 to 100 percent, a tick for each censored time and the aligned at-risk table."""
    found = drawing.steps(KaplanMeier)[0]
    groups = zip(found.groups, cycle(LOOKS), strict=False)
    curves = [Curve(label, _points(found, label), *look, median=_median(found, label).stat) for label, look in groups]
    days = sorted({int(row.variable_level) for row in found.rows(context="at_risk", **_of(found))})
    below = [row for label in found.groups for row in _at_risk(found, label, days)] if days else []
    draw_curves(drawing, found.step.data, curves, below)
    counted = [f"{day[0].upper()}{day[1:]}."] if (day := clock(drawing.plan, found.step.data)) else []
    numbers = " and numbers at risk below" if days else ""
    lead = f"Kaplan–Meier curve with confidence band, censored subjects as ticks{numbers}."
    return " ".join([lead, *counted, *(_words(found, label) for label in found.groups)])


def _of(found: StepResults[KaplanMeier]) -> dict[str, str]:
    return {"variable": found.step.data, "grouping": found.step.by or ""}


def _median(found: StepResults[KaplanMeier], group: str) -> Row:
    return found.row("estimate", context="survival", level="median", group=group, **_of(found))


def _points(found: StepResults[KaplanMeier], group: str) -> tuple[Point, ...]:
    return tuple(
        Point(float(day), v["estimate"].stat or 0.0, v["conf.low"].stat, v["conf.high"].stat, bool(v["n.censor"].stat))
        for day, v in found.by_level(context="curve", group=group, **_of(found)).items()
    )


def _at_risk(found: StepResults[KaplanMeier], label: str, days: list[int]) -> Iterator[RowBelow]:
    counts = found.by_level(context="at_risk", group=label, **_of(found))
    above = wrap(label, WIDEST) if len(label) > WIDEST else []
    yield from map(RowBelow, above)
    for name, stat in ROWS:
        heading = f"{label}: {name}" if label and not above else name
        yield RowBelow(heading, tuple((day, shown(counts[str(day)][stat])) for day in days))


def _words(found: StepResults[KaplanMeier], label: str) -> str:
    at = {"group": label, **_of(found)}
    events, total = found.stats("n.event", "N", context="survival", **at)
    median = _median(found, label)
    prefix = f"{label}: " if label else ""
    if not total.stat:
        return f"{prefix}no subjects." if prefix else "No subjects."
    reached = f"median {shown(median)} days" if median.stat is not None else "median not reached"
    counted = f"{shown(events)} events among {shown(total)} subjects"
    step = found.step
    later = landmarks(found, step.landmarks, stated(step.conf_level), "survival_at", str, **at)
    return f"{prefix}{counted}, {reached}{later}."
