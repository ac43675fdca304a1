"""What figures know of the course of each subject: how long observed, how it ended, best response, what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analysis.results.ard import Row, unique
from analysis.results.record_level import RECORD, subject_of
from reports.figures.style import COLOURS
from reports.layout.lookup import Lookup, of_variable
from reports.words.labels import variable_label
from sap.methods.by_subject import BySubject
from sap.methods.records import Records
from sap.model.days import as_times_count
from sap.model.derivations import BestResponse, DayOf, Derivation, TimeToEvent
from sap.model.part import Reference
from sap.plan.plan import Output, Plan

DEATH: Final = ("Death", "Alive at last contact")
EVENT: Final = ("Event", "Censored")
MARKERS: Final = ("D", "v", "s", "P", "X")


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
        return MARKERS[at % len(MARKERS)], COLOURS[-1 - at % len(COLOURS)]


def swimmers(plan: Plan, lookup: Lookup, output: Output, first_day: int) -> Swimmers:
    """Return the course of each subject from the analyses of a figure."""
    derived = {d.id: d for d in plan.derivations}
    found: dict[str, dict[str, Row]] = {}
    wanted: dict[str, Derivation] = {}
    for analysis_id, reference in _listed(plan, output):
        wanted.setdefault(reference.dataset, derived[reference.dataset])
        for row in lookup.rows(analysis_id, context="subject", **of_variable(reference)):
            found.setdefault(row.variable_level, {}).setdefault(str(reference), row)
    time = next(d for d in wanted.values() if isinstance(d, TimeToEvent))
    best = next((d.id for d in wanted.values() if isinstance(d, BestResponse)), "")
    days = {d.id: d.text for d in wanted.values() if isinstance(d, DayOf)}
    recorded = list(_recorded(plan, lookup, output))
    subjects = []
    for name, rows in found.items():
        end = _number(rows, f"{time.id}.AVAL")
        if end is None:
            continue
        response = rows.get(f"{best}.BOR")
        own = [(text, day) for d, text in days.items() if (day := _number(rows, f"{d}.DAY")) is not None]
        own += [(text, day) for subject, text, day in recorded if subject == name]
        response_day = _number(rows, f"{best}.RSPDAY")
        subjects.append(
            Swimmer(
                name,
                as_times_count(end - plan.conventions.origin_day, first_day),
                _number(rows, f"{time.id}.CNSR") == 0,
                response.stat_text if response is not None else "",
                None if response_day is None else as_times_count(response_day, first_day),
                tuple((text, as_times_count(day, first_day)) for text, day in own),
            )
        )
    survival = time.parameter == plan.conventions.survival_parameter
    there = {text for s in subjects for text, _ in s.days}
    happened = tuple(t for t in unique((*days.values(), *(text for _, text, _ in recorded))) if t in there)
    longest_first = tuple(sorted(subjects, key=lambda s: -s.end))
    return Swimmers(longest_first, happened, DEATH if survival else EVENT, len(found) - len(subjects), time.id)


def told(found: Swimmers) -> str:
    """Return how many subjects there are, and how their times ended."""
    ended = sum(s.ended for s in found.subjects)
    alive = len(found.subjects) - ended
    untimed = f"; without a time, not drawn: {found.untimed}" if found.untimed else ""
    return f"{len(found.subjects)} subjects{untimed}; {found.ends[0]}: {ended}; {found.ends[1]}: {alive}"


def happenings(found: Swimmers) -> list[str]:
    """Return to how many subjects each thing happened."""
    return [f"{text}: {sum(text in dict(s.days) for s in found.subjects)}" for text in found.happened]


def is_mark(step: Records) -> bool:
    """Return whether a record of a step is something that happened on a day, without an end or a value."""
    return step.end is None and step.value is None


def _recorded(plan: Plan, lookup: Lookup, output: Output) -> Iterator[tuple[str, str, float]]:
    """Yield subject, what happened and its day, of every record that is a mark."""
    for analysis_id in output.analyses:
        for step in plan.analysis(analysis_id).steps:
            if not isinstance(step, Records) or not is_mark(step):
                continue
            own = lookup.of(plan.analysis(analysis_id), step)
            named = {r.variable_level: r.stat_text for r in own.rows(analysis_id, context=RECORD, stat="name")}
            start = Reference(dataset=step.dataset, variable=step.start)
            for row in own.rows(analysis_id, context=RECORD, stat="start.day", variable=step.about):
                text = step.label or named.get(row.variable_level) or variable_label(plan, start)
                if row.stat is not None:
                    yield subject_of(row.variable_level), text, row.stat


def _listed(plan: Plan, output: Output) -> Iterator[tuple[str, Reference]]:
    derived = {d.id for d in plan.derivations}
    for analysis_id in output.analyses:
        for step in plan.analysis(analysis_id).steps:
            if isinstance(step, BySubject):
                yield from ((analysis_id, r) for r in step.variables if r.dataset in derived)


def _number(rows: dict[str, Row], name: str) -> float | None:
    return rows[name].stat if name in rows else None
