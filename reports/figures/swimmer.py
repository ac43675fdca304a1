"""What happened to each subject: a bar as long as the time observed, with what happened on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from reports.figures.courses import Swimmer, Swimmers, happenings, swimmers, told
from reports.figures.style import COLOURS, GRID, INK, canvas, save_svg
from reports.layout.lookup import Lookup
from reports.words.labels import days_axis
from sap.model.derivations import BestResponse
from sap.plan.plan import Output, Plan

HATCHES: Final = ("", "///", "...", "xxx", "\\\\\\", "++")
RESPONSE: Final = "^"
APART: Final = 0.16
"""Responses stand in the upper half of a bar and what happened in the lower, so that neither hides the other."""
MANY: Final = 30
"""From how many subjects rows are narrower."""


def draw_swimmers(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a bar a subject, longest first, coloured and hatched by best response, with a marker for what happened."""
    first_day = plan.conventions.origin_day
    found = swimmers(plan, lookup, output, first_day)
    subjects = found.subjects
    many = len(subjects) > MANY
    known = [r for d in plan.derivations if isinstance(d, BestResponse) for r in (*d.order, "NE")]
    responses = [r for r in dict.fromkeys(known) if any(s.response == r for s in subjects)]
    size = 4.5 if many else 7.0
    with canvas(7.2, 1.6 + (0.19 if many else 0.34) * max(len(subjects), 3)) as (figure, axes):
        for row, swimmer in enumerate(subjects):
            at = responses.index(swimmer.response) if swimmer.response in responses else 0
            axes.barh(
                row, swimmer.end - first_day, left=first_day, height=0.62, color=COLOURS[at % len(COLOURS)], alpha=0.45,
                hatch=HATCHES[at % len(HATCHES)], edgecolor="white", zorder=2,
            )  # fmt: skip
            _marks(axes, row, swimmer, found, size)
        axes.set_yticks(range(len(subjects)), [s.name for s in subjects], fontsize=6.5 if many else 9)
        axes.set_ylim(max(len(subjects), 1) - 0.4, -0.6)
        axes.set_xlim(first_day, max([s.end for s in subjects], default=1.0) * 1.06 or 1.0)
        axes.grid(axis="x", color=GRID, lw=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(days_axis(plan, output, found.time, "Days since first treatment"))
        figure.legend(handles=[*_key(responses, found)], loc="outside lower center", ncols=3, frameon=False, fontsize=8)
        save_svg(figure, path)
    return _words(found, responses)


def _marks(axes: Axes, row: int, swimmer: Swimmer, found: Swimmers, size: float) -> None:
    look: dict[str, Any] = {"markeredgecolor": INK, "markeredgewidth": 0.7, "linestyle": "none", "zorder": 4}
    if swimmer.response_day is not None:
        axes.plot(swimmer.response_day, row - APART, RESPONSE, color="white", ms=size, **look)
    for text, day in swimmer.days:
        marker, colour = found.look(text)
        axes.plot(day, row + APART, marker, color=colour, ms=size, **look)
    if swimmer.ended:
        axes.plot(swimmer.end, row, "x", color=INK, ms=size, mew=1.8, zorder=5)
    else:
        axes.plot(swimmer.end, row, ">", color=INK, ms=size, zorder=5)


def _key(responses: list[str], found: Swimmers) -> Iterator[Patch | Line2D]:
    for at, response in enumerate(responses):
        yield Patch(
            facecolor=COLOURS[at % len(COLOURS)], alpha=0.45, hatch=HATCHES[at % len(HATCHES)], edgecolor="white",
            label=f"Best response {response}",
        )  # fmt: skip
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "ms": 7}
    if responses:
        yield Line2D([], [], marker=RESPONSE, color="white", label="Day of best response", **look)
    for text in found.happened:
        marker, colour = found.look(text)
        yield Line2D([], [], marker=marker, color=colour, label=text, **look)
    yield Line2D([], [], marker="x", color=INK, mew=1.8, label=found.ends[0], **look)
    yield Line2D([], [], marker=">", color=INK, label=found.ends[1], **look)


def _words(found: Swimmers, responses: list[str]) -> str:
    subjects = found.subjects
    if not subjects:
        return "One bar a subject. No subjects."
    counts = [f"best response {r}: {sum(s.response == r for s in subjects)}" for r in responses]
    return f"One bar a subject, longest observed first. {'; '.join([told(found), *counts, *happenings(found)])}."
