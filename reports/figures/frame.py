"""The frame of every figure: the results it draws, axes in one house style, grid, key, file, and words across it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import StringIO
from pathlib import Path
from string import ascii_uppercase
from typing import Final, Generic, Literal, TypeVar

from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.results.ard import Row, number_text
from analysis.results.tasks import Task
from reports.layout.lookup import Lookup, of_variable
from sap.model.part import Reference
from sap.model.sets import Grouping
from sap.model.step import OneStep
from sap.plan.plan import Analysis, Output, Plan
from sap.text.files import replace_whole

INK: Final = "#1f2933"
MUTED: Final = "#5b6770"
GRID: Final = "#e3e7ea"
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's palette: told apart by readers with any colour vision, and in grey by lightness and marker."""
MARKERS: Final = ("o", "s", "^", "D", "v", "P")
PAPER: Final = "#ffffff"
"""What markers are filled with that are not filled."""
ON_LIGHT: Final = "#1b1f23"
ON_DARK: Final = "#fdfdfd"
"""Text on a fill, which stays as it is in the dark."""

WIDTH: Final = 6.5
"""Inches, of every figure: what fits between the margins of a sheet; its text has the size of the style sheet."""
SMALL: Final = 7.5
"""Points, of what stands within a figure; nothing is smaller."""

DARK: Final[Mapping[str, str]] = {
    INK: "#e1e5e8", MUTED: "#a3aeb8", GRID: "#343c43", PAPER: "#14171a", "#0072b2": "#4aa8e0", "#d55e00": "#f0803c",
    "#f3f5f7": "#1e2327", "#f5f7f8": "#1a1e22", "#c3ccd3": "#4b555e", "#e4e8ec": "#2b3238", "#fbe3d2": "#4a2d1a",
    "#7c8a96": "#8794a0", "#e8f1f8": "#1a2c3a", "#f5f5f3": "#1e2327",
}  # fmt: skip
"""What colours become where a reader's pages are dark; the others are seen on both."""

STYLE_SHEET: Final = Path(__file__).with_name("house.mplstyle")
LAYOUT: Final = "LAYOUT ONLY"
"""What stands across a figure whose results are not real."""
VIEW: Final = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
"""The size of a picture, as matplotlib writes it."""

S = TypeVar("S", bound=OneStep)


@dataclass(frozen=True)
class StepResults(Generic[S]):
    """The results of one step of an analysis."""

    plan: Plan
    analysis: Analysis | Task
    step: S
    lookup: Lookup

    @property
    def groups(self) -> list[str]:
        """The labels of its groups; one without a name where it has none."""
        return [g.label for g in self.plan.grouping(self.step.by).levels] if self.step.by else [""]

    def rows(self, **where: str | None) -> tuple[Row, ...]:
        """Return the rows that match, in order."""
        return self.lookup.rows(self.analysis.id, **where)

    def row(self, stat: str, **where: str | None) -> Row:
        """Return the one row that matches."""
        return self.lookup.row(self.analysis.id, stat, **where)

    def stats(self, *stats: str, **where: str | None) -> list[Row]:
        """Return the rows of several statistics of one place."""
        return [self.row(stat, **where) for stat in stats]

    def by_stat(self, **where: str | None) -> dict[str, Row]:
        """Return the rows that match by the name of their statistic."""
        return self.lookup.by_stat(self.analysis.id, **where)

    def by_level(self, **where: str | None) -> dict[str, dict[str, Row]]:
        """Return the rows that match by level and by the name of their statistic."""
        return self.lookup.by_level(self.analysis.id, **where)


@dataclass(frozen=True)
class Drawing:
    """A figure of the plan to be drawn: its results, and the file it becomes."""

    plan: Plan
    lookup: Lookup
    output: Output
    path: Path

    @property
    def analysis(self) -> Analysis:
        """The first of its analyses."""
        return self.plan.analysis(self.output.analyses[0])

    def steps(self, method: type[S]) -> list[StepResults[S]]:
        """Return the results of every step of a method in its analyses."""
        analyses = [self.plan.analysis(a) for a in self.output.analyses]
        return [self.results(a, s) for a in analyses for s in a.steps if isinstance(s, method)]

    def results(self, analysis: Analysis | Task, step: S) -> StepResults[S]:
        """Return the results of one step."""
        return StepResults(self.plan, analysis, step, self.lookup.of(analysis, step))

    def values(self, analysis_id: str, variable: Reference) -> dict[str, float]:
        """Return the number that each subject has, as an analysis lists it."""
        rows = self.lookup.rows(analysis_id, context="subject", **of_variable(variable))
        return {r.variable_level: r.stat for r in rows if r.stat is not None}

    def members(self, analysis_id: str, grouping: Grouping) -> dict[str, str]:
        """Return the value by which each subject is grouped, as an analysis lists it."""
        rows = self.lookup.rows(analysis_id, context="subject", **of_variable(grouping.variable))
        return {r.variable_level: r.stat_text if r.stat is None else number_text(r.stat) for r in rows}


@contextmanager
def panels(
    path: Path, height: float, rows: int = 1, columns: int = 1, *, x: bool = False, y: bool = False
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure of the one width and of a height in inches, and its panels, row by row; a file at the end.

    Panels share the axes `x` and `y` where asked.
    """
    with style.context(STYLE_SHEET, after_reset=True):  # whatever matplotlibrc this machine or this folder has
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, list(figure.subplots(rows, columns, sharex=x, sharey=y, squeeze=False).flat)
        save_svg(figure, path)


@contextmanager
def canvas(path: Path, height: float) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure of one panel."""
    with panels(path, height) as (figure, axes):
        yield figure, axes[0]


def save_svg(figure: Figure, path: Path) -> None:
    """Write a figure as SVG without a date, whole or not at all, with the colours it has on dark pages."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    replace_whole(path, out.getvalue().replace("</style>", f"{in_the_dark()}</style>", 1).encode())


def in_the_dark() -> str:
    """Return the rules by which a picture follows the page it stands on, or the window it is opened in alone."""
    rules = "".join(
        f'[style*="{what}: {light}"],[{what}="{light}"]{{{what}:{dark}!important}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme:dark){{:root{{color-scheme:dark}}.mark{{fill:#ff9d9d}}{rules}}}"


def grid(axes: Axes, axis: Literal["both", "x", "y"] = "y") -> None:
    """Draw pale lines behind everything else."""
    axes.grid(axis=axis, color=GRID, lw=0.8)
    axes.set_axisbelow(True)


def letter(position: int) -> str:
    """Return what a panel is called: A, B, C."""
    return ascii_uppercase[position % 26]


def letters(axes: Sequence[Axes]) -> None:
    """Name panels A, B, C."""
    for position, place in enumerate(axes):
        place.set_title(letter(position), loc="left", fontweight="bold", color=INK)


def key_below(figure: Figure, handles: Iterable[Artist], columns: int) -> None:
    """Set the key below the axes, where it hides nothing."""
    figure.legend(handles=list(handles), loc="outside lower center", ncols=columns)


def write_across(path: Path, words: str) -> None:
    """Write words across a picture, pale enough to read it: who takes it from its page sees that it is no result."""
    text = path.read_text(encoding="utf-8") if words else ""
    found = VIEW.search(text)
    if found is None:
        return
    width, height = float(found["width"]), float(found["height"])
    size = min(width * 0.9 / (0.62 * len(words)), height / 4)  # a character is 0.62 as wide as it is high
    place = f'x="{width / 2:.1f}" y="{height / 2:.1f}" transform="rotate(-14 {width / 2:.1f} {height / 2:.1f})"'
    look = f'font-family="sans-serif" font-size="{size:.1f}" font-weight="700" fill="#9b1c1c" fill-opacity="0.16"'
    across = f'<text class="mark" {place} text-anchor="middle" {look}>{escape(words)}</text>\n'
    head, end, tail = text.rpartition("</svg>")
    replace_whole(path, f"{head}{across}{end}{tail}".encode())
