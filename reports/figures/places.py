"""Points of a scatter figure: how subjects of a group look, and how several in one place are counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from reports.figures.style import INK

Points = Mapping[str, tuple[float, float]]
"""Where each subject stands."""

FEW: Final = 30
"""Most subjects whose points are large."""
LABELLED: Final = 10
"""Most places of several subjects in a panel that can carry their number; of more, labels would cover the points."""
ONE: Final = 22.0
"""Area of the point of one subject where areas count, in square points, unless the greatest would be too large."""
LARGEST: Final = 170.0


@dataclass(frozen=True)
class Look:
    """How the points of a group are drawn."""

    label: str
    marker: str
    colour: str
    subjects: frozenset[str]

    def own(self, points: Points) -> list[tuple[float, float]]:
        """Return the points of the group; of a look without a name, all."""
        return [p for s, p in points.items() if s in self.subjects or not self.label]


@dataclass(frozen=True)
class Areas:
    """Points whose area is the number of subjects in their place, up to the most of one group in one place."""

    most: int

    def of(self, subjects: int) -> float:
        """Return the area of a point, in square points."""
        return min(ONE, LARGEST / self.most) * subjects

    def key(self) -> list[Line2D]:
        """Return points of one subject, of about half the most, and of the most, for the key."""
        return [
            Line2D(
                [], [], ls="", marker="o", color="none", markeredgecolor=INK, ms=self.of(n) ** 0.5,
                label=f"{n} subject" + ("" if n == 1 else "s"),
            )
            for n in sorted({1, (self.most + 1) // 2, self.most})
        ]  # fmt: skip


def areas(panels: Iterable[Points], looks: Sequence[Look]) -> Areas | None:
    """Return the areas of a figure; None where each panel has few places of several subjects, which are labelled."""
    drawn = list(panels)
    if all(sum(n > 1 for n in Counter(points.values()).values()) <= LABELLED for points in drawn):
        return None
    return Areas(max(n for points in drawn for look in looks for n in Counter(look.own(points)).values()))


def draw_points(axes: Axes, points: Points, looks: Sequence[Look]) -> None:
    """Draw a point a subject, and beside those in one place how many they are."""
    for look in looks:
        own = look.own(points)
        axes.plot(
            [x for x, _ in own], [y for _, y in own], look.marker, color=look.colour, markeredgecolor=INK,
            markeredgewidth=0.7, ms=7 if len(points) <= FEW else 5, alpha=0.85, zorder=3,
        )  # fmt: skip
    for place, count in Counter(points.values()).items():
        if count > 1:
            # Points in one place would look like one subject.
            axes.annotate(
                f"×{count}", place, xytext=(5, 4), textcoords="offset points", fontsize=8, color=INK, zorder=4
            )


def draw_areas(axes: Axes, points: Points, looks: Sequence[Look], scale: Areas) -> None:
    """Draw a point a place and group, as large as the group's subjects there; the smaller on top of the larger."""
    places = [(n, look, place) for look in looks for place, n in Counter(look.own(points)).items()]
    for n, look, place in sorted(places, key=lambda found: -found[0]):
        axes.plot(
            *place, look.marker, color=look.colour, markeredgecolor=INK, markeredgewidth=0.5,
            ms=scale.of(n) ** 0.5, alpha=0.7, zorder=3,
        )  # fmt: skip
