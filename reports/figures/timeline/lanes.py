"""What stands in the band of each subject of a timeline: lanes of records, responses, and a measurement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.results.ard import unique
from analysis.results.record_level import RECORD, subject_of
from reports.figures.courses import Swimmer, Swimmers, is_mark, swimmers
from reports.layout.lookup import Lookup
from reports.words.labels import parameter_label, variable_label
from reports.words.numbers import shown
from sap.methods.profile import Profile
from sap.methods.records import Records
from sap.model.part import Reference
from sap.plan.plan import Output, Plan


@dataclass(frozen=True)
class Span:
    """One record that lasts, or one value on a day."""

    start: float
    """First day since first treatment, or the only one."""
    end: float
    """Last day; where it is ongoing, the last day its subject was observed."""
    ongoing: bool
    """Whether it has no end."""
    text: str
    """Its grade or value as it is printed."""
    grade: float | None
    """Its grade; None where it has none, or one in words."""


@dataclass(frozen=True)
class Band:
    """What is drawn for one subject."""

    swimmer: Swimmer
    """How long observed, and what happened."""
    lanes: Mapping[str, tuple[Span, ...]]
    """Records that last, by name: those of the most subjects first."""
    values: tuple[Span, ...]
    """Values on a day, as responses, in order of the day."""
    courses: tuple[tuple[tuple[float, float], ...], ...]
    """Day and value of each measurement."""


@dataclass(frozen=True)
class Measured:
    """One measurement: its label, and whether its axis is logarithmic."""

    label: str
    log: bool


@dataclass(frozen=True)
class Timeline:
    """All bands."""

    bands: tuple[Band, ...]
    """Longest observed first."""
    names: tuple[str, ...]
    """The lanes there are, those of the most subjects first."""
    swimmers: Swimmers
    """What happened, and how times end."""
    grading: str
    valued: str
    """What grades, and values on a day, are called; empty where there are none."""
    measured: tuple[Measured, ...]
    """The measurements, in the order of each band's courses."""

    @property
    def spans(self) -> Iterator[tuple[str, str, Span]]:
        """Subject, name and span of every record that lasts."""
        return ((b.swimmer.name, name, s) for b in self.bands for name, own in b.lanes.items() for s in own)


def timeline(plan: Plan, lookup: Lookup, output: Output) -> Timeline:
    """Return what a timeline draws."""
    steps = [(a, s) for a in output.analyses for s in plan.analysis(a).steps]
    lasting = [(a, s) for a, s in steps if isinstance(s, Records) and s.end is not None]
    valued = [(a, s) for a, s in steps if isinstance(s, Records) and s.end is None and not is_mark(s)]
    profiles = [(a, s) for a, s in steps if isinstance(s, Profile)]
    found = swimmers(plan, lookup, output, first_day=0)
    lanes = [x for a, s in lasting for x in _spans(plan, lookup.of(plan.analysis(a), s), a, s)]
    values = [x for a, s in valued for x in _spans(plan, lookup.of(plan.analysis(a), s), a, s)]
    courses = [_courses(lookup.of(plan.analysis(a), s), a, s) for a, s in profiles]
    order = _by_subjects(lanes)
    bands = tuple(
        Band(
            swimmer,
            {n: own for n in order if (own := _own(swimmer, n, lanes))},
            tuple(sorted((x for s, _, x in values if s == swimmer.name), key=lambda x: x.start)),
            tuple(course.get(swimmer.name, ()) for course in courses),
        )
        for swimmer in found.subjects
    )
    measured = tuple(
        Measured(s.label or parameter_label(plan, s.dataset, s.parameter), s.scale == "log") for _, s in profiles
    )
    return Timeline(bands, order, found, _called(plan, lasting), _called(plan, valued), measured)


def _own(swimmer: Swimmer, wanted: str, lanes: Iterable[tuple[str, str, Span]]) -> tuple[Span, ...]:
    """Return the spans of a subject and name; one that is ongoing goes on as long as the subject was observed."""
    own = (x for subject, name, x in lanes if (subject, name) == (swimmer.name, wanted))
    return tuple(replace(x, end=max(swimmer.end, x.start)) if x.ongoing else x for x in own)


def _called(plan: Plan, steps: Sequence[tuple[str, Records]]) -> str:
    """Return what the values of records are called: grades by their variable, values on a day by their step."""
    named = ((s, Reference(dataset=s.dataset, variable=s.value)) for _, s in steps if s.value is not None)
    return " / ".join(unique((s.label if s.end is None else None) or variable_label(plan, r) for s, r in named))


def _spans(plan: Plan, lookup: Lookup, analysis_id: str, step: Records) -> Iterator[tuple[str, str, Span]]:
    """Yield subject, name and span of the records of a step that have a day."""
    own = lookup.by_level(analysis_id, context=RECORD, variable=step.about)
    fallback = step.label or variable_label(plan, Reference(dataset=step.dataset, variable=step.start))
    for level, rows in own.items():
        start, end, value, name = (rows.get(n) for n in ("start.day", "end.day", "value", "name"))
        if start is None or start.stat is None:
            continue
        text = "" if value is None or (value.stat is None and not value.stat_text) else shown(value)
        grade = None if value is None else value.stat
        called = (name.stat_text if name is not None else "") or fallback
        last = start.stat if end is None or end.stat is None else end.stat
        ongoing = end is not None and end.stat is None
        yield subject_of(level), called, Span(start.stat, last, ongoing, text, grade)


def _by_subjects(lanes: Iterable[tuple[str, str, Span]]) -> tuple[str, ...]:
    """Return the names of records, those of the most subjects first, then by name."""
    subjects: dict[str, set[str]] = {}
    for subject, name, _ in lanes:
        subjects.setdefault(name, set()).add(subject)
    return tuple(sorted(subjects, key=lambda n: (-len(subjects[n]), n)))


def _courses(lookup: Lookup, analysis_id: str, step: Profile) -> dict[str, tuple[tuple[float, float], ...]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for row in lookup.rows(analysis_id, context="profile_subject", variable=step.parameter):
        if row.stat is not None:
            found.setdefault(row.variable_level, []).append((float(row.stat_name.partition(".")[2]), row.stat))
    return {subject: tuple(sorted(course)) for subject, course in found.items()}
