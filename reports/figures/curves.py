"""What figures of survival share: curves with their bands and censored subjects, and numbers aligned below the axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import multimode
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.markers import TICKUP
from matplotlib.transforms import blended_transform_factory

from reports.figures.frame import INK, MUTED, SMALL, Drawing, S, StepResults, canvas, grid
from reports.words.labels import days_axis
from reports.words.numbers import shown

FIRST_LINE = -42
LINE = 12.5
"""Where the numbers begin below the axis, and the height of their lines, in points."""
WIDEST_NAME = 18
LINE_OF_NAME = 5.5
"""Characters of a line of the name of a curve, and the height of such a line, in percent of the axis."""
HALF = 50
"""Percent at which a median is read."""
WITHOUT_EVENT = "Subjects without the event (%)"
"""What a curve shows whatever the event is."""


@dataclass(frozen=True)
class Point:
    """A time of a curve."""

    time: float
    surv: float
    low: float | None
    high: float | None
    censored: bool
    left: bool = False
    """Whether somebody left for another curve."""


@dataclass(frozen=True)
class Curve:
    """A curve; the label is empty when there is one, and `begins` is the day from which somebody was followed."""

    label: str
    points: tuple[Point, ...]
    colour: str
    line: str
    begins: float = 0.0
    median: float | None = None
    """Where the results have one."""

    @property
    def last(self) -> tuple[float, float]:
        """Where the curve ends, in days and percent."""
        return (self.points[-1].time, self.points[-1].surv * 100) if self.points else (self.begins, 100.0)


@dataclass(frozen=True)
class RowBelow:
    """A row of numbers below the axis, each under its day; one without numbers is a heading."""

    heading: str
    cells: tuple[tuple[float, str], ...] = ()


def draw_curves(
    drawing: Drawing,
    data: str,
    curves: Sequence[Curve],
    below: Sequence[RowBelow],
    *,
    edged: bool = False,
    line_at: int = 0,
) -> None:
    """Draw curves of one time on an axis from 0 to 100 percent, with the numbers below; a line where one is asked."""
    first = drawing.plan.conventions.origin_day
    days = sorted({day for row in below for day, _ in row.cells})
    ticks = even(days)
    rows = below if ticks == days else [RowBelow("Day", tuple((d, f"{d:g}") for d in days)), *below]
    with canvas(drawing.path, 3.3 + LINE / 72 * len(rows)) as (_, axes):
        for curve in curves:
            _draw_curve(axes, curve, edged=edged)
        last = max([first + 1, *days, *(p.time for c in curves for p in c.points)])
        axes.set_ylim(0, 103)
        axes.set_xlim(min([first, *days]), last + (last - first) * 0.03)
        axes.set_yticks(range(0, 101, 20))
        if ticks:
            axes.set_xticks(ticks)
        grid(axes)
        if line_at:
            axes.axvline(line_at, color=INK, lw=0.8, ls=":")
        axes.set_ylabel(drawing.output.curve or WITHOUT_EVENT)
        axes.set_xlabel(days_axis(drawing.plan, drawing.output, data))
        _medians(axes, curves)
        if len(curves) > 1:
            _names(axes, curves)
        _rows_below(axes, rows)


def even(days: Sequence[float]) -> list[float]:
    """Return where the axis is marked: on the first day, then by the step that most days are from each other."""
    steps = multimode(b - a for a, b in pairwise(days))
    if len(steps) != 1:
        return list(days)
    first, step = days[0], steps[0]
    return [first, *(n * step for n in range(int(first // step) + 1, int(days[-1] // step) + 1) if n * step > first)]


def apart(heights: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return heights of names, each as near to its own as keeps them from each other: none stands on another."""
    found = dict.fromkeys(range(len(heights)), 0.0)
    below = float("-inf")
    for i in sorted(found, key=lambda i: heights[i]):
        found[i] = max(heights[i], below + sizes[i] / 2)
        below = found[i] + sizes[i] / 2
    return list(found.values())


def landmarks(
    found: StepResults[S], days: Sequence[int], level: str, context: str, place: Callable[[int], str], **at: str
) -> str:
    """Return the estimate on each day with its interval, in words; `place` gives the level of a day in the results."""
    told = ""
    for day in days:
        here = {"context": context, "level": place(day), **at}
        estimate = found.row("estimate", **here)
        if estimate.stat is not None:
            low, high = found.stats("conf.low", "conf.high", **here)
            told += f"; {shown(estimate)} at {day} days ({level} CI {shown(low)} to {shown(high)})"
    return told


def _draw_curve(axes: Axes, curve: Curve, *, edged: bool) -> None:
    """Draw a curve from where it begins, its band, a tick where one is censored, and one upwards where one left."""
    steps = [curve.begins, *(p.time for p in curve.points)]
    surv = [100.0, *(p.surv * 100 for p in curve.points)]
    axes.step(steps, surv, where="post", color=curve.colour, lw=2, ls=curve.line, label=curve.label or None)
    # A limit holds until the next time, even where the curve then falls to 0 and has no limits.
    band = [
        (time, p.low * 100, p.high * 100)
        for p, following in pairwise(curve.points)
        if p.low is not None and p.high is not None
        for time in (p.time, following.time)
    ]
    if band:
        times, low, high = zip(*band, strict=True)
        axes.fill_between(times, low, high, color=curve.colour, alpha=0.12 if edged else 0.16, lw=0)
        for limit in (low, high) if edged else ():
            axes.plot(times, limit, color=curve.colour, lw=0.7, ls=curve.line)
    ticks = [p for p in curve.points if p.censored]
    axes.plot([p.time for p in ticks], [p.surv * 100 for p in ticks], "|", color=INK, ms=9, mew=1.4)
    left = [p for p in curve.points if p.left]
    axes.plot([p.time for p in left], [p.surv * 100 for p in left], marker=TICKUP, ls="", color=INK, ms=8, mew=0.7)


def _medians(axes: Axes, curves: Sequence[Curve]) -> None:
    """Draw the way by which a median is read: from 50 percent to the curve and down to its day, which is written."""
    reached = sorted((c.median, c.colour) for c in curves if c.median is not None)
    if reached:
        axes.plot([axes.get_xlim()[0], reached[-1][0]], [HALF, HALF], color=MUTED, lw=0.9, ls=(0, (2, 2)), zorder=1)
    for median, colour in reached:
        axes.plot([median, median], [0, HALF], color=colour, lw=0.9, ls=(0, (2, 2)), zorder=1)


def _names(axes: Axes, curves: Sequence[Curve]) -> None:
    """Write the name of each curve at its end, beyond the axis, where it hides nothing."""
    names = [fill(curve.label, WIDEST_NAME) for curve in curves]
    sizes = [LINE_OF_NAME * (name.count("\n") + 1) + 1.5 for name in names]
    heights = apart([curve.last[1] for curve in curves], sizes)
    for curve, name, at in zip(curves, names, heights, strict=True):
        axes.plot(
            [1, 1.02],
            [curve.last[1], at],
            transform=axes.get_yaxis_transform(),
            color=curve.colour,
            lw=0.8,
            ls=curve.line,
            clip_on=False,
        )
        axes.annotate(
            name, (1.025, at), xycoords=axes.get_yaxis_transform(), va="center", color=curve.colour, fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip


def _rows_below(axes: Axes, rows: Sequence[RowBelow]) -> None:
    """Write rows of numbers under their days, on the axis of the curve."""
    place = blended_transform_factory(axes.transData, axes.transAxes)
    for i, row in enumerate(rows):
        below = FIRST_LINE - i * LINE
        axes.annotate(
            row.heading, (0, 0), xycoords="axes fraction", xytext=(-16, below), textcoords="offset points",
            ha="right", va="center", fontsize=SMALL, color=MUTED if row.cells else INK, annotation_clip=False,
            fontweight="normal" if row.cells else "bold",
        )  # fmt: skip
        for day, text in row.cells:
            axes.annotate(
                text, (day, 0), xycoords=place, xytext=(0, below), textcoords="offset points",
                ha="center", va="center", annotation_clip=False,
            )  # fmt: skip
