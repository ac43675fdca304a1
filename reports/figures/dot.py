"""Every subject's value as a point, by group, with the median and the exact test."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from matplotlib.axes import Axes

from reports.figures.frame import COLOURS, INK, MARKERS, Drawing, StepResults, canvas, grid
from reports.words.labels import variable_label
from reports.words.numbers import p_equals, shown
from sap.methods.rank_comparison import RankComparison

FEW: Final = 20
"""Points of a group that three places side by side tell apart."""
ROWS: Final = 60
"""Heights on the axis at which points of the size of many touch each other."""
WIDEST: Final = 0.42
"""How far from the middle of its group a point may stand."""


def draw(drawing: Drawing) -> str:
    """Draw one point a subject, the median of each group as a bar, on an axis from zero, or from below it."""
    found = drawing.steps(RankComparison)[0]
    grouping = drawing.plan.grouping(found.step.by)
    values = drawing.values(found.analysis.id, found.step.variable)
    groups = drawing.members(found.analysis.id, grouping)
    low, high = limits(values.values())
    with canvas(drawing.path, 3.6) as (_, axes):
        for position, level in enumerate(grouping.levels):
            points = sorted(v for s, v in values.items() if groups.get(s) in level.values)
            _points(axes, position, points, high - low)
            median = found.row("median", context="summary", group=level.label, **_about(found))
            if median.stat is not None:
                axes.plot([position - 0.28, position + 0.28], [median.stat] * 2, color=INK, lw=2, zorder=2)
                axes.annotate(
                    f"median {shown(median)}", (position + 0.28, median.stat), xytext=(4, 0),
                    textcoords="offset points", va="center",
                )  # fmt: skip
        names = [
            f"{group}\nn = {shown(found.row('n', context='summary', group=group, **_about(found)))}"
            for group in found.groups
        ]
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_ylim(low, high)
        grid(axes)
        axes.set_ylabel(drawing.output.axis or variable_label(drawing.plan, found.step.variable))
        axes.set_title(f"{_test(found)}\n{_shift(found)}", loc="right")
    return f"One point a subject. {'; '.join(_words(found, g) for g in found.groups)}. {_test(found)}; {_shift(found)}."


def limits(values: Collection[float]) -> tuple[float, float]:
    """Return where the measured axis begins and ends: at zero, or below the least value where that is negative."""
    low, high = min((0.0, *values)), max((0.0, *values))
    if low == 0:
        return 0.0, (high or 1.0) * 1.12
    room = 0.12 * (high - low)
    return low - room, high + room if high > 0 else 0.0


def offsets(points: Sequence[float], span: float) -> tuple[float, ...]:
    """Return how far each point of a group stands sideways, so that none hides another."""
    if len(points) <= FEW:
        return tuple(0.11 * ((rank % 3) - 1) if len(points) > 1 else 0.0 for rank in range(len(points)))
    rows = [round(value / span * ROWS) for value in points]
    sizes, placed = Counter(rows), Counter[int]()
    found = []
    for row in rows:
        apart = min(0.05, 2 * WIDEST / sizes[row])
        found.append((placed[row] - (sizes[row] - 1) / 2) * apart)
        placed[row] += 1
    return tuple(found)


def _points(axes: Axes, position: int, points: list[float], span: float) -> None:
    size = 8 if len(points) <= FEW else 4
    for offset, value in zip(offsets(points, span), points, strict=True):
        axes.plot(
            position + offset, value, MARKERS[position % len(MARKERS)], color=COLOURS[position % len(COLOURS)],
            markeredgecolor=INK, markeredgewidth=0.7, ms=size, alpha=0.85, zorder=3,
        )  # fmt: skip


def _about(found: StepResults[RankComparison]) -> dict[str, str]:
    return {"variable": found.step.variable.variable, "grouping": found.step.by}


def _test(found: StepResults[RankComparison]) -> str:
    row = found.row("p.value", context="rank_test", **_about(found))
    if row.stat is None:
        return "Exact rank test: not estimable"
    return f"Exact rank test, two-sided p {p_equals(row, found.plan.conventions.p_value_digits)}"


def _shift(found: StepResults[RankComparison]) -> str:
    at = {"context": "shift", **_about(found)}
    estimate, low, high = found.stats("estimate", "conf.low", "conf.high", **at)
    if estimate.stat is None:
        return "Hodges–Lehmann shift: not estimable"
    level = shown(found.row("conf.level", **at))
    return f"Hodges–Lehmann shift {shown(estimate)} ({level} CI {shown(low)} to {shown(high)})"


def _words(found: StepResults[RankComparison], group: str) -> str:
    n, median, low, high = (
        shown(r) for r in found.stats("n", "median", "min", "max", context="summary", group=group, **_about(found))
    )
    return f"{group}: n = {n}, median {median}, range {low} to {high}"
