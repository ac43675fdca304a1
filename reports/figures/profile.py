"""The course of a measurement: a thin line a subject, mean ± SD and the median by day, a panel an analysis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from analysis.results.ard import Row, number_text
from reports.figures.style import COLOURS, GRID, INK, MUTED, panels, save_svg
from reports.layout.lookup import Lookup
from reports.words.labels import parameter_label
from reports.words.numbers import MINUS, shown
from sap.methods.profile import Profile
from sap.plan.plan import Output, Plan

THIN = "#7c8a96"
NOT_FROM_ZERO = 0.5
"""A linear axis starts at zero unless the smallest value is above this share of the largest; then it says so."""
ARROW: Final = 5
BELOW: Final = "Mean − SD below the axis"
_TOLD = ("N", "median.max", "median.max.day", "median.min", "median.min.day")


@dataclass(frozen=True)
class Course:
    """The results of one panel."""

    label: str
    """What is measured, with its unit."""
    log: bool
    """Whether the axis is logarithmic."""
    subjects: tuple[tuple[tuple[float, float], ...], ...]
    """Day and value, subject by subject."""
    days: Mapping[float, Mapping[str, float]]
    """Statistics of each day, without those that cannot be estimated."""
    limit: float | None
    """Lower limit of quantification."""

    @property
    def values(self) -> list[float]:
        """Every value of every subject."""
        return [value for course in self.subjects for _, value in course]

    @property
    def drawn(self) -> list[float]:
        """Every value, mean and median."""
        return [*self.values, *(f[name] for f in self.days.values() for name in ("mean", "median") if name in f)]

    @property
    def logarithmic(self) -> bool:
        """Whether the axis is drawn logarithmic: something is above 0."""
        return self.log and max(self.drawn, default=0.0) > 0

    @property
    def far_from_zero(self) -> bool:
        """Whether an axis that is not logarithmic starts elsewhere than at zero."""
        return bool(self.values) and min(self.values) > NOT_FROM_ZERO * self.highest

    @property
    def bottom(self) -> float:
        """The lower end of the axis."""
        if self.logarithmic:
            return min([v for v in self.drawn if v > 0] + ([self.limit] if self.limit else [])) / 1.6
        if self.far_from_zero:
            return min([*self.values, *self.lows.values()]) - self.margin
        return min([0.0, *self.values])

    @property
    def margin(self) -> float:
        """The room above and below what is drawn on an axis that starts elsewhere than at zero."""
        return (self.highest - min([*self.values, *self.lows.values()])) * 0.06 or 1.0

    @property
    def highest(self) -> float:
        """The highest value, or mean + SD of a day."""
        return max([*self.values, *self.tops], default=1.0)

    @property
    def tops(self) -> list[float]:
        """Mean + SD of each day."""
        return [f["mean"] + f.get("sd", 0.0) for f in self.days.values() if "mean" in f]

    @property
    def lows(self) -> dict[float, float]:
        """Mean − SD by day."""
        return {day: f["mean"] - f.get("sd", 0.0) for day, f in sorted(self.days.items()) if "mean" in f}

    @property
    def open(self) -> list[float]:
        """The days on which mean − SD lies below the axis, so that nothing drawn can reach it."""
        bottom = self.bottom
        return [day for day, low in self.lows.items() if low < bottom]

    @property
    def off(self) -> int:
        """How many values of subjects a logarithmic axis has no place for."""
        return sum(value <= 0 for value in self.values) if self.logarithmic else 0


def draw_profiles(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a panel for each analysis: every subject, mean ± SD and the median."""
    steps = [(a, s) for a in output.analyses for s in plan.analysis(a).steps if isinstance(s, Profile)]
    courses = [_course(plan, lookup.of(plan.analysis(a), s), a, s) for a, s in steps]
    columns = 1 if len(steps) == 1 else 2
    lines = -(-len(steps) // columns)
    width, height = (6.4, 3.9) if columns == 1 else (9.2, 3.3)
    with panels(width, height * lines, lines, columns, shared=False) as (figure, axes):
        for position, course in enumerate(courses):
            place = axes[position]
            _panel(place, course)
            place.set_xlabel(output.axis or "Days since first treatment")
            if len(steps) > 1:
                place.set_title(ascii_uppercase[position % 26], loc="left", fontweight="bold", color=INK)
        for place in axes[len(steps) :]:
            place.set_axis_off()
        spare = axes[len(steps) :]
        key = {"handles": _key(courses), "frameon": False, "fontsize": 9}
        if spare:
            spare[0].legend(loc="center left", **key)
        else:
            figure.legend(loc="outside lower center", ncols=3, **key)
        save_svg(figure, path)
    told = " ".join(
        _words(lookup.of(plan.analysis(a), s), a, s, course) for (a, s), course in zip(steps, courses, strict=True)
    )
    return f"One thin line a subject with its points, mean with standard deviation, and the median by day. {told}"


def _course(plan: Plan, lookup: Lookup, analysis_id: str, step: Profile) -> Course:
    at = {"variable": step.parameter}
    subjects: dict[str, list[tuple[float, float]]] = {}
    for row in lookup.rows(analysis_id, context="profile_subject", **at):
        if row.stat is not None:
            subjects.setdefault(row.variable_level, []).append((float(row.stat_name.partition(".")[2]), row.stat))
    days: dict[float, dict[str, float]] = {}
    limit = None
    for row in lookup.rows(analysis_id, context="profile", **at):
        if row.variable_level and row.stat is not None:
            days.setdefault(float(row.variable_level), {})[row.stat_name] = row.stat
        elif row.stat_name == "lloq":
            limit = row.stat
    label = step.label or parameter_label(plan, step.dataset, step.parameter)
    return Course(label, step.scale == "log", tuple(tuple(sorted(c)) for c in subjects.values()), days, limit)


def _panel(axes: Axes, course: Course) -> None:
    _axis(axes, course)
    bottom = course.bottom
    drawn = {day: found for day, found in sorted(course.days.items()) if "mean" in found}
    for points in course.subjects:
        days, values = zip(*points, strict=True)
        axes.plot(days, [max(v, bottom) for v in values], "o-", color=THIN, lw=0.8, ms=2.6, alpha=0.75, zorder=2)
    if drawn:
        means = [max(f["mean"], bottom) for f in drawn.values()]
        spreads = [f.get("sd", 0.0) for f in drawn.values()]
        below = [0.0 if day in course.open else s for day, s in zip(drawn, spreads, strict=True)]
        axes.errorbar(
            list(drawn), means, yerr=[below, spreads], fmt="s", color=COLOURS[1], ms=4.5, lw=0, elinewidth=1.2,
            capsize=2.5, zorder=3,
        )  # fmt: skip
        # What goes on below the axis has an arrow and no cap: it does not end there.
        axes.vlines(course.open, bottom, [max(drawn[day]["mean"], bottom) for day in course.open], COLOURS[1], lw=1.2)
        (arrows,) = axes.plot(course.open, [bottom] * len(course.open), "v", color=COLOURS[1], ms=ARROW, zorder=5)
        arrows.set(clip_on=False, in_layout=False)
        axes.plot(
            list(drawn), [max(f["median"], bottom) for f in drawn.values()], "-", color=COLOURS[0], lw=2.4, zorder=4
        )
    axes.axvline(0, color=INK, lw=0.9, ls="--", zorder=1)
    if course.limit is not None and course.limit > 0:
        axes.axhline(course.limit, color=MUTED, lw=0.9, ls=":", zorder=1)
        axes.annotate(
            f"LLOQ {number_text(course.limit)}", (1, course.limit), xycoords=("axes fraction", "data"),
            xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=8, color=MUTED,
        )  # fmt: skip
    axes.set_ylabel(course.label)
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.set_axisbelow(True)


def _axis(axes: Axes, course: Course) -> None:
    """Set the measured axis; one that does not start at zero says so."""
    bottom, highest = course.bottom, course.highest
    if course.logarithmic:
        axes.set_yscale("log")
        axes.set_ylim(bottom, highest * 1.4)
        axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if highest / bottom < 200 else (1,)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number_text(float(f"{value:.6g}"))))
        axes.yaxis.set_minor_formatter(NullFormatter())
        _says(axes, "Logarithmic axis" + (", values of 0 or less at its lower end" if course.off else ""))
    elif course.far_from_zero:
        axes.set_ylim(bottom, highest + course.margin)
        _says(axes, "Axis does not start at 0")
    else:
        axes.set_ylim(bottom, (highest or 1.0) * 1.06)


def _says(axes: Axes, words: str) -> None:
    axes.set_title(words, loc="right", fontsize=8, color=MUTED)


def _key(courses: Sequence[Course]) -> list[Line2D]:
    arrow = Line2D([], [], color=COLOURS[1], lw=0, marker="v", ms=ARROW, label=BELOW)
    return [
        Line2D([], [], color=THIN, lw=0.8, marker="o", ms=2.6, label="Each subject"),
        Line2D([], [], color=COLOURS[1], lw=1.2, marker="s", ms=4.5, label="Mean ± SD"),
        Line2D([], [], color=COLOURS[0], lw=2.4, label="Median"),
        *([arrow] if any(course.open for course in courses) else []),
    ]


def _words(lookup: Lookup, analysis_id: str, step: Profile, course: Course) -> str:
    at = {"context": "profile", "variable": step.parameter, "level": ""}
    n, highest, day, lowest, at_least = (lookup.row(analysis_id, s, **at) for s in _TOLD)
    name = course.label
    if highest.stat is None:
        return f"{name}: {without_median(n)}."
    axis = ", logarithmic axis" if course.logarithmic else ""
    days = _span([r for r in lookup.rows(analysis_id, context="profile", stat="n") if r.variable_level])
    high = f"highest median {shown(highest)} on day {shown(day)}"
    low = f"lowest {shown(lowest)} on day {shown(at_least)}"
    return f"{name}: {shown(n)} subjects, {days}{axis}; {high}, {low}{_not_drawn(course)}."


def _not_drawn(course: Course) -> str:
    """Return what the axis has no room for, as the end of a sentence."""
    told = ""
    if course.open:
        told += f"; {BELOW[0].lower()}{BELOW[1:]} on {len(course.open)} of {len(course.lows)} days, drawn as arrows"
    if course.off:
        told += f"; values of 0 or less at the lower end of the axis: {course.off}"
    return told


def without_median(n: Row) -> str:
    """Return why no day has a median that is told, by how many subjects have a value."""
    return "no day on which at least half of the subjects have a value" if n.stat else "no values"


def _span(rows: Sequence[Row]) -> str:
    days = [float(r.variable_level) for r in rows]
    first, last = (number_text(d).replace("-", MINUS) for d in (min(days), max(days)))
    return f"days {first} to {last}"
