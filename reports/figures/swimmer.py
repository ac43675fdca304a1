"""What happened to each subject: a bar as long as the time observed, with what happened on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.results.ard import RECORD, Row, subject_of, unique
from reports.figures.frame import COLOURS, INK, PAPER, SMALL, WIDTH, Drawing, canvas, grid, key_below
from reports.layout.lookup import of_variable
from reports.words.labels import days_axis, variable_label
from sap.methods.by_subject import BySubject
from sap.methods.records import Records
from sap.model.days import as_times_count
from sap.model.derivations import BestResponse, DayOf, Derivation, TimeToEvent
from sap.model.part import Reference

DEATH: Final = ("Death", "Alive at last contact")
EVENT: Final = ("Event", "Censored")
HAPPENED: Final = ("D", "v", "s", "P", "X")
"""Markers of what happened."""
RESPONSE: Final = "^"
MARK: Final = 0.09
"""Inches that a mark takes across: those nearer to each other stand above one another."""
RISE: Final = 0.26
"""By how much of a row."""
ACROSS: Final = WIDTH - 1.0
"""Inches that the axis of days takes, about."""
MANY: Final = 30
"""From how many subjects rows are narrower."""


@dataclass(frozen=True)
class Swimmer:
    """One subject."""

    name: str
    """As the page calls it."""
    end: float
    """Days observed."""
    ended: bool
    """Whether the time ended in the event."""
    response: str
    """Best response; empty where the plan lists none."""
    response_day: float | None
    days: tuple[tuple[str, float], ...]
    """What else happened, each time with its day."""


@dataclass(frozen=True)
class Swimmers:
    """All subjects."""

    subjects: tuple[Swimmer, ...]
    """Longest observed first."""
    happened: tuple[str, ...]
    """What happened to at least one of them, in the plan's order."""
    ends: tuple[str, str]
    """How a time can end: in the event, or censored."""
    untimed: int
    """Subjects without a time, who are not drawn."""
    time: str
    """What the plan calls the time."""

    def look(self, what: str) -> tuple[str, str]:
        """Return the marker and the colour of something that happened."""
        at = self.happened.index(what)
        return HAPPENED[at % len(HAPPENED)], COLOURS[-1 - at % len(COLOURS)]

    @property
    def ends_in_words(self) -> str:
        """How many subjects there are, and how their times ended."""
        ended = sum(s.ended for s in self.subjects)
        untimed = f"; without a time, not drawn: {self.untimed}" if self.untimed else ""
        censored = len(self.subjects) - ended
        return f"{len(self.subjects)} subjects{untimed}; {self.ends[0]}: {ended}; {self.ends[1]}: {censored}"

    @property
    def happened_in_words(self) -> list[str]:
        """To how many subjects each thing happened."""
        return [f"{text}: {sum(text in dict(s.days) for s in self.subjects)}" for text in self.happened]


def draw(drawing: Drawing) -> str:
    """Draw a bar a subject, longest first, its best response at its end, with a marker for what happened."""
    plan = drawing.plan
    first_day = plan.conventions.origin_day
    found = swimmers(drawing, first_day)
    subjects = found.subjects
    many = len(subjects) > MANY
    known = [r for d in plan.derivations if isinstance(d, BestResponse) for r in (*d.order, "NE")]
    responses = [r for r in unique(known) if any(s.response == r for s in subjects)]
    last = max([s.end for s in subjects], default=1.0) * 1.06 or 1.0
    with canvas(drawing.path, 1.3 + (0.19 if many else 0.34) * max(len(subjects), 3)) as (figure, axes):
        axes.set_xlim(first_day, last)
        for row, swimmer in enumerate(subjects):
            at = responses.index(swimmer.response) if swimmer.response in responses else 0
            look: dict[str, Any] = {"color": COLOURS[at % len(COLOURS)], "alpha": 0.4, "lw": 0}
            axes.barh(row, swimmer.end - first_day, left=first_day, height=0.62, zorder=2, **look)
            _marks(axes, row, swimmer, found, 4.0 if many else 6.0)
            axes.annotate(swimmer.response, (swimmer.end, row), xytext=(8, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(subjects)), [s.name for s in subjects], fontsize=SMALL if many else "medium")
        axes.set_ylim(max(len(subjects), 1) - 0.4, -0.6)
        grid(axes, "x")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(days_axis(plan, drawing.output, found.time, "Days since first treatment"))
        key_below(figure, _key(found, responses), 3)
    if not subjects:
        return "One bar a subject. No subjects."
    counts = [f"best response {r}: {sum(s.response == r for s in subjects)}" for r in responses]
    told = "; ".join([found.ends_in_words, *counts, *found.happened_in_words])
    return f"One bar a subject, longest observed first. {told}."


def _marks(axes: Axes, row: int, swimmer: Swimmer, found: Swimmers, size: float) -> None:
    look: dict[str, Any] = {"markeredgecolor": INK, "markeredgewidth": 0.7, "linestyle": "none", "zorder": 4}
    marks = [(day, found.look(text)) for text, day in swimmer.days]
    if swimmer.response_day is not None:
        marks.insert(0, (swimmer.response_day, (RESPONSE, PAPER)))
    first, last = axes.get_xlim()
    *rises, end = apart([*(day for day, _ in marks), swimmer.end], MARK * (last - first) / ACROSS)
    for (day, (marker, colour)), rise in zip(marks, rises, strict=True):
        axes.plot(day, row + RISE * rise, marker, color=colour, ms=size, **look)
    how: dict[str, Any] = {"marker": "x", "mew": 1.6} if swimmer.ended else {"marker": ">"}
    axes.plot(swimmer.end, row + RISE * end, color=INK, ms=size, zorder=5, **how)


def apart(days: Sequence[float], near: float) -> list[float]:
    """Return how many places below the middle each mark stands: those nearer than `near`, one below the other."""
    clusters: list[list[int]] = []
    for i in sorted(range(len(days)), key=lambda i: days[i]):
        if clusters and days[i] - days[clusters[-1][-1]] < near:
            clusters[-1].append(i)
        else:
            clusters.append([i])
    places = {i: rank - (len(own) - 1) / 2 for own in clusters for rank, i in enumerate(own)}
    return [places[i] for i in range(len(days))]


def _key(found: Swimmers, responses: Sequence[str]) -> Iterator[Line2D]:
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "ms": 6}
    if responses:
        yield Line2D([], [], marker=RESPONSE, color=PAPER, label="Day of best response", **look)
    for text in found.happened:
        marker, colour = found.look(text)
        yield Line2D([], [], marker=marker, color=colour, label=text, **look)
    yield Line2D([], [], marker="x", color=INK, mew=1.8, label=found.ends[0], **look)
    yield Line2D([], [], marker=">", color=INK, label=found.ends[1], **look)


def swimmers(drawing: Drawing, first_day: int) -> Swimmers:
    """Return the course of each subject from the analyses of a figure."""
    plan = drawing.plan
    derived = {d.id: d for d in plan.derivations}
    rows: dict[str, dict[str, Row]] = {}
    wanted: dict[str, Derivation] = {}
    for listed in drawing.steps(BySubject):
        for reference in (r for r in listed.step.variables if r.dataset in derived):
            wanted.setdefault(reference.dataset, derived[reference.dataset])
            for row in drawing.lookup.rows(listed.analysis.id, context="subject", **of_variable(reference)):
                rows.setdefault(row.variable_level, {}).setdefault(str(reference), row)
    time = next(d for d in wanted.values() if isinstance(d, TimeToEvent))
    best = next((d.id for d in wanted.values() if isinstance(d, BestResponse)), "")
    days = {d.id: d.text for d in wanted.values() if isinstance(d, DayOf)}
    recorded = list(_recorded(drawing))
    subjects = []
    for name, own in rows.items():
        stats = {variable: row.stat for variable, row in own.items()}
        end, response_day = stats.get(f"{time.id}.AVAL"), stats.get(f"{best}.RSPDAY")
        if end is None:
            continue
        happened = [(text, day) for d, text in days.items() if (day := stats.get(f"{d}.DAY")) is not None]
        happened += [(text, day) for subject, text, day in recorded if subject == name]
        subjects.append(
            Swimmer(
                name,
                as_times_count(end - plan.conventions.origin_day, first_day),
                stats.get(f"{time.id}.CNSR") == 0,
                own[f"{best}.BOR"].stat_text if f"{best}.BOR" in own else "",
                None if response_day is None else as_times_count(response_day, first_day),
                tuple((text, as_times_count(day, first_day)) for text, day in happened),
            )
        )
    survival = time.parameter == plan.conventions.survival_parameter
    there = {text for s in subjects for text, _ in s.days}
    in_order = tuple(t for t in unique((*days.values(), *(text for _, text, _ in recorded))) if t in there)
    longest_first = tuple(sorted(subjects, key=lambda s: -s.end))
    return Swimmers(longest_first, in_order, DEATH if survival else EVENT, len(rows) - len(subjects), time.id)


def is_mark(step: Records) -> bool:
    """Return whether a record of a step is something that happened on a day, without an end or a value."""
    return step.end is None and step.value is None


def _recorded(drawing: Drawing) -> Iterator[tuple[str, str, float]]:
    """Yield subject, what happened and its day, of every record that is a mark."""
    for found in drawing.steps(Records):
        step = found.step
        if not is_mark(step):
            continue
        named = {r.variable_level: r.stat_text for r in found.rows(context=RECORD, stat="name")}
        start = Reference(dataset=step.dataset, variable=step.start)
        for row in found.rows(context=RECORD, stat="start.day", variable=step.about):
            text = step.label or named.get(row.variable_level) or variable_label(drawing.plan, start)
            if row.stat is not None:
                yield subject_of(row.variable_level), text, row.stat
