"""Every subject's value as a point, by group, with the median and the exact test."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes

from analysis.results.ard import number_text
from reports.figures.style import COLOURS, GRID, INK, MARKERS, canvas, save_svg
from reports.layout.lookup import Lookup, of_variable
from reports.words.labels import variable_label
from reports.words.numbers import p_equals, shown
from sap.methods.rank_comparison import RankComparison
from sap.model.part import Reference
from sap.plan.plan import Output, Plan

FEW: Final = 20
"""Points of a group that three places side by side tell apart."""
ROWS: Final = 60
"""Heights on the axis at which points of the size of many touch each other."""
WIDEST: Final = 0.42
"""How far from the middle of its group a point may stand."""


def draw_dots(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw one point a subject, the median of each group as a bar, on an axis from zero, or from below it."""
    analysis = plan.analysis(output.analyses[0])
    step = next(s for s in analysis.steps if isinstance(s, RankComparison))
    grouping = plan.grouping(step.by)
    values = by_subject(lookup, analysis.id, step.variable)
    groups = {
        r.variable_level: r.stat_text if r.stat is None else number_text(r.stat)
        for r in lookup.rows(analysis.id, context="subject", **of_variable(grouping.variable))
    }
    lookup = lookup.of(analysis, step)
    low, high = limits(values.values())
    with canvas(5.2, 4.0) as (figure, axes):
        for position, level in enumerate(grouping.levels):
            points = sorted(v for s, v in values.items() if groups.get(s) in level.values)
            _points(axes, position, points, high - low)
            median = lookup.row(analysis.id, "median", context="summary", group=level.label, **_about(step))
            if median.stat is not None:
                axes.plot([position - 0.28, position + 0.28], [median.stat] * 2, color=INK, lw=2, zorder=2)
        names = [f"{g.label}\nn = {_n(lookup, analysis.id, step, g.label)}" for g in grouping.levels]
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_ylim(low, high)
        axes.grid(axis="y", color=GRID, lw=0.8)
        axes.set_axisbelow(True)
        axes.set_ylabel(output.axis or variable_label(plan, step.variable))
        title = f"{_test(plan, lookup, analysis.id, step)}\n{_shift(lookup, analysis.id, step)}"
        axes.set_title(title, loc="right", fontsize=9)
        save_svg(figure, path)
    return _words(plan, lookup, analysis.id, step)


def by_subject(lookup: Lookup, analysis_id: str, variable: Reference) -> dict[str, float]:
    """Return the number that each subject has, as an analysis lists it."""
    rows = lookup.rows(analysis_id, context="subject", **of_variable(variable))
    return {r.variable_level: r.stat for r in rows if r.stat is not None}


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


def _about(step: RankComparison) -> dict[str, str]:
    return {"variable": step.variable.variable, "grouping": step.by}


def _n(lookup: Lookup, analysis_id: str, step: RankComparison, group: str) -> str:
    return shown(lookup.row(analysis_id, "n", context="summary", group=group, **_about(step)))


def _test(plan: Plan, lookup: Lookup, analysis_id: str, step: RankComparison) -> str:
    row = lookup.row(analysis_id, "p.value", context="rank_test", **_about(step))
    if row.stat is None:
        return "Exact rank test: not estimable"
    return f"Exact rank test, two-sided p {p_equals(row, plan.conventions.p_value_digits)}"


def _shift(lookup: Lookup, analysis_id: str, step: RankComparison) -> str:
    at = {"context": "shift", **_about(step)}
    estimate, low, high = (lookup.row(analysis_id, s, **at) for s in ("estimate", "conf.low", "conf.high"))
    if estimate.stat is None:
        return "Hodges–Lehmann shift: not estimable"
    level = shown(lookup.row(analysis_id, "conf.level", **at))
    return f"Hodges–Lehmann shift {shown(estimate)} ({level} CI {shown(low)} to {shown(high)})"


def _words(plan: Plan, lookup: Lookup, analysis_id: str, step: RankComparison) -> str:
    parts = []
    for level in plan.grouping(step.by).levels:
        at = {"context": "summary", "group": level.label, **_about(step)}
        n, median, low, high = (lookup.row(analysis_id, s, **at) for s in ("n", "median", "min", "max"))
        parts.append(f"{level.label}: n = {shown(n)}, median {shown(median)}, range {shown(low)} to {shown(high)}")
    test, shift = _test(plan, lookup, analysis_id, step), _shift(lookup, analysis_id, step)
    return f"One point a subject. {'; '.join(parts)}. {test}; {shift}."
