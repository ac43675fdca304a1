"""The Simon–Makuch curves of a state entered during follow-up, with the numbers in each state below them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analysis.results.ard import Row
from reports.figures.curves import Curve, Point, RowBelow, draw_curves, landmarks
from reports.figures.frame import COLOURS, Drawing, StepResults
from reports.layout.model import LIMITS
from reports.words.labels import clock
from reports.words.numbers import p_equals, shown, stated
from sap.methods.time_dependent import TimeDependent

LOOKS: Final = ((COLOURS[0], "-"), (COLOURS[1], "--"))
"""Unexposed solid, exposed dashed: told apart without colour."""
UNEXPOSED: Final = {"At risk": "n.risk", "Events": "n.event", "Censored": "n.censor", "Changed state": "n.leave"}
EXPOSED: Final = {"Entered": "n.enter", "At risk": "n.risk", "Events": "n.event", "Censored": "n.censor"}
"""What is counted in each state, below the curves."""


def draw(drawing: Drawing) -> str:
    """Draw a curve for each state, that of the exposed from the first of them, and the aligned numbers."""
    found = drawing.steps(TimeDependent)[0]
    step = found.step
    states = (step.unexposed, step.exposed)
    curves = [_curve(found, label, *look) for label, look in zip(states, LOOKS, strict=True)]
    counts = found.by_level(context="simon_makuch_risk", variable=step.data)
    days = sorted({int(level.rpartition(", day ")[2]) for level in counts})
    counted = zip(states, (UNEXPOSED, EXPOSED), strict=True)
    below = [row for label, rows in counted for row in _rows(counts, days, label, rows)]
    draw_curves(drawing, step.data, curves, below, edged=True, line_at=step.start)
    words = _words(found, drawing.plan.conventions.p_value_digits)
    return f"{words} {day[0].upper()}{day[1:]}." if (day := clock(drawing.plan, step.data)) else words


def _curve(found: StepResults[TimeDependent], label: str, colour: str, line: str) -> Curve:
    start = f"{label}, day "
    levels = found.by_level(context="simon_makuch", variable=found.step.data)
    own = {float(level.removeprefix(start)): at for level, at in levels.items() if level.startswith(start)}
    first = found.row("first", context="states", variable=found.step.data, level=label).stat
    points = tuple(_point(day, at) for day, at in own.items())
    return Curve(label, points, colour, line, max(float(found.step.start), first or 0.0))


def _point(day: float, at: Mapping[str, Row]) -> Point:
    surv, low, high = (at[name].stat for name in LIMITS)
    return Point(day, surv or 0.0, low, high, bool(at["n.censor"].stat), bool(at["n.leave"].stat))


def _rows(
    counts: Mapping[str, Mapping[str, Row]], days: Sequence[int], label: str, rows: Mapping[str, str]
) -> Iterator[RowBelow]:
    yield RowBelow(label)
    for name, stat in rows.items():
        yield RowBelow(name, tuple((day, shown(counts[f"{label}, day {day}"][stat])) for day in days))


def _words(found: StepResults[TimeDependent], digits: int) -> str:
    lead = "Simon–Makuch curves with confidence bands, censored subjects as ticks and the numbers in each state below."
    states = [_state(found, label) for label in (found.step.unexposed, found.step.exposed)]
    p, compared = found.stats("p.value", "n.compared", context="mantel_byar", variable=found.step.data, level="")
    events = f"{_many(compared, 'event')} while both states were at risk"
    test = f"Mantel–Byar p {p_equals(p, digits)}, from {events}." if p.stat is not None else f"No test: {events}."
    return " ".join((lead, *states, test, "The curves are not those of fixed groups."))


def _many(row: Row, noun: str) -> str:
    return f"{shown(row)} {noun}" + ("" if row.stat == 1 else "s")


def _state(found: StepResults[TimeDependent], label: str) -> str:
    data = found.step.data
    n, events, days = found.stats("n", "n.event", "time", variable=data, context="states", level=label)
    if not n.stat:
        return f"{label}: no subjects."
    counted = f"{_many(n, 'subject')}, {_many(events, 'event')} in {shown(days)} subject-days"
    days_told, level = found.step.landmarks, stated(found.step.conf_level)

    def place(day: int) -> str:
        return f"{label}, day {day}"

    return f"{label}: {counted}{landmarks(found, days_told, level, 'simon_makuch_at', place, variable=data)}."
