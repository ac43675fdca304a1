"""The course of a measurement: a thin line a subject, mean ± SD and the median by day, a panel an analysis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from analysis.results.ard import Row, number_text
from reports.figures.frame import COLOURS, INK, MUTED, SMALL, Drawing, StepResults, grid, key_below, letter, panels
from reports.words.labels import parameter_label, since_treatment_axis
from reports.words.numbers import MINUS, shown
from sap.methods.profile import Profile

THIN = "#7c8a96"
NOT_FROM_ZERO = 0.5
"""A linear axis starts at zero unless the smallest value is above this share of the largest; then it says so."""
ARROW: Final = 5
TALL: Final = 3.4
LOW: Final = 2.1
"""Inches, of a panel alone, and of one among others."""
BELOW: Final = "Mean − SD below the axis"

Course = tuple[tuple[float, float], ...]
"""Day and value of one measurement of a subject."""


@dataclass(frozen=True)
class Panel:
    """What one panel draws."""

    label: str
    """What is measured, with its unit."""
    log: bool
    """Whether the plan asks for a logarithmic axis."""
    subjects: tuple[Course, ...]
    days: Mapping[float, Mapping[str, float]]
    """Statistics of each day, without those that cannot be estimated."""
    limit: float | None
    """Lower limit of quantification."""
    visits: tuple[str, ...] = ()
    """The visits that stand on the axis in place of days, the first at 1."""

    @cached_property
    def values(self) -> list[float]:
        """Every value of every subject."""
        return [value for course in self.subjects for _, value in course]

    @cached_property
    def drawn(self) -> list[float]:
        """Every value, mean and median."""
        return [*self.values, *(f[name] for f in self.days.values() for name in ("mean", "median") if name in f)]

    @cached_property
    def means(self) -> dict[float, Mapping[str, float]]:
        """The statistics of the days that have a mean, in order."""
        return {day: f for day, f in sorted(self.days.items()) if "mean" in f}

    @cached_property
    def lows(self) -> dict[float, float]:
        """Mean − SD by day; on a logarithmic axis a deviation has no length, and is not drawn."""
        return {} if self.logarithmic else {day: f["mean"] - f.get("sd", 0.0) for day, f in self.means.items()}

    @cached_property
    def highest(self) -> float:
        """The highest value, or mean + SD of a day where that is drawn."""
        if self.logarithmic:
            return max(self.drawn)
        return max([*self.values, *(f["mean"] + f.get("sd", 0.0) for f in self.means.values())], default=1.0)

    @cached_property
    def logarithmic(self) -> bool:
        """Whether the axis is drawn logarithmic: something is above 0."""
        return self.log and max(self.drawn, default=0.0) > 0

    @cached_property
    def far_from_zero(self) -> bool:
        """Whether an axis that is not logarithmic starts elsewhere than at zero."""
        return bool(self.values) and min(self.values) > NOT_FROM_ZERO * self.highest

    @cached_property
    def margin(self) -> float:
        """The room above and below what is drawn on an axis that starts elsewhere than at zero."""
        return (self.highest - min([*self.values, *self.lows.values()])) * 0.06 or 1.0

    @cached_property
    def bottom(self) -> float:
        """The lower end of the axis."""
        if self.logarithmic:
            return min([v for v in self.drawn if v > 0] + ([self.limit] if self.limit else [])) / 1.6
        if self.far_from_zero:
            return min([*self.values, *self.lows.values()]) - self.margin
        return min([0.0, *self.values])

    @cached_property
    def open(self) -> list[float]:
        """The days on which mean − SD lies below the axis, so that nothing drawn can reach it."""
        return [day for day, low in self.lows.items() if low < self.bottom]

    @cached_property
    def off(self) -> int:
        """How many values of subjects a logarithmic axis has no place for."""
        return sum(value <= 0 for value in self.values) if self.logarithmic else 0


def draw(drawing: Drawing) -> str:
    """Draw a panel for each analysis: every subject, mean ± SD and the median."""
    steps = drawing.steps(Profile)
    drawn = [_of(found) for found in steps]
    height = TALL if len(drawn) == 1 else LOW * len(drawn)
    with panels(drawing.path, height, len(drawn), x=True) as (figure, axes):
        for i, (place, panel) in enumerate(zip(axes, drawn, strict=True)):
            _draw_panel(place, panel)
            lead = f"{letter(i)}  " if len(drawn) > 1 else ""
            place.set_title(f"{lead}{panel.label}", loc="left", fontweight="bold", color=INK)
        days = since_treatment_axis(drawing.plan, drawing.output)
        axes[-1].set_xlabel((drawing.output.axis or "Visit") if drawn[-1].visits else days)
        key_below(figure, _key(drawn), 4)
    told = " ".join(_words(found, panel) for found, panel in zip(steps, drawn, strict=True))
    unit = "visit" if all(panel.visits for panel in drawn) else "day"
    spread = "" if all(panel.logarithmic for panel in drawn) else " with standard deviation"
    return f"One thin line a subject with its points, mean{spread}, and the median by {unit}. {told}"


def measured(found: StepResults[Profile]) -> str:
    """Return what a step measures, with its unit."""
    return found.step.label or parameter_label(found.plan, found.step.dataset, found.step.parameter)


def courses(found: StepResults[Profile]) -> dict[str, Course]:
    """Return day and value of every subject."""
    courses: dict[str, list[tuple[float, float]]] = {}
    for row in found.rows(context="profile_subject", variable=found.step.parameter):
        if row.stat is not None:
            courses.setdefault(row.variable_level, []).append((float(row.stat_name.partition(".")[2]), row.stat))
    return {subject: tuple(sorted(course)) for subject, course in courses.items()}


def lowest_median(found: StepResults[Profile]) -> str:
    """Return the lowest median with its day, or why there is none, in words."""
    at = {"context": "profile", "variable": found.step.parameter, "level": ""}
    n, low, day = found.stats("N", "median.min", f"median.min.{_unit(found)}", **at)
    on = "at" if found.step.visits else "on day"
    return _without_median(n, _unit(found)) if low.stat is None else f"lowest median {shown(low)} {on} {shown(day)}"


def _unit(found: StepResults[Profile]) -> str:
    return "visit" if found.step.visits else "day"


def _position(found: StepResults[Profile], level: str) -> float:
    """Return where a day, or a visit, stands on the axis."""
    return float(found.step.visits.index(level) + 1) if found.step.visits else float(level)


def _of(found: StepResults[Profile]) -> Panel:
    subjects = tuple(courses(found).values())
    days: dict[float, dict[str, float]] = {}
    limit = None
    for row in found.rows(context="profile", variable=found.step.parameter):
        if row.variable_level and row.stat is not None:
            days.setdefault(_position(found, row.variable_level), {})[row.stat_name] = row.stat
        elif row.stat_name == "lloq":
            limit = row.stat
    return Panel(measured(found), found.step.scale == "log", subjects, days, limit, found.step.visits)


def _draw_panel(axes: Axes, panel: Panel) -> None:
    _axis(axes, panel)
    bottom, means = panel.bottom, panel.means
    for points in panel.subjects:
        days, values = zip(*points, strict=True)
        axes.plot(days, [max(v, bottom) for v in values], "o-", color=THIN, lw=0.7, ms=2.2, alpha=0.75, zorder=2)
    if means:
        heights = {day: max(f["mean"], bottom) for day, f in means.items()}
        spreads = [0.0 if panel.logarithmic else f.get("sd", 0.0) for f in means.values()]
        below = [0.0 if day in panel.open else s for day, s in zip(means, spreads, strict=True)]
        axes.plot(list(heights), list(heights.values()), "s", color=COLOURS[1], ms=4, zorder=5)
        if not panel.logarithmic:
            axes.errorbar(
                list(heights), list(heights.values()), yerr=[below, spreads], fmt="none", color=COLOURS[1],
                elinewidth=1.1, capsize=2.5, zorder=3,
            )  # fmt: skip
        # What goes on below the axis has an arrow and no cap: it does not end there.
        axes.vlines(panel.open, bottom, [heights[day] for day in panel.open], COLOURS[1], lw=1.2)
        (arrows,) = axes.plot(panel.open, [bottom] * len(panel.open), "v", color=COLOURS[1], ms=ARROW, zorder=5)
        arrows.set(clip_on=False, in_layout=False)
        medians = [max(f["median"], bottom) for f in means.values()]
        axes.plot(list(means), medians, "-", color=COLOURS[0], lw=2.4, zorder=4)
    if panel.visits:
        axes.set_xticks(range(1, len(panel.visits) + 1), panel.visits)
        axes.set_xlim(0.5, len(panel.visits) + 0.5)
    else:
        axes.axvline(0, color=INK, lw=0.9, ls="--", zorder=1)
    if panel.limit is not None and panel.limit > 0:
        axes.axhline(panel.limit, color=MUTED, lw=0.9, ls=":", zorder=1)
        axes.annotate(
            f"LLOQ {number_text(panel.limit)}", (1, panel.limit), xycoords=("axes fraction", "data"),
            xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=SMALL, color=MUTED,
        )  # fmt: skip
    grid(axes)


def _axis(axes: Axes, panel: Panel) -> None:
    """Set the measured axis; one that does not start at zero says so."""
    bottom, highest, says = panel.bottom, panel.highest, ""
    if panel.logarithmic:
        axes.set_yscale("log")
        axes.set_ylim(bottom, highest * 1.4)
        axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if highest / bottom < 200 else (1,)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number_text(float(f"{value:.6g}"))))
        axes.yaxis.set_minor_formatter(NullFormatter())
        says = "Logarithmic axis" + (", values of 0 or less at its lower end" if panel.off else "")
    elif panel.far_from_zero:
        axes.set_ylim(bottom, highest + panel.margin)
        says = "Axis does not start at 0"
    else:
        axes.set_ylim(bottom, (highest or 1.0) * 1.06)
    if says:
        axes.set_title(says, loc="right", fontsize=SMALL, color=MUTED)


def _key(drawn: Sequence[Panel]) -> Iterator[Line2D]:
    yield Line2D([], [], color=THIN, lw=0.8, marker="o", ms=2.6, label="Each subject")
    spread = not all(panel.logarithmic for panel in drawn)
    yield Line2D([], [], color=COLOURS[1], lw=1.1 * spread, marker="s", ms=4, label="Mean ± SD" if spread else "Mean")
    yield Line2D([], [], color=COLOURS[0], lw=2.4, label="Median")
    if any(panel.open for panel in drawn):
        yield Line2D([], [], color=COLOURS[1], lw=0, marker="v", ms=ARROW, label=BELOW)


def _words(found: StepResults[Profile], panel: Panel) -> str:
    at = {"context": "profile", "variable": found.step.parameter}
    unit, on = _unit(found), "at" if panel.visits else "on day"
    n, highest, day = found.stats("N", "median.max", f"median.max.{unit}", level="", **at)
    low, low_day = found.stats("median.min", f"median.min.{unit}", level="", **at)
    if highest.stat is None:
        return f"{panel.label}: {_without_median(n, unit)}."
    told = f"{panel.label}: {shown(n)} subjects, {_span(found, panel)}"
    told += ", logarithmic axis" if panel.logarithmic else ""
    told += f"; highest median {shown(highest)} {on} {shown(day)}, lowest {shown(low)} {on} {shown(low_day)}"
    if panel.open:
        told += f"; {BELOW[0].lower()}{BELOW[1:]} on {len(panel.open)} of {len(panel.lows)} {unit}s, drawn as arrows"
    if panel.off:
        told += f"; values of 0 or less at the lower end of the axis: {panel.off}"
    return f"{told}."


def _span(found: StepResults[Profile], panel: Panel) -> str:
    """Return from which day to which, or of how many visits."""
    if panel.visits:
        return f"{len(panel.visits)} visits"
    rows = found.rows(stat="n", context="profile", variable=found.step.parameter)
    days = [float(r.variable_level) for r in rows if r.variable_level]
    first, last = (number_text(d).replace("-", MINUS) for d in (min(days), max(days)))
    return f"days {first} to {last}"


def _without_median(n: Row, unit: str) -> str:
    on = "at" if unit == "visit" else "on"
    return f"no {unit} {on} which at least half of the subjects have a value" if n.stat else "no values"
