"""Proportions with their intervals: the planned analysis and each sensitivity analysis on one axis."""

from dataclasses import dataclass
from pathlib import Path

from analysis.tasks import tasks
from reports.labels import variable_label
from reports.lookup import Lookup
from reports.numbers import formatted, shown
from reports.style import COLOURS, GRID, INK, MUTED, canvas, save_svg
from reports.traced import POST_HOC
from sap.methods import Binomial
from sap.plan import Output, Plan


@dataclass(frozen=True)
class Bar:
    """One proportion; without subjects it has a line and no bar."""

    title: str
    counts: str
    estimate: float | None
    low: float | None
    high: float | None
    words: str


def draw_proportions(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw horizontal bars with exact intervals on an axis from 0 to 100 percent.

    Parameters
    ----------
    plan : Plan
        The plan.
    lookup : Lookup
        The results.
    output : Output
        The figure's entry in the plan.
    path : Path
        Where to write the SVG.

    Returns
    -------
    str
        Alternative text with every proportion and interval.
    """
    bars = [b for a in output.analyses for b in _bars(plan, lookup, a)]
    with canvas(6.4, 1.0 + 0.62 * max(len(bars), 1)) as (figure, axes):
        for position, bar in enumerate(bars):
            colour = COLOURS[0] if position == 0 else MUTED
            axes.text(102, position, bar.counts, va="center", fontsize=8.5)
            if bar.estimate is None or bar.low is None or bar.high is None:
                continue
            axes.barh(position, bar.estimate * 100, height=0.5, color=colour, alpha=0.28)
            axes.plot([bar.low * 100, bar.high * 100], [position, position], color=INK, lw=1.6, solid_capstyle="butt")
            for limit in (bar.low, bar.high):
                axes.plot([limit * 100] * 2, [position - 0.12, position + 0.12], color=INK, lw=1.6)
            axes.plot(bar.estimate * 100, position, "o", color=colour, markeredgecolor=INK, ms=7)
        axes.set_yticks(range(len(bars)), [_wrapped(b.title) for b in bars])
        axes.set_ylim(max(len(bars), 1) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xticks(range(0, 101, 20))
        axes.grid(axis="x", color=GRID, lw=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(output.axis or "Subjects (%)")
        save_svg(figure, path)
    return f"Bars from 0 to 100 percent with exact intervals. {' '.join(b.words for b in bars)}".strip()


def _bars(plan: Plan, lookup: Lookup, analysis_id: str) -> list[Bar]:
    analysis = plan.analysis(analysis_id)
    main = "Post hoc analysis" if analysis.reason == POST_HOC else "Planned analysis"
    titles = {analysis.id: main} | {s.id: s.title for s in analysis.sensitivity}
    wanted = [(t, s) for t in tasks(plan) if t.id in titles for s in t.steps if isinstance(s, Binomial)]
    events = {(str(s.variable), s.event) for _, s in wanted}
    bars = []
    for task, step in wanted:
        title = titles[task.id] if len(events) == 1 else f"{titles[task.id]}, {_endpoint(plan, step)}"
        groups = [g.label for g in plan.grouping(step.by).levels] if step.by else [""]
        for group in groups:
            name = f"{title}, {plan.grouping(step.by).title}: {group}" if step.by else title
            bars.append(_bar(lookup, task.id, name, step, group))
    return bars


def _endpoint(plan: Plan, step: Binomial) -> str:
    return step.label or f"{variable_label(plan, step.variable)}: {' / '.join(step.event)}"


def _bar(lookup: Lookup, analysis_id: str, name: str, step: Binomial, group: str) -> Bar:
    at = {"variable": step.variable.variable, "level": " / ".join(step.event), "grouping": step.by or ""}
    n, total, estimate, low, high = (
        lookup.row(analysis_id, name, context="proportion", group=group, **at)
        for name in ("n", "N", "estimate", "conf.low", "conf.high")
    )
    counts = f"{shown(n)}/{shown(total)}"
    ci = f"{formatted(step.conf_level, 'xx%')} CI {shown(low)} to {shown(high)}"
    words = f"{name}: {counts}, " + ("not estimable." if estimate.stat is None else f"{shown(estimate)} ({ci}).")
    return Bar(name, f"{counts} ({shown(estimate)})", estimate.stat, low.stat, high.stat, words)


def _wrapped(title: str, width: int = 30) -> str:
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
