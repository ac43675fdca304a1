"""A forest of proportions: the planned analysis and each sensitivity analysis with its interval, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes

from analysis.results.tasks import tasks
from reports.figures.style import COLOURS, GRID, INK, canvas, save_svg
from reports.layout.lookup import Lookup
from reports.words.labels import variable_label
from reports.words.numbers import shown, stated
from sap.methods.binomial import Binomial
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC

LINE: Final = 0.19
"""Height of a line of words, in inches."""
ROW: Final = 0.36
"""Height of an interval with the room around it, in inches."""
TICKS: Final = range(0, 101, 20)
BAND: Final = "#f3f5f7"
WRAPPED_AT: Final = 42
"""Characters of a title in a line; the numbers stand at its right."""


@dataclass(frozen=True)
class Estimate:
    """One proportion; without subjects it has a row and no interval."""

    title: str
    numbers: str
    estimate: float | None
    low: float | None
    high: float | None
    words: str
    planned: bool

    @property
    def lines(self) -> list[str]:
        """The title, in lines."""
        return _wrapped(self.title)


def draw_proportions(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a forest: a row a proportion with its exact interval, on an axis from 0 to 100 percent.

    Words stand above each interval, so that the axis has the whole width and the figure can be read on a phone.
    """
    rows = [e for a in output.analyses for e in _estimates(plan, lookup, a)]
    heights = [LINE * len(r.lines) + ROW for r in rows]
    total = sum(heights) or 1.0
    with canvas(6.0, total + 0.65) as (figure, axes):
        planned = rows[0].estimate if len(rows) > 1 and sum(r.planned for r in rows) == 1 else None
        top = 0.0
        for position, (row, height) in enumerate(zip(rows, heights, strict=True)):
            if position % 2:
                axes.axhspan(top, top + height, color=BAND, lw=0, zorder=0)
            _row(axes, row, top)
            # Lines stop below the words, which nothing crosses.
            below = top + LINE * len(row.lines) + 0.03, top + height
            axes.vlines(TICKS, *below, color=GRID, lw=0.8, zorder=1)
            if planned is not None:
                axes.vlines(planned * 100, *below, color=COLOURS[0], lw=1.1, ls=(0, (3, 2)), zorder=2)
            top += height
        axes.set_yticks([])
        axes.set_ylim(total, 0)
        axes.set_xlim(0, 100)
        axes.set_xticks(TICKS)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(output.axis or "Subjects (%)")
        save_svg(figure, path)
    return f"{_range(rows)}Exact intervals, axis from 0 to 100 percent. {' '.join(r.words for r in rows)}".strip()


def _row(axes: Axes, row: Estimate, top: float) -> None:
    bold = "bold" if row.planned else "normal"
    for k, line in enumerate(row.lines, start=1):
        axes.text(0.6, top + k * LINE, line, va="bottom", fontsize=9.5, fontweight=bold, zorder=5)
    axes.text(99.4, top + LINE, row.numbers, va="bottom", ha="right", fontsize=9.5, fontweight=bold, zorder=5)
    if row.estimate is None or row.low is None or row.high is None:
        return
    at = top + LINE * len(row.lines) + 0.16
    axes.plot([row.low * 100, row.high * 100], [at, at], color=INK, lw=1.8, solid_capstyle="butt", zorder=3)
    for limit in (row.low, row.high):
        axes.plot([limit * 100] * 2, [at - 0.06, at + 0.06], color=INK, lw=1.8, zorder=3, clip_on=False)
    marker, face = ("s", COLOURS[0]) if row.planned else ("o", "white")
    axes.plot(
        row.estimate * 100, at, marker, ms=8, color=face, markeredgecolor=INK, markeredgewidth=1.3, zorder=4,
        clip_on=False,
    )  # fmt: skip


def _range(rows: Sequence[Estimate]) -> str:
    """Return how far the estimates differ, where there are several."""
    found = sorted(
        (r.estimate, r.numbers.partition("(")[0].rpartition(",")[2].strip()) for r in rows if r.estimate is not None
    )
    if len(found) < 2 or found[0][1] == found[-1][1]:
        return ""
    return f"Estimates from {found[0][1]} to {found[-1][1]}. "


def _estimates(plan: Plan, lookup: Lookup, analysis_id: str) -> list[Estimate]:
    analysis = plan.analysis(analysis_id)
    main = "Post hoc analysis" if analysis.reason == POST_HOC else "Planned analysis"
    titles = {analysis.id: main} | {s.id: s.title for s in analysis.sensitivity}
    wanted = [(t, s) for t in tasks(plan) if t.id in titles for s in t.steps if isinstance(s, Binomial)]
    events = {(str(s.variable), s.event) for _, s in wanted}
    levels = {s.conf_level for _, s in wanted}
    found = []
    for task, step in wanted:
        title = titles[task.id] if len(events) == 1 else f"{titles[task.id]}, {_endpoint(plan, step)}"
        level = f" ({stated(step.conf_level)} interval)" if len(levels) > 1 else ""
        groups = [g.label for g in plan.grouping(step.by).levels] if step.by else [""]
        for group in groups:
            name = f"{title}, {plan.grouping(step.by).title}: {group}" if step.by else title
            found.append(
                _estimate(lookup.of(task, step), task.id, f"{name}{level}", step, group, planned=task.id == analysis_id)
            )
    return found


def _endpoint(plan: Plan, step: Binomial) -> str:
    return step.label or f"{variable_label(plan, step.variable)}: {' / '.join(step.event)}"


def _estimate(lookup: Lookup, analysis_id: str, name: str, step: Binomial, group: str, *, planned: bool) -> Estimate:
    at = {"variable": step.variable.variable, "level": " / ".join(step.event), "grouping": step.by or ""}
    n, total, estimate, low, high = (
        lookup.row(analysis_id, name, context="proportion", group=group, **at)
        for name in ("n", "N", "estimate", "conf.low", "conf.high")
    )
    counts, limits = f"{shown(n)}/{shown(total)}", f"{shown(low)} to {shown(high)}"
    ci = f"{stated(step.conf_level)} CI {limits}"
    there = estimate.stat is not None
    words = f"{name}: {counts}, " + (f"{shown(estimate)} ({ci})." if there else "not estimable.")
    numbers = f"{counts}, {shown(estimate)} ({limits})" if there else f"{counts}, not estimable"
    return Estimate(name, numbers, estimate.stat, low.stat, high.stat, words, planned)


def _wrapped(title: str, width: int = WRAPPED_AT) -> list[str]:
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
