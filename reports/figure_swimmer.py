"""What happened to each subject: a bar as long as the time observed, with what happened on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.results import Row
from reports.lookup import Lookup
from reports.style import COLOURS, GRID, INK, canvas, save_svg
from sap.derivations import BestResponse, DayOf, Derivation, TimeToEvent
from sap.methods import BySubject
from sap.model import Reference
from sap.plan import Output, Plan

HATCHES: Final = ("", "///", "...", "xxx", "\\\\\\", "++")
MARKERS: Final = ("D", "v", "s", "P", "X")
RESPONSE: Final = "^"
DEATH: Final = ("Death", "Alive at last contact")
EVENT: Final = ("Event", "Censored")
MANY: Final = 30
"""From how many subjects rows are narrower."""


@dataclass(frozen=True)
class Swimmer:
    """One subject.

    Attributes
    ----------
    name : str
        As the page calls it.
    end : float
        Days observed.
    ended : bool
        Whether the time ended in the event.
    response : str
        Best response; empty where the plan lists none.
    response_day : float or None
        Its day.
    days : mapping of str to float
        Other days, by what happened.
    """

    name: str
    end: float
    ended: bool
    response: str
    response_day: float | None
    days: dict[str, float]


def draw_swimmers(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a bar a subject, longest first, coloured and hatched by best response, with a marker for what happened.

    Parameters
    ----------
    plan : Plan
        The plan; the analyses list by subject a time to event, and may list best response and days.
    lookup : Lookup
        The results.
    output : Output
        The figure's entry in the plan.
    path : Path
        Where to write the SVG.

    Returns
    -------
    str
        Alternative text with how many ended, are ongoing, and how often each thing happened.
    """
    swimmers, happened, ends = _swimmers(plan, lookup, output)
    many = len(swimmers) > MANY
    known = [r for d in plan.derivations if isinstance(d, BestResponse) for r in (*d.order, "NE")]
    responses = [r for r in dict.fromkeys(known) if any(s.response == r for s in swimmers)]
    size = 4.5 if many else 7.0
    with canvas(7.2, 1.6 + (0.19 if many else 0.34) * max(len(swimmers), 3)) as (figure, axes):
        for row, swimmer in enumerate(swimmers):
            at = responses.index(swimmer.response) if swimmer.response in responses else 0
            axes.barh(
                row, swimmer.end, height=0.62, color=COLOURS[at % len(COLOURS)], alpha=0.45,
                hatch=HATCHES[at % len(HATCHES)], edgecolor="white", zorder=2,
            )  # fmt: skip
            _marks(axes, row, swimmer, happened, size)
        axes.set_yticks(range(len(swimmers)), [s.name for s in swimmers], fontsize=6.5 if many else 9)
        axes.set_ylim(max(len(swimmers), 1) - 0.4, -0.6)
        axes.set_xlim(0, max([s.end for s in swimmers], default=1.0) * 1.06 or 1.0)
        axes.grid(axis="x", color=GRID, lw=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(output.axis or "Days since infusion")
        figure.legend(
            handles=[*_key(responses, happened, ends)], loc="outside lower center", ncols=3, frameon=False, fontsize=8
        )
        save_svg(figure, path)
    return _words(swimmers, responses, happened, ends)


def _swimmers(plan: Plan, lookup: Lookup, output: Output) -> tuple[list[Swimmer], list[str], tuple[str, str]]:
    """Return the subjects, longest observed first, the things that happen, and how a time can end."""
    derived = {d.id: d for d in plan.derivations}
    found: dict[str, dict[str, Row]] = {}
    wanted: dict[str, Derivation] = {}
    for analysis_id, reference in _listed(plan, output):
        wanted.setdefault(reference.dataset, derived[reference.dataset])
        for row in lookup.rows(analysis_id, context="subject", variable=reference.variable):
            found.setdefault(row.variable_level, {}).setdefault(str(reference), row)
    time = next(d for d in wanted.values() if isinstance(d, TimeToEvent))
    best = next((d.id for d in wanted.values() if isinstance(d, BestResponse)), "")
    days = {d.id: d.text for d in wanted.values() if isinstance(d, DayOf)}
    swimmers = []
    for name, rows in found.items():
        end = _number(rows, f"{time.id}.AVAL")
        if end is None:
            continue
        response = rows.get(f"{best}.BOR")
        swimmers.append(
            Swimmer(
                name,
                end,
                _number(rows, f"{time.id}.CNSR") == 0,
                response.stat_text if response is not None else "",
                _number(rows, f"{best}.RSPDAY"),
                {text: day for d, text in days.items() if (day := _number(rows, f"{d}.DAY")) is not None},
            )
        )
    survival = time.parameter == plan.conventions.survival_parameter
    happened = [text for text in days.values() if any(text in s.days for s in swimmers)]
    return sorted(swimmers, key=lambda s: -s.end), happened, DEATH if survival else EVENT


def _listed(plan: Plan, output: Output) -> Iterator[tuple[str, Reference]]:
    derived = {d.id for d in plan.derivations}
    for analysis_id in output.analyses:
        for step in plan.analysis(analysis_id).steps:
            if isinstance(step, BySubject):
                yield from ((analysis_id, r) for r in step.variables if r.dataset in derived)


def _number(rows: dict[str, Row], name: str) -> float | None:
    return rows[name].stat if name in rows else None


def _marks(axes: Axes, row: int, swimmer: Swimmer, happened: list[str], size: float) -> None:
    look: dict[str, Any] = {"markeredgecolor": INK, "markeredgewidth": 0.7, "linestyle": "none", "zorder": 4}
    if swimmer.response_day is not None:
        axes.plot(swimmer.response_day, row, RESPONSE, color="white", ms=size, **look)
    for text, day in swimmer.days.items():
        at = happened.index(text)
        axes.plot(day, row, MARKERS[at % len(MARKERS)], color=COLOURS[-1 - at % len(COLOURS)], ms=size, **look)
    if swimmer.ended:
        axes.plot(swimmer.end, row, "x", color=INK, ms=size, mew=1.8, zorder=5)
    else:
        axes.plot(swimmer.end, row, ">", color=INK, ms=size, zorder=5)


def _key(responses: list[str], happened: list[str], ends: tuple[str, str]) -> Iterator[Patch | Line2D]:
    for at, response in enumerate(responses):
        yield Patch(
            facecolor=COLOURS[at % len(COLOURS)], alpha=0.45, hatch=HATCHES[at % len(HATCHES)], edgecolor="white",
            label=f"Best response {response}",
        )  # fmt: skip
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "ms": 7}
    if responses:
        yield Line2D([], [], marker=RESPONSE, color="white", label="Day of best response", **look)
    for at, text in enumerate(happened):
        yield Line2D(
            [], [], marker=MARKERS[at % len(MARKERS)], color=COLOURS[-1 - at % len(COLOURS)], label=text, **look
        )
    yield Line2D([], [], marker="x", color=INK, mew=1.8, label=ends[0], **look)
    yield Line2D([], [], marker=">", color=INK, label=ends[1], **look)


def _words(swimmers: list[Swimmer], responses: list[str], happened: list[str], ends: tuple[str, str]) -> str:
    if not swimmers:
        return "One bar a subject. No subjects."
    ended = sum(s.ended for s in swimmers)
    counts = [f"best response {r}: {sum(s.response == r for s in swimmers)}" for r in responses]
    counts += [f"{text}: {sum(text in s.days for s in swimmers)}" for text in happened]
    said = f"{len(swimmers)} subjects; {ends[0]}: {ended}; {ends[1]}: {len(swimmers) - ended}"
    return f"One bar a subject, longest observed first. {'; '.join([said, *counts])}."
