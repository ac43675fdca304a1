"""The Kaplan–Meier curve with its band, its censored subjects and the numbers at risk below it."""

from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from textwrap import wrap

from reports.figures.curves import (
    WITHOUT_EVENT,
    Curve,
    Point,
    RowBelow,
    draw_curve,
    key_above,
    rows_below,
    survival_axes,
)
from reports.figures.style import COLOURS, canvas, save_svg
from reports.layout.lookup import Lookup
from reports.words.labels import clock, days_axis
from reports.words.numbers import shown, stated
from sap.methods.kaplan_meier import KaplanMeier
from sap.plan.plan import Output, Plan

LINES = ("-", "--")
"""Solid, and dashed where there are more groups than colours."""
WIDEST = 24
"""Characters of a label that stand before the names of the numbers; a longer one stands above them, in lines."""
ROWS = (("At risk", "n.risk"), ("Events", "n.event"), ("Censored", "n.censor"))


def draw_kaplan_meier(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw the curve from 0 to 100 percent, a tick for each censored time and the aligned at-risk table."""
    analysis = plan.analysis(output.analyses[0])
    step = next(s for s in analysis.steps if isinstance(s, KaplanMeier))
    lookup = lookup.of(analysis, step)
    labels = [g.label for g in plan.grouping(step.by).levels] if step.by else [""]
    groups = [Curve(label, _points(lookup, analysis.id, step, label)) for label in labels]
    days = _days(lookup, analysis.id, step)
    below = [row for label in labels for row in _at_risk(lookup, analysis.id, step, label, days)]
    with canvas(6.4, 3.9 + 0.21 * len(below)) as (figure, axes):
        for group, (line, colour) in zip(groups, cycle(product(LINES, COLOURS)), strict=False):
            draw_curve(axes, group, colour, line)
        survival_axes(axes, days, groups, plan.conventions.origin_day)
        axes.set_ylabel(output.curve or WITHOUT_EVENT)
        axes.set_xlabel(days_axis(plan, output, step.data))
        if len(groups) > 1:
            key_above(figure, axes, labels)
        rows_below(axes, below)
        save_svg(figure, path)
    return _words(plan, lookup, analysis.id, step, labels)


def _points(lookup: Lookup, analysis_id: str, step: KaplanMeier, group: str) -> tuple[Point, ...]:
    at = {"context": "curve", "variable": step.data, "grouping": step.by or "", "group": group}
    return tuple(
        Point(float(day), v["estimate"].stat or 0.0, v["conf.low"].stat, v["conf.high"].stat, bool(v["n.censor"].stat))
        for day, v in lookup.by_level(analysis_id, **at).items()
    )


def _days(lookup: Lookup, analysis_id: str, step: KaplanMeier) -> list[int]:
    """Return the days on which the subjects at risk are counted: those of the plan, or regular ones."""
    found = lookup.rows(analysis_id, context="at_risk", variable=step.data, grouping=step.by or "")
    return sorted({int(row.variable_level) for row in found})


def _at_risk(lookup: Lookup, analysis_id: str, step: KaplanMeier, label: str, days: list[int]) -> Iterator[RowBelow]:
    at = {"context": "at_risk", "variable": step.data, "grouping": step.by or "", "group": label}
    found = lookup.by_level(analysis_id, **at)
    above = wrap(label, WIDEST) if len(label) > WIDEST else []
    yield from map(RowBelow, above)
    for name, stat in ROWS:
        heading = f"{label}: {name}" if label and not above else name
        yield RowBelow(heading, tuple((day, shown(found[str(day)][stat])) for day in days))


def _words(plan: Plan, lookup: Lookup, analysis_id: str, step: KaplanMeier, labels: list[str]) -> str:
    sentences = [f"{told[0].upper()}{told[1:]}."] if (told := clock(plan, step.data)) else []
    level = stated(step.conf_level)
    for label in labels:
        at = {"variable": step.data, "grouping": step.by or "", "group": label}
        events = lookup.row(analysis_id, "n.event", context="survival", **at)
        total = lookup.row(analysis_id, "N", context="survival", **at)
        median = lookup.row(analysis_id, "estimate", context="survival", level="median", **at)
        prefix = f"{label}: " if label else ""
        if not total.stat:
            sentences.append(f"{prefix}no subjects." if prefix else "No subjects.")
            continue
        reached = f"median {shown(median)} days" if median.stat is not None else "median not reached"
        text = f"{prefix}{shown(events)} events among {shown(total)} subjects, {reached}"
        for day in step.landmarks:
            here = {"context": "survival_at", "level": str(day), **at}
            found = lookup.row(analysis_id, "estimate", **here)
            if found.stat is not None:
                low, high = (lookup.row(analysis_id, n, **here) for n in ("conf.low", "conf.high"))
                text += f"; {shown(found)} at {day} days ({level} CI {shown(low)} to {shown(high)})"
        sentences.append(text + ".")
    return "Kaplan–Meier curve with confidence band, censored subjects as ticks and numbers at risk below. " + " ".join(
        sentences
    )
