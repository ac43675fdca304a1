"""What figures of survival share: curves with their bands and censored subjects, and numbers aligned below the axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from reports.figures.frame import INK, MUTED, Drawing, S, StepResults, canvas, grid
from reports.words.labels import days_axis
from reports.words.numbers import shown

FIRST_LINE = -48
LINE = 15
"""Where the numbers begin below the axis, and the height of their lines, in points."""
WIDEST_KEY = 84
LINE_OF_KEY = 9
"""Characters of a line of the key, and those that a line of a curve and the room beside it take."""
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
    width: float,
    edged: bool = False,
    line_at: int = 0,
) -> None:
    """Draw curves of one time on an axis from 0 to 100 percent, with the numbers below; a line where one is asked."""
    first = drawing.plan.conventions.origin_day
    days = sorted({day for row in below for day, _ in row.cells})
    with canvas(drawing.path, width, 3.9 + 0.21 * len(below)) as (figure, axes):
        for curve in curves:
            _draw_curve(axes, curve, edged=edged)
        axes.set_ylim(0, 103)
        axes.set_xlim(min([first, *days]), max([first + 1, *days, *(p.time for c in curves for p in c.points)]) * 1.03)
        axes.set_yticks(range(0, 101, 20))
        axes.set_xticks(days)
        grid(axes)
        if line_at:
            axes.axvline(line_at, color=INK, lw=0.8, ls=":")
        axes.set_ylabel(drawing.output.curve or WITHOUT_EVENT)
        axes.set_xlabel(days_axis(drawing.plan, drawing.output, data))
        if len(curves) > 1:
            _key_above(figure, axes, [curve.label for curve in curves])
        _rows_below(axes, below)


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
    """Draw a curve from where it begins, its band, a tick for each censored time and a triangle where somebody left."""
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
    axes.plot([p.time for p in left], [p.surv * 100 for p in left], "^", color=curve.colour, mec=INK, mew=0.6, ms=6)


def _key_above(figure: Figure, axes: Axes, labels: Sequence[str]) -> None:
    """Set the key of the curves above the axes, where it hides nothing, in as many columns as there is room for."""
    wide = [len(label) + LINE_OF_KEY for label in labels]
    columns = len(labels) if sum(wide) <= WIDEST_KEY else max(1, WIDEST_KEY // max(wide))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=columns, frameon=False)


def _rows_below(axes: Axes, rows: Sequence[RowBelow]) -> None:
    """Write rows of numbers under their days, on the axis of the curve."""
    place = blended_transform_factory(axes.transData, axes.transAxes)
    for i, row in enumerate(rows):
        below = FIRST_LINE - i * LINE
        axes.annotate(
            row.heading, (0, 0), xycoords="axes fraction", xytext=(-16, below), textcoords="offset points",
            ha="right", va="center", fontsize=8, color=MUTED if row.cells else INK, annotation_clip=False,
            fontweight="normal" if row.cells else "bold",
        )  # fmt: skip
        for day, text in row.cells:
            axes.annotate(
                text, (day, 0), xycoords=place, xytext=(0, below), textcoords="offset points",
                ha="center", va="center", fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
