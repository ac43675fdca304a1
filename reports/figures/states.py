"""The Simon–Makuch curves of a state entered during follow-up, with the numbers in each state below them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from analysis.results.ard import Row
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
from reports.figures.style import COLOURS, INK, canvas, save_svg
from reports.layout.lookup import Lookup
from reports.layout.model import LIMITS
from reports.words.labels import clock, days_axis
from reports.words.numbers import p_equals, shown, stated
from sap.methods.time_dependent import TimeDependent
from sap.plan.plan import Output, Plan

LINES = ("-", "--")
"""Unexposed solid, exposed dashed: told apart without colour."""
UNEXPOSED: Final = {"At risk": "n.risk", "Events": "n.event", "Censored": "n.censor", "Changed state": "n.leave"}
EXPOSED: Final = {"Entered": "n.enter", "At risk": "n.risk", "Events": "n.event", "Censored": "n.censor"}
"""What is counted in each state, below the curves."""


def draw_states(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a curve for each state, that of the exposed from the first of them, and the aligned numbers."""
    analysis = plan.analysis(output.analyses[0])
    step = next(s for s in analysis.steps if isinstance(s, TimeDependent))
    lookup = lookup.of(analysis, step)
    curves = [_curve(lookup, analysis.id, step, label) for label in (step.unexposed, step.exposed)]
    counted = lookup.by_level(analysis.id, context="simon_makuch_risk", variable=step.data)
    days = sorted({int(level.rpartition(", day ")[2]) for level in counted})
    below = [*_rows(counted, days, step.unexposed, UNEXPOSED), *_rows(counted, days, step.exposed, EXPOSED)]
    with canvas(6.8, 3.9 + 0.21 * len(below)) as (figure, axes):
        for curve, colour, line in zip(curves, COLOURS, LINES, strict=False):
            draw_curve(axes, curve, colour, line, edged=True)
        survival_axes(axes, days, curves, plan.conventions.origin_day)
        if step.start:
            axes.axvline(step.start, color=INK, lw=0.8, ls=":")
        axes.set_ylabel(output.curve or WITHOUT_EVENT)
        axes.set_xlabel(days_axis(plan, output, step.data))
        key_above(figure, axes, [curve.label for curve in curves])
        rows_below(axes, below)
        save_svg(figure, path)
    told = clock(plan, step.data)
    words = _words(lookup, analysis.id, step, plan.conventions.p_value_digits)
    return f"{words} {told[0].upper()}{told[1:]}." if told else words


def _curve(lookup: Lookup, analysis_id: str, step: TimeDependent, label: str) -> Curve:
    start = f"{label}, day "
    found = lookup.by_level(analysis_id, context="simon_makuch", variable=step.data)
    points = tuple(
        _point(float(level.removeprefix(start)), at) for level, at in found.items() if level.startswith(start)
    )
    first = lookup.row(analysis_id, "first", context="states", variable=step.data, level=label).stat
    return Curve(label, points, max(float(step.start), first or 0.0))


def _point(day: float, at: dict[str, Row]) -> Point:
    surv, low, high = (at[name].stat for name in LIMITS)
    return Point(day, surv or 0.0, low, high, bool(at["n.censor"].stat), bool(at["n.leave"].stat))


def _rows(
    found: Mapping[str, Mapping[str, Row]], days: Sequence[int], label: str, rows: Mapping[str, str]
) -> tuple[RowBelow, ...]:
    counted = (
        RowBelow(name, tuple((day, shown(found[f"{label}, day {day}"][stat])) for day in days))
        for name, stat in rows.items()
    )
    return (RowBelow(label), *counted)


def _words(lookup: Lookup, analysis_id: str, step: TimeDependent, digits: int) -> str:
    lead = "Simon–Makuch curves with confidence bands, censored subjects as ticks and the numbers in each state below."
    states = [_state(lookup, analysis_id, step, label) for label in (step.unexposed, step.exposed)]
    at = {"context": "mantel_byar", "variable": step.data, "level": ""}
    p, compared = lookup.row(analysis_id, "p.value", **at), lookup.row(analysis_id, "n.compared", **at)
    events = f"{_many(compared, 'event')} while both states were at risk"
    test = f"Mantel–Byar p {p_equals(p, digits)}, from {events}." if p.stat is not None else f"No test: {events}."
    return " ".join((lead, *states, test, "The curves are not those of fixed groups."))


def _many(row: Row, noun: str) -> str:
    return f"{shown(row)} {noun}" + ("" if row.stat == 1 else "s")


def _state(lookup: Lookup, analysis_id: str, step: TimeDependent, label: str) -> str:
    at = {"variable": step.data, "context": "states", "level": label}
    n, events, days = (lookup.row(analysis_id, name, **at) for name in ("n", "n.event", "time"))
    if not n.stat:
        return f"{label}: no subjects."
    counted = f"{_many(n, 'subject')}, {_many(events, 'event')} in {shown(days)} subject-days"
    text = f"{label}: {counted}"
    level = stated(step.conf_level)
    for day in step.landmarks:
        here = {"variable": step.data, "context": "simon_makuch_at", "level": f"{label}, day {day}"}
        found = lookup.row(analysis_id, "estimate", **here)
        if found.stat is not None:
            low, high = (lookup.row(analysis_id, limit, **here) for limit in ("conf.low", "conf.high"))
            text += f"; {shown(found)} at {day} days ({level} CI {shown(low)} to {shown(high)})"
    return f"{text}."
