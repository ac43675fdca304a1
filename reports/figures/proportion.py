"""A forest of proportions: the planned analysis and each sensitivity analysis with its interval, on one axis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from analysis.results.tasks import tasks
from reports.figures.frame import COLOURS, GRID, INK, PAPER, Drawing, StepResults, canvas
from reports.words.labels import variable_label
from reports.words.numbers import shown, stated
from sap.methods.binomial import Binomial
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
    limits: tuple[float, ...]
    """Of its interval; none where they are not estimable."""
    words: str
    planned: bool

    @property
    def lines(self) -> list[str]:
        """The title, in lines."""
        lines = [""]
        for word in self.title.split():
            if len(lines[-1]) + len(word) + 1 > WRAPPED_AT and lines[-1]:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".strip()
        return lines


def draw(drawing: Drawing) -> str:
    """Draw a forest: a row a proportion with its exact interval, on an axis from 0 to 100 percent.

    Words stand above each interval, so that the axis has the whole width and the figure can be read on a phone.
    """
    rows = [e for a in drawing.output.analyses for e in _estimates(drawing, a)]
    total = sum(LINE * len(r.lines) + ROW for r in rows) or 1.0
    with canvas(drawing.path, total + 0.6) as (_, axes):
        planned = rows[0].estimate if len(rows) > 1 and sum(r.planned for r in rows) == 1 else None
        top = 0.0
        for position, row in enumerate(rows):
            words, bottom = LINE * len(row.lines), top + (LINE * len(row.lines) + ROW)
            if position % 2:
                axes.axhspan(top, bottom, color=BAND, lw=0, zorder=0)
            _row(axes, row, top)
            # Lines stop below the words, which nothing crosses.
            axes.vlines(TICKS, top + words + 0.03, bottom, color=GRID, lw=0.8, zorder=1)
            if planned is not None:
                axes.vlines(planned * 100, top + words + 0.03, bottom, COLOURS[0], lw=1.1, ls=(0, (3, 2)), zorder=2)
            top = bottom
        axes.set_yticks([])
        axes.set_ylim(total, 0)
        axes.set_xlim(0, 100)
        axes.set_xticks(TICKS)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(drawing.output.axis or "Subjects (%)")
    return f"{_range(rows)}Exact intervals, axis from 0 to 100 percent. {' '.join(r.words for r in rows)}".strip()


def _row(axes: Axes, row: Estimate, top: float) -> None:
    bold = "bold" if row.planned else "normal"
    for k, line in enumerate(row.lines, start=1):
        axes.text(0.6, top + k * LINE, line, va="bottom", fontweight=bold, zorder=5)
    axes.text(99.4, top + LINE, row.numbers, va="bottom", ha="right", fontweight=bold, zorder=5)
    if row.estimate is None or len(row.limits) < 2:
        return
    limits = [limit * 100 for limit in row.limits]
    at = top + LINE * len(row.lines) + 0.16
    axes.plot(limits, [at, at], color=INK, lw=1.8, solid_capstyle="butt", zorder=3)
    for limit in limits:
        axes.plot([limit] * 2, [at - 0.06, at + 0.06], color=INK, lw=1.8, zorder=3, clip_on=False)
    marker, face = ("s", COLOURS[0]) if row.planned else ("o", PAPER)
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


def _estimates(drawing: Drawing, analysis_id: str) -> Iterator[Estimate]:
    plan, analysis = drawing.plan, drawing.plan.analysis(analysis_id)
    main = "Post hoc analysis" if analysis.reason == POST_HOC else "Planned analysis"
    titles = {analysis.id: main} | {s.id: s.title for s in analysis.sensitivity}
    wanted = [drawing.results(t, s) for t in tasks(plan) if t.id in titles for s in t.steps if isinstance(s, Binomial)]
    several_events = len({(str(w.step.variable), w.step.event) for w in wanted}) > 1
    several_levels = len({w.step.conf_level for w in wanted}) > 1
    for found in wanted:
        step, title = found.step, titles[found.analysis.id]
        if several_events:
            label = step.label or f"{variable_label(plan, step.variable)}: {' / '.join(step.event)}"
            title = f"{title}, {label}"
        level = f" ({stated(step.conf_level)} interval)" if several_levels else ""
        for group in found.groups:
            name = f"{title}, {plan.grouping(step.by).title}: {group}" if step.by else title
            yield _estimate(found, f"{name}{level}", group, planned=found.analysis.id == analysis_id)


def _estimate(found: StepResults[Binomial], name: str, group: str, *, planned: bool) -> Estimate:
    step = found.step
    at = {"variable": step.variable.variable, "level": " / ".join(step.event), "grouping": step.by or ""}
    rows = found.stats("n", "N", "estimate", "conf.low", "conf.high", context="proportion", group=group, **at)
    n, total, estimate, low, high = map(shown, rows)
    if rows[2].stat is None:
        words, numbers = f"{name}: {n}/{total}, not estimable.", f"{n}/{total}, not estimable"
    else:
        words = f"{name}: {n}/{total}, {estimate} ({stated(step.conf_level)} CI {low} to {high})."
        numbers = f"{n}/{total}, {estimate} ({low} to {high})"
    limits = tuple(row.stat for row in rows[3:] if row.stat is not None)
    return Estimate(name, numbers, rows[2].stat, limits, words, planned)
