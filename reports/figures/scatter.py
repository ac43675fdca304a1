"""Two quantities against each other: a point a subject, a panel a pair, with their rank correlation and no line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.steps.correlation import NAMES
from reports.figures.frame import COLOURS, INK, MARKERS, MUTED, SMALL, Drawing, StepResults, grid, key_below, panels
from reports.words.labels import variable_label
from reports.words.numbers import NOT_ESTIMABLE, p_equals, shown, stated
from sap.methods.correlation import Correlation
from sap.model.part import Reference
from sap.plan.plan import Plan

MOST_COLUMNS = 3
NO_GROUP = "In no group"
WIDEST = 34
"""Characters that stand above a panel on one line."""
MARGIN: Final = 0.08
"""Room between the outer points and the frame, as a share of their span."""
FEW: Final = 30
"""Most subjects whose points are large."""
LABELLED: Final = 10
"""Most places of several subjects in a panel that can carry their number; of more, labels would cover the points."""
ONE: Final = 22.0
"""Area of the point of one subject where areas count, in square points, unless the greatest would be too large."""
LARGEST: Final = 170.0

Pair = tuple[Reference, Reference]
Points = Mapping[str, tuple[float, float]]
"""Where each subject stands."""


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


def draw(drawing: Drawing) -> str:
    """Draw a panel for each pair of variables: every subject with both values, and the coefficients above."""
    plan, output, analysis = drawing.plan, drawing.output, drawing.analysis
    told: dict[Pair, list[tuple[str, ...]]] = {}
    for found in drawing.steps(Correlation):
        told.setdefault((found.step.variable, found.step.with_variable), []).append(tuple(_coefficients(found)))
    columns = min(MOST_COLUMNS, len(told))
    lines = -(-len(told) // columns)
    room = 0.3 * max(len(found) for texts in told.values() for found in texts) * max(map(len, told.values()))
    one_scale = len({y for _, y in told}) == 1
    looks = _looks(drawing)
    values = {v: drawing.values(analysis.id, v) for pair in told for v in pair}
    drawn = {(x, y): {s: (values[x][s], values[y][s]) for s in values[x] if s in values[y]} for x, y in told}
    scale = _areas(drawn.values(), looks)
    measured = output.axis if one_scale else None
    with panels(drawing.path, (2.1 + room) * lines + 0.4, lines, columns, y=one_scale) as (figure, axes):
        for position, (place, ((x, y), texts)) in enumerate(zip(axes, told.items(), strict=False)):
            points = drawn[x, y]
            _panel(place, points, looks, scale)
            _span(place, points, list(values[y].values() if one_scale else ()))
            place.set_xlabel(_label(plan, x))
            if not one_scale or position % columns == 0:
                place.set_ylabel(measured or _label(plan, y))
            place.set_title("\n".join(t for found in texts for t in found), loc="left", fontsize=SMALL, color=INK)
        for place in axes[len(told) :]:
            place.set_axis_off()
        if key := [*_key(looks), *(scale.key() if scale else ())]:
            key_below(figure, key, min(len(key), 2 * columns) if scale else len(key))
    return _words(plan, told, looks, measured, scale)


def _looks(drawing: Drawing) -> tuple[Look, ...]:
    """Return the look of each group; one look without a name where the figure marks no groups."""
    if drawing.output.marks is None:
        return (Look("", MARKERS[0], COLOURS[0], frozenset()),)
    grouping = drawing.plan.grouping(drawing.output.marks)
    codes = drawing.members(drawing.analysis.id, grouping)
    looks = [
        Look(
            level.label, MARKERS[i % len(MARKERS)], COLOURS[i % len(COLOURS)],
            frozenset(s for s, code in codes.items() if code in level.values),
        )
        for i, level in enumerate(grouping.levels)
    ]  # fmt: skip
    outside = frozenset(codes) - frozenset(s for look in looks for s in look.subjects)
    return (*looks, *([Look(NO_GROUP, "X", MUTED, outside)] if outside else []))


def _areas(panels: Iterable[Points], looks: Sequence[Look]) -> Areas | None:
    """Return the areas of a figure; None where each panel has few places of several subjects, which are labelled."""
    drawn = list(panels)
    if all(sum(n > 1 for n in Counter(points.values()).values()) <= LABELLED for points in drawn):
        return None
    return Areas(max(n for points in drawn for look in looks for n in Counter(look.own(points)).values()))


def _panel(axes: Axes, points: Points, looks: Sequence[Look], scale: Areas | None) -> None:
    if scale is None:
        _draw_points(axes, points, looks)
    else:
        _draw_areas(axes, points, looks, scale)
    if not points:
        axes.text(0.5, 0.5, "No subject with both values", transform=axes.transAxes, ha="center", fontsize=SMALL)
    grid(axes, "both")


def _draw_points(axes: Axes, points: Points, looks: Sequence[Look]) -> None:
    """Draw a point a subject, and beside those in one place, which would look like one subject, how many they are."""
    for look in looks:
        own = look.own(points)
        axes.plot(
            [x for x, _ in own], [y for _, y in own], look.marker, color=look.colour, markeredgecolor=INK,
            markeredgewidth=0.7, ms=7 if len(points) <= FEW else 5, alpha=0.85, zorder=3,
        )  # fmt: skip
    for place, n in Counter(points.values()).items():
        if n > 1:
            axes.annotate(
                f"×{n}", place, xytext=(5, 4), textcoords="offset points", fontsize=SMALL, color=INK, zorder=4
            )


def _draw_areas(axes: Axes, points: Points, looks: Sequence[Look], scale: Areas) -> None:
    """Draw a point a place and group, as large as the group's subjects there; the smaller on top of the larger."""
    places = [(n, look, place) for look in looks for place, n in Counter(look.own(points)).items()]
    for n, look, place in sorted(places, key=lambda found: -found[0]):
        axes.plot(
            *place, look.marker, color=look.colour, markeredgecolor=INK, markeredgewidth=0.5,
            ms=scale.of(n) ** 0.5, alpha=0.7, zorder=3,
        )  # fmt: skip


def _span(axes: Axes, points: Points, y_of_all: Sequence[float]) -> None:
    """Set the axes to the span of what is drawn; panels of one measured quantity share its scale."""
    x = [v for v, _ in points.values()]
    y = list(y_of_all) or [v for _, v in points.values()]
    for values, limit in ((x, axes.set_xlim), (y, axes.set_ylim)):
        if values:
            low, high = min(values), max(values)
            margin = MARGIN * (high - low) or 0.5
            limit(low - margin, high + margin)


def _label(plan: Plan, reference: Reference) -> str:
    """Return the label of a variable on two lines where its unit would make it wider than a panel."""
    label = variable_label(plan, reference)
    name, bracket, unit = label.rpartition(" (")
    return f"{name}\n({unit}" if bracket and len(label) > 32 else label


def _coefficients(found: StepResults[Correlation]) -> Iterator[str]:
    """Yield each group's coefficient with its interval and its p, on two or three lines."""
    step = found.step
    for group in found.groups:
        at = {
            "context": step.coefficient, "variable": step.variable.variable, "level": str(step.with_variable),
            "grouping": step.by or "", "group": group,
        }  # fmt: skip
        n, estimate, low, high, p = found.stats("N", "estimate", "conf.low", "conf.high", "p.value", **at)
        lead = f"{group}: " if group else ""
        first = f"{lead}{NAMES[step.coefficient]} {shown(estimate)}, n = {shown(n)}"
        if estimate.error:
            yield from (first.replace(NOT_ESTIMABLE, "not estimable"), "")
            continue
        level = stated(step.conf_level)
        limits = f"{level} CI not estimable" if low.error else f"{level} CI {shown(low)} to {shown(high)}"
        test = f"{shown(found.row('p.type', **at))} p {p_equals(p, found.plan.conventions.p_value_digits)}"
        yield from (first, limits, test) if len(limits) + len(test) > WIDEST else (first, f"{limits}, {test}")


def _key(looks: Sequence[Look]) -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker=look.marker, color=look.colour, markeredgecolor=INK, ms=7, label=look.label)
        for look in looks
        if look.label
    ]


def _words(
    plan: Plan,
    told: Mapping[Pair, Sequence[Sequence[str]]],
    looks: Sequence[Look],
    measured: str | None,
    scale: Areas | None,
) -> str:
    parts = []
    for (x, y), texts in told.items():
        found = "; ".join(", ".join(filter(None, text)) for text in texts)
        parts.append(f"{variable_label(plan, x)} against {measured or variable_label(plan, y)}: {found}.")
    shapes = f" Shapes show {', '.join(look.label for look in looks)}." if looks[0].label else ""
    of_group = " of the group" if looks[0].label else ""
    counted = f"One point a place, its area the number of subjects{of_group} there" if scale else "One point a subject"
    return f"{counted}, no line.{shapes} {' '.join(parts)}"
