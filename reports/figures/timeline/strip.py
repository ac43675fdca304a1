"""A measurement in the band of a subject: a small line on an axis of its own, the same for every subject."""

import math
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from analysis.results.ard import number_text
from reports.figures.style import COLOURS, GRID, MUTED
from reports.figures.timeline.lanes import Timeline
from reports.figures.timeline.places import COUNTS, Placed, Scale

COURSE: Final = COLOURS[0]
INNER: Final = 0.86
"""Share of the height of a strip that its line may take."""
NICE: Final = (1, 2, 5)
TINY: Final = 5.5
"""Points, of the numbers of its axis."""


@dataclass(frozen=True)
class Across:
    """The axis of a measurement: low counts must be told apart, so it is a square root or a logarithm."""

    at: int
    """Which measurement."""
    kind: str
    """Logarithmic where the plan's step is; linear where a value is negative."""
    low: float
    high: float
    """The values at its ends."""

    def share(self, value: float) -> float:
        """Return where a value stands, 0 at the lower end and 1 at the upper."""
        low, high, at = (self._scaled(v) for v in (self.low, self.high, min(max(value, self.low), self.high)))
        return (at - low) / (high - low)

    def _scaled(self, value: float) -> float:
        if self.kind == "logarithmic":
            return math.log(value)
        return math.sqrt(value) if self.kind == "square-root" else value

    @property
    def top(self) -> float:
        """The highest of 1, 2, 5, 10 … on the axis."""
        power = 10.0 ** math.floor(math.log10(max(self.high, 1e-12)))
        return max((n * power for n in NICE if n * power <= self.high), default=power)


def across(found: Timeline, at: int) -> Across:
    """Return the axis of a measurement, from the values of all subjects."""
    values = [v for b in found.bands for _, v in b.courses[at]]
    low, high = min(values, default=0.0), max(values, default=1.0)
    positive = [v for v in values if v > 0]
    if found.measured[at].log and positive:
        return Across(at, "logarithmic", min(positive) / 1.3, max(positive) * 1.3)
    if low < 0:
        return Across(at, "linear", low, high if high > low else low + 1)
    return Across(at, "square-root", 0.0, high or 1.0)


def draw_strip(axes: Axes, place: Placed, axis: Across, scale: Scale, reference: float | None) -> None:
    """Draw one measurement of one subject: every value a point, and the line the plan asks for."""
    bottom = place.strips[axis.at] + COUNTS * 0.95

    def y(value: float) -> float:
        return bottom - COUNTS * INNER * axis.share(value)

    axes.plot([scale.first, scale.last], [bottom, bottom], color=GRID, lw=0.6, zorder=1)
    for value, dotted in ((axis.top, False), (reference, True)):
        if value is None or not axis.low <= value <= axis.high:
            continue
        axes.plot(
            [scale.first, scale.last],
            [y(value)] * 2,
            color=MUTED if dotted else GRID,
            lw=0.6,
            ls=":" if dotted else "-",
            zorder=2,
        )
        axes.annotate(
            number_text(value), (1, y(value)), xycoords=axes.get_yaxis_transform(), xytext=(3, 0),
            textcoords="offset points", va="center", fontsize=TINY, color=MUTED, annotation_clip=False,
        )  # fmt: skip
    course = place.band.courses[axis.at]
    if course:
        days, values = zip(*course, strict=True)
        axes.plot(days, [y(v) for v in values], "o-", color=COURSE, lw=0.9, ms=1.8, zorder=4)
