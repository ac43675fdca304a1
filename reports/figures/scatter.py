"""Two quantities against each other: a point a subject, a panel a pair, with their rank correlation and no line."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.results.ard import Row, number_text
from analysis.steps.correlation import NAMES
from reports.figures.peaks import by_subject
from reports.figures.places import Areas, Look, Points, areas, draw_areas, draw_points
from reports.figures.style import COLOURS, GRID, INK, MARKERS, MUTED, panels, save_svg
from reports.layout.lookup import Lookup, of_variable
from reports.words.labels import variable_label
from reports.words.numbers import NOT_ESTIMABLE, p_equals, shown, stated
from sap.methods.correlation import Correlation
from sap.model.part import Reference
from sap.plan.plan import Output, Plan

MOST_COLUMNS = 3
NO_GROUP = "In no group"
WIDEST = 38
"""Characters that stand above a panel on one line."""
_MARGIN = 0.08
"""Room between the outer points and the frame, as a share of their span."""


def draw_scatter(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a panel for each pair of variables: every subject with both values, and the coefficients above."""
    analysis = plan.analysis(output.analyses[0])
    pairs: dict[tuple[Reference, Reference], list[Correlation]] = {}
    for step in analysis.steps:
        if isinstance(step, Correlation):
            pairs.setdefault((step.variable, step.with_variable), []).append(step)
    told = {pair: [_told(plan, lookup.of(analysis, s), analysis.id, s) for s in steps] for pair, steps in pairs.items()}
    columns = min(MOST_COLUMNS, len(pairs))
    lines = -(-len(pairs) // columns)
    room = 0.3 * max(len(found) for texts in told.values() for found in texts) * max(map(len, told.values()))
    one_scale = len({y for _, y in pairs}) == 1
    looks = _looks(plan, lookup, analysis.id, output)
    values = {v: by_subject(lookup, analysis.id, v) for pair in pairs for v in pair}
    drawn = {(x, y): {s: (values[x][s], values[y][s]) for s in values[x] if s in values[y]} for x, y in pairs}
    scale = areas(drawn.values(), looks)
    with panels(2.5 * columns + 0.2, (2.5 + room) * lines + 0.4, lines, columns, shared=False) as (figure, axes):
        for position, ((x, y), texts) in enumerate(told.items()):
            place = axes[position]
            points = drawn[x, y]
            _panel(place, points, looks, scale)
            _span(place, [v for v, _ in points.values()], list(values[y].values() if one_scale else ()), points)
            place.set_xlabel(_label(plan, x), fontsize=9)
            if not one_scale or position % columns == 0:
                place.set_ylabel(output.axis if one_scale and output.axis else _label(plan, y), fontsize=9)
            place.set_title("\n".join(t for found in texts for t in found), loc="left", fontsize=7.5, color=INK)
        for place in axes[len(pairs) :]:
            place.set_axis_off()
        if key := [*_key(looks), *(scale.key() if scale else ())]:
            across = min(len(key), 2 * columns) if scale else len(key)
            figure.legend(handles=key, loc="outside lower center", ncols=across, frameon=False, fontsize=9)
        save_svg(figure, path)
    measured = output.axis if one_scale else None
    return _words(plan, told, looks, measured, scale)


def _looks(plan: Plan, lookup: Lookup, analysis_id: str, output: Output) -> tuple[Look, ...]:
    """Return the look of each group; one look without a name where the figure marks no groups."""
    if output.marks is None:
        return (Look("", MARKERS[0], COLOURS[0], frozenset()),)
    grouping = plan.grouping(output.marks)
    rows = lookup.rows(analysis_id, context="subject", **of_variable(grouping.variable))
    codes = {r.variable_level: r.stat_text if r.stat is None else number_text(r.stat) for r in rows}
    looks = [
        Look(
            level.label, MARKERS[i % len(MARKERS)], COLOURS[i % len(COLOURS)],
            frozenset(s for s, code in codes.items() if code in level.values),
        )
        for i, level in enumerate(grouping.levels)
    ]  # fmt: skip
    outside = frozenset(codes) - frozenset(s for look in looks for s in look.subjects)
    return (*looks, *([Look(NO_GROUP, "X", MUTED, outside)] if outside else []))


def _panel(axes: Axes, points: Points, looks: Sequence[Look], scale: Areas | None) -> None:
    if scale is None:
        draw_points(axes, points, looks)
    else:
        draw_areas(axes, points, looks, scale)
    if not points:
        axes.text(0.5, 0.5, "No subject with both values", transform=axes.transAxes, ha="center", fontsize=8)
    axes.grid(color=GRID, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)


def _span(axes: Axes, x: Sequence[float], y_of_all: Sequence[float], points: Mapping[str, tuple[float, float]]) -> None:
    """Set the axes to the span of what is drawn; panels of one measured quantity share its scale."""
    y = list(y_of_all) or [v for _, v in points.values()]
    for values, limit in ((x, axes.set_xlim), (y, axes.set_ylim)):
        if values:
            low, high = min(values), max(values)
            margin = _MARGIN * (high - low) or 0.5
            limit(low - margin, high + margin)


def _label(plan: Plan, reference: Reference) -> str:
    """Return the label of a variable on two lines where its unit would make it wider than a panel."""
    label = variable_label(plan, reference)
    name, bracket, unit = label.rpartition(" (")
    return f"{name}\n({unit}" if bracket and len(label) > 32 else label


def _told(plan: Plan, lookup: Lookup, analysis_id: str, step: Correlation) -> tuple[str, ...]:
    """Return a coefficient with its interval and its p, on two or three lines a group."""
    groups = [g.label for g in plan.grouping(step.by).levels] if step.by else [""]
    return tuple(line for group in groups for line in _lines(plan, lookup, analysis_id, step, group))


def _lines(plan: Plan, lookup: Lookup, analysis_id: str, step: Correlation, group: str) -> tuple[str, ...]:
    at = {
        "context": step.coefficient,
        "variable": step.variable.variable,
        "level": str(step.with_variable),
        "grouping": step.by or "",
        "group": group,
    }

    def row(name: str) -> Row:
        return lookup.row(analysis_id, name, **at)

    n, estimate, low, high, p = (row(s) for s in ("N", "estimate", "conf.low", "conf.high", "p.value"))
    lead = f"{group}: " if group else ""
    first = f"{lead}{NAMES[step.coefficient]} {shown(estimate)}, n = {shown(n)}"
    if estimate.error:
        return first.replace(NOT_ESTIMABLE, "not estimable"), ""
    level = stated(step.conf_level)
    limits = f"{level} CI not estimable" if low.error else f"{level} CI {shown(low)} to {shown(high)}"
    test = f"{shown(row('p.type'))} p {p_equals(p, plan.conventions.p_value_digits)}"
    return (first, limits, test) if len(limits) + len(test) > WIDEST else (first, f"{limits}, {test}")


def _key(looks: Sequence[Look]) -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker=look.marker, color=look.colour, markeredgecolor=INK, ms=7, label=look.label)
        for look in looks
        if look.label
    ]


def _words(
    plan: Plan,
    told: Mapping[tuple[Reference, Reference], Sequence[Sequence[str]]],
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
