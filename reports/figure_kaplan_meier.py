"""The Kaplan–Meier curve with its band, its censored subjects and the numbers at risk below it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from reports.lookup import Lookup
from reports.numbers import formatted, shown
from reports.style import COLOURS, GRID, INK, MUTED, canvas, save_svg
from sap.methods import KaplanMeier
from sap.plan import Output, Plan

FIRST_LINE = -48
LINE = 15
"""Where the at-risk table begins below the axis, and the height of its lines, in points."""
ROWS = (("At risk", "n.risk"), ("Events", "n.event"), ("Censored", "n.censor"))


@dataclass(frozen=True)
class Point:
    """A time of the curve."""

    time: float
    surv: float
    low: float | None
    high: float | None
    censored: bool


@dataclass(frozen=True)
class Group:
    """The curve of a group; the label is empty when there is one curve."""

    label: str
    points: tuple[Point, ...]


def draw_kaplan_meier(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw the curve from 0 to 100 percent, a tick for each censored time and the aligned at-risk table.

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
        Alternative text with events, median and survival at the landmarks.
    """
    analysis = plan.analysis(output.analyses[0])
    step = next(s for s in analysis.steps if isinstance(s, KaplanMeier))
    labels = [g.label for g in plan.grouping(step.by).levels] if step.by else [""]
    groups = [Group(label, _points(lookup, analysis.id, step, label)) for label in labels]
    rows = len(groups) * len(ROWS)
    with canvas(6.4, 3.9 + 0.2 * rows) as (figure, axes):
        for group, colour in zip(groups, COLOURS, strict=False):
            _curve(axes, group, colour)
        axes.set_ylim(0, 103)
        axes.set_xlim(0, max([1, *step.at_risk, *(p.time for g in groups for p in g.points)]) * 1.03)
        axes.set_yticks(range(0, 101, 20))
        if step.at_risk:
            axes.set_xticks(step.at_risk)
        axes.grid(axis="y", color=GRID, lw=0.8)
        axes.set_axisbelow(True)
        axes.set_ylabel(f"{step.label or output.title} (%)")
        axes.set_xlabel(output.axis or "Days")
        if len(groups) > 1:
            axes.legend(frameon=False, loc="upper right")
        _at_risk(axes, lookup, analysis.id, step, labels)
        save_svg(figure, path)
    return _words(lookup, analysis.id, step, labels)


def _points(lookup: Lookup, analysis_id: str, step: KaplanMeier, group: str) -> tuple[Point, ...]:
    rows = lookup.rows(analysis_id, context="curve", variable=step.data, grouping=step.by or "", group=group)
    values: dict[str, dict[str, float | None]] = {}
    for row in rows:
        values.setdefault(row.variable_level, {})[row.stat_name] = row.stat
    return tuple(
        Point(float(time), v["estimate"] or 0.0, v["conf.low"], v["conf.high"], bool(v["n.censor"]))
        for time, v in values.items()
    )


def _curve(axes: Axes, group: Group, colour: str) -> None:
    steps = [0.0, *(p.time for p in group.points)]
    surv = [100.0, *(p.surv * 100 for p in group.points)]
    axes.step(steps, surv, where="post", color=colour, lw=2, label=group.label or None)
    # A limit holds until the next time, even where the curve then falls to 0 and has no limits.
    band = [
        (time, p.low * 100, p.high * 100)
        for p, following in pairwise(group.points)
        if p.low is not None and p.high is not None
        for time in (p.time, following.time)
    ]
    if band:
        times, low, high = zip(*band, strict=True)
        axes.fill_between(times, low, high, color=colour, alpha=0.16, lw=0)
    ticks = [p for p in group.points if p.censored]
    axes.plot([p.time for p in ticks], [p.surv * 100 for p in ticks], "|", color=INK, ms=9, mew=1.4)


def _at_risk(axes: Axes, lookup: Lookup, analysis_id: str, step: KaplanMeier, labels: list[str]) -> None:
    """Write the numbers under their times, on the axis of the curve."""
    place = blended_transform_factory(axes.transData, axes.transAxes)
    below = FIRST_LINE
    for label in labels:
        for name, stat in ROWS:
            heading = f"{label}: {name}" if label else name
            axes.annotate(
                heading, (0, 0), xycoords="axes fraction", xytext=(-12, below), textcoords="offset points",
                ha="right", va="center", fontsize=8, color=MUTED, annotation_clip=False,
            )  # fmt: skip
            for day in step.at_risk:
                at = {"variable": step.data, "level": str(day), "grouping": step.by or "", "group": label}
                row = lookup.row(analysis_id, stat, context="at_risk", **at)
                axes.annotate(
                    shown(row), (day, 0), xycoords=place, xytext=(0, below), textcoords="offset points",
                    ha="center", va="center", fontsize=8.5, annotation_clip=False,
                )  # fmt: skip
            below -= LINE


def _words(lookup: Lookup, analysis_id: str, step: KaplanMeier, labels: list[str]) -> str:
    sentences = []
    level = formatted(step.conf_level, "xx%")
    for label in labels:
        at = {"variable": step.data, "grouping": step.by or "", "group": label}
        events = lookup.row(analysis_id, "n.event", context="survival", **at)
        total = lookup.row(analysis_id, "N", context="survival", **at)
        median = lookup.row(analysis_id, "estimate", context="survival", level="median", **at)
        prefix = f"{label}: " if label else ""
        if not total.stat:
            sentences.append(f"{prefix}no subjects." if prefix else "No subjects.")
            continue
        reached = f"median {shown(median)} days" if median.stat is not None else "median not reached"
        text = f"{prefix}{shown(events)} events among {shown(total)} subjects, {reached}"
        for day in step.landmarks:
            here = {"context": "survival_at", "level": str(day), **at}
            found = lookup.row(analysis_id, "estimate", **here)
            if found.stat is not None:
                low, high = (lookup.row(analysis_id, n, **here) for n in ("conf.low", "conf.high"))
                text += f"; {shown(found)} at {day} days ({level} CI {shown(low)} to {shown(high)})"
        sentences.append(text + ".")
    return "Kaplan–Meier curve with confidence band, censored subjects as ticks and numbers at risk below. " + " ".join(
        sentences
    )
