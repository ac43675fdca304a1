"""Posterior of a rate beside the events as they came: density with its interval, and the line at which a rule stops."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.stats import beta

from analysis.results.ard import Row
from reports.figures.frame import (
    COLOURS,
    INK,
    MUTED,
    PAPER,
    SMALL,
    Drawing,
    StepResults,
    grid,
    key_below,
    letters,
    panels,
)
from reports.tables.posterior import posterior_words
from reports.words.numbers import shown, stated
from sap.methods.posterior import Posterior

RATES: Final = np.linspace(0, 1, 501)
"""Where densities are drawn."""
EDGE: Final = 5
"""Points at each end that do not set the height: a density may be infinite there."""
BEHIND: Final = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5}
"""What keeps words legible on a line."""
HATCH: Final = "////"
SHADE: Final = "#fbe3d2"
TOO_FAR_LEFT: Final = 0.28
"""A line at a rate below this has no room for words at its left."""
REGION: Final = "#e4e8ec"
MANY: Final = 30
"""From how many subjects points are smaller."""
MANY_LOOKS: Final = 8
"""From how many looks their numbers are left to the axis."""


def draw(drawing: Drawing) -> str:
    """Draw prior and posterior density beside the events by number evaluated, with the stopping line at each look."""
    found = drawing.steps(Posterior)[0]
    with panels(drawing.path, 3.9, 1, 2) as (figure, axes):
        key = [*_density(axes[0], found), *_others(axes[0], drawing, found.step), *_events(axes[1], found)]
        axes[0].set_xlabel(drawing.output.axis or "Rate (%)")
        axes[1].set_xlabel("Subjects evaluated\n(in order of start of treatment)")
        axes[1].set_ylabel("Subjects with the event")
        letters(axes)
        key_below(figure, key, 2)
    return posterior_words(drawing.plan, found.lookup, found.analysis.id, found.step)


def _density(axes: Axes, found: StepResults[Posterior]) -> Iterator[Artist]:
    """Draw the densities; yield what the key says of them."""
    of = found.by_stat(context="posterior", variable=found.step.variable.variable)
    heights = [1.0]
    drawn = (("prior.a", "prior.b", "Prior", "--", MUTED, 1.4), ("a", "b", "Posterior", "-", COLOURS[0], 2.2))
    for first, second, name, line, colour, width in drawn:
        a, b = of[first], of[second]
        if a.stat is None or b.stat is None:
            continue
        density = beta_density(a.stat, b.stat, RATES)
        heights += [float(density[EDGE:-EDGE].max()), *(float(d) for d in density[[0, -1]] if np.isfinite(d))]
        axes.plot(RATES * 100, density, line, color=colour, lw=width, zorder=3)
        yield Line2D([], [], ls=line, color=colour, lw=width, label=f"{name}, Beta({shown(a)}, {shown(b)})")
    top = max(heights) * 1.25
    rate = of["threshold"]
    if rate.stat is not None:
        side = -1 if rate.stat > TOO_FAR_LEFT else 1
        axes.axvline(rate.stat * 100, color=INK, lw=1.1, ls=":", zorder=2)
        axes.annotate(
            f"unacceptable\nabove {shown(rate)}", (rate.stat * 100, top), xytext=(4 * side, -2),
            textcoords="offset points", ha="left" if side > 0 else "right", va="top", fontsize=SMALL,
        )  # fmt: skip
    yield from _above(axes, of, top)
    yield from _interval(axes, of, top, stated(found.step.conf_level))
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.14 * top, top)
    axes.set_yticks([])
    axes.set_ylabel("Density")
    axes.spines["left"].set_visible(False)
    grid(axes, "x")


def beta_density(a: float, b: float, rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of Beta(a, b) at each rate: the shape of a curve whose parameters are results."""
    return np.asarray(beta(a, b).pdf(rates), dtype=np.float64)


def _above(axes: Axes, of: Mapping[str, Row], top: float) -> Iterator[Artist]:
    """Shade what lies above the unacceptable rate, with its probability above the frame, where no curve runs."""
    a, b, rate = (of[name].stat for name in ("a", "b", "threshold"))
    if a is None or b is None or rate is None:
        axes.annotate("No subjects", (0.98, 0.5), xycoords="axes fraction", ha="right", color=INK)
        return
    inside = np.unique([rate, *RATES[rate <= RATES]])
    density = np.minimum(beta_density(a, b, inside), top)
    look: dict[str, Any] = {"facecolor": SHADE, "edgecolor": COLOURS[1], "lw": 0.5, "hatch": HATCH}
    axes.fill_between(inside * 100, density, zorder=1, **look)
    probability = shown(of["prob.above"])
    axes.set_title(f"P = {probability}", loc="right", fontweight="bold", color=INK)
    yield Patch(**look, label=f"Rate above {shown(of['threshold'])}: P = {probability}")


def _interval(axes: Axes, of: Mapping[str, Row], top: float, level: str) -> Iterator[Artist]:
    low, median, high = (of[name].stat for name in ("conf.low", "median", "conf.high"))
    if low is None or median is None or high is None:
        return
    at = -0.07 * top
    axes.plot([low * 100, high * 100], [at, at], color=INK, lw=2, solid_capstyle="butt")
    for limit in (low, high):
        axes.plot([limit * 100] * 2, [at - 0.025 * top, at + 0.025 * top], color=INK, lw=2)
    axes.plot(median * 100, at, "o", color=COLOURS[0], markeredgecolor=INK, ms=7)
    axes.axhline(0, color=MUTED, lw=0.8)
    limits = f"{shown(of['conf.low'])} to {shown(of['conf.high'])}"
    told = f"Median {shown(of['median'])}, {level} credible interval\n{limits}"
    yield Line2D([], [], color=INK, lw=2, marker="o", markerfacecolor=COLOURS[0], ms=7, label=told)


def _others(axes: Axes, drawing: Drawing, step: Posterior) -> Iterator[Artist]:
    """Draw the posterior of each sensitivity analysis as a thin line."""
    lines = ((0, (1, 1.2)), (0, (4, 1.5, 1, 1.5)))
    for i, changed in enumerate(drawing.analysis.sensitivity):
        steps = changed.steps or drawing.analysis.steps
        drawn = (s for s in steps if isinstance(s, Posterior))
        at = next((str(steps.index(s) + 1) for s in drawn if (s.variable, s.event) == (step.variable, step.event)), "")
        of = drawing.lookup.by_stat(changed.id, context="posterior", step=at)
        a, b = of.get("a"), of.get("b")
        if a is None or b is None or a.stat is None or b.stat is None:
            continue
        look: dict[str, Any] = {"ls": lines[i % len(lines)], "color": COLOURS[2], "lw": 1.5}
        axes.plot(RATES * 100, beta_density(a.stat, b.stat, RATES), zorder=4, **look)
        label = f"{changed.title}: posterior Beta({shown(a)}, {shown(b)}), P = {shown(of['prob.above'])}"
        yield Line2D([], [], label=label, **look)


def _events(axes: Axes, found: StepResults[Posterior]) -> Iterator[Artist]:
    """Draw the events as they came and the line of the rule; yield what the key says of them."""
    about = found.step.variable.variable
    rows = found.rows(context="posterior_sequence", variable=about, stat="n")
    counts = [0, *(int(r.stat or 0) for r in rows)]
    looks = {int(r.variable_level): r for r in found.rows(context="posterior_look", variable=about, stat="stop.at")}
    # A trial that no look stops goes on to the planned number, where no line stands.
    last = max([len(counts) - 1, *([found.plan.study.planned_n] if looks else []), 1])
    axes.plot(range(len(counts)), counts, color=MUTED, lw=1.2, drawstyle="steps-post", zorder=2)
    size = 4.5 if last > MANY else 7.0
    for event, face, label in ((True, COLOURS[1], "Subject with the event"), (False, PAPER, "Subject without")):
        at = [k for k in range(1, len(counts)) if (counts[k] > counts[k - 1]) == event]
        look: dict[str, Any] = {"marker": "D" if event else "o", "color": INK, "markerfacecolor": face, "ms": size}
        axes.plot(at, [counts[k] for k in at], ls="none", zorder=4, **look)
        yield Line2D([], [], ls="none", **look, label=label)
    bounds = {n: int(r.stat) for n, r in looks.items() if r.stat is not None}
    top = max([*counts, *bounds.values()]) + 1.4
    half = max(0.42, 0.012 * last)
    for n, bound in bounds.items():
        axes.plot([n - half, n + half], [bound, bound], color=INK, lw=3.2, solid_capstyle="butt", zorder=3)
        axes.fill_between([n - half, n + half], bound, top, facecolor=REGION, lw=0, zorder=1)
        if len(bounds) < MANY_LOOKS:
            below = counts[min(n, len(counts) - 1)] >= bound
            axes.annotate(
                f"stop at\n{shown(looks[n])} of {n}", (n, bound), xytext=(0, -5 if below else 5),
                textcoords="offset points", ha="center", va="top" if below else "bottom", fontsize=SMALL, zorder=5,
                bbox=BEHIND if below else None,
            )  # fmt: skip
    axes.set_xlim(0, last + max(0.8, 2 * half))
    axes.set_ylim(-0.03 * top, top)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    grid(axes)
    if bounds:
        yield Line2D([], [], color=INK, lw=3.2, label="Least number of events that stops, at a look")
