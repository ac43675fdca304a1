"""What figures of survival share: a curve with its band and censored subjects, and numbers aligned below the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from reports.figures.style import GRID, INK, MUTED

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
    begins: float = 0.0


@dataclass(frozen=True)
class RowBelow:
    """A row of numbers below the axis, each under its day; one without numbers is a heading."""

    heading: str
    cells: tuple[tuple[float, str], ...] = ()


def survival_axes(axes: Axes, days: Sequence[int], curves: Sequence[Curve], first: int) -> None:
    """Set axes from 0 to 100 percent and from the start, as long as the days counted and the times observed."""
    axes.set_ylim(0, 103)
    axes.set_xlim(min([first, *days]), max([first + 1, *days, *(p.time for c in curves for p in c.points)]) * 1.03)
    axes.set_yticks(range(0, 101, 20))
    axes.set_xticks(days)
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.set_axisbelow(True)


def draw_curve(axes: Axes, curve: Curve, colour: str, line: str = "-", *, edged: bool = False) -> None:
    """Draw a curve from where it begins, its band, a tick for each censored time and a triangle where somebody left."""
    steps = [curve.begins, *(p.time for p in curve.points)]
    surv = [100.0, *(p.surv * 100 for p in curve.points)]
    axes.step(steps, surv, where="post", color=colour, lw=2, ls=line, label=curve.label or None)
    # A limit holds until the next time, even where the curve then falls to 0 and has no limits.
    band = [
        (time, p.low * 100, p.high * 100)
        for p, following in pairwise(curve.points)
        if p.low is not None and p.high is not None
        for time in (p.time, following.time)
    ]
    if band:
        times, low, high = zip(*band, strict=True)
        axes.fill_between(times, low, high, color=colour, alpha=0.12 if edged else 0.16, lw=0)
        for limit in (low, high) if edged else ():
            axes.plot(times, limit, color=colour, lw=0.7, ls=line)
    ticks = [p for p in curve.points if p.censored]
    axes.plot([p.time for p in ticks], [p.surv * 100 for p in ticks], "|", color=INK, ms=9, mew=1.4)
    left = [p for p in curve.points if p.left]
    axes.plot([p.time for p in left], [p.surv * 100 for p in left], "^", color=colour, mec=INK, mew=0.6, ms=6)


def key_above(figure: Figure, axes: Axes, labels: Sequence[str]) -> None:
    """Set the key of the curves above the axes, where it hides nothing, in as many columns as there is room for."""
    wide = [len(label) + LINE_OF_KEY for label in labels]
    columns = len(labels) if sum(wide) <= WIDEST_KEY else max(1, WIDEST_KEY // max(wide))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=columns, frameon=False)


def rows_below(axes: Axes, rows: Sequence[RowBelow]) -> None:
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
