"""The bands of a timeline: what stands in that of each subject, and how high, so that nothing hides another."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from analysis.results.ard import RECORD, subject_of, unique
from reports.figures.frame import ON_DARK, ON_LIGHT, WIDTH, Drawing, StepResults
from reports.figures.profile import Course, courses, measured
from reports.figures.swimmer import Swimmer, Swimmers, is_mark, swimmers
from reports.words.labels import variable_label
from reports.words.numbers import shown
from sap.methods.profile import Profile
from sap.methods.records import Records
from sap.model.part import Reference

LEFT: Final = 1.75
"""Inches that names take at the left."""
RIGHT: Final = 0.85
COUNTS: Final = 0.3
"""Inches, of a strip with a measurement."""
LANE: Final = 0.118
BAR: Final = 0.13
GAP: Final = 0.07
RISE: Final = 0.085
"""Inches by which marks that fall together stand above one another."""
CHARACTER: Final = 0.067
"""Inches, of a character of the text in a band."""
NICE: Final = (1, 2, 5)

RAMP: Final = (
    ("#fdeadb", ON_LIGHT), ("#f9c795", ON_LIGHT), ("#ee9352", ON_LIGHT), ("#b2500b", ON_DARK), ("#4c1d05", ON_DARK),
)  # fmt: skip
"""From light to dark, so that grades keep their order in grey, each with the colour of the text on it."""
PLAIN: Final = ("#e8edf0", ON_LIGHT)


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

    @property
    def edges(self) -> tuple[float, float]:
        """Where its bar begins and ends: its days are whole days, the last one included."""
        return self.start - 0.5, self.end + 0.5


@dataclass(frozen=True)
class Band:
    """What is drawn for one subject."""

    swimmer: Swimmer
    """How long observed, and what happened."""
    lanes: Mapping[str, tuple[Span, ...]]
    """Records that last, by name: those of the most subjects first."""
    values: tuple[Span, ...]
    """Values on a day, as responses, in order of the day."""
    courses: tuple[Course, ...]
    """Day and value of each measurement."""

    @property
    def spans(self) -> list[Span]:
        """Every record that lasts."""
        return [span for own in self.lanes.values() for span in own]

    @property
    def days(self) -> list[float]:
        """The days of its values, of what happened, and of its measurements."""
        happened = [day for _, day in self.swimmer.days]
        return [*(s.start for s in self.values), *happened, *(day for own in self.courses for day, _ in own)]


@dataclass(frozen=True)
class ValueAxis:
    """The axis of a measurement: low counts must be told apart, so it is a square root or a logarithm."""

    label: str
    """What is measured."""
    kind: str
    """Logarithmic where the plan's step is; linear where a value is negative."""
    low: float
    high: float
    """The values at its ends."""

    def share(self, value: float) -> float:
        """Return where a value stands, 0 at the lower end and 1 at the upper."""
        low, high, at = (self._scaled(v) for v in (self.low, self.high, min(max(value, self.low), self.high)))
        return (at - low) / (high - low)

    def _scaled(self, value: float) -> float:
        if self.kind == "logarithmic":
            return math.log(value)
        return math.sqrt(value) if self.kind == "square-root" else value

    @property
    def top(self) -> float:
        """The highest of 1, 2, 5, 10 … on the axis."""
        power = 10.0 ** math.floor(math.log10(max(self.high, 1e-12)))
        return max((n * power for n in NICE if n * power <= self.high), default=power)


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
    measured: tuple[ValueAxis, ...]
    """The axis of each measurement, in the order of each band's courses."""

    @cached_property
    def shades(self) -> dict[float, tuple[str, str]]:
        """Fill and text colour of each grade there is: 1 to 5 have their own, others stand in their order."""
        grades = sorted({s.grade for b in self.bands for s in b.spans if s.grade is not None})
        if all(g in range(1, 6) for g in grades):
            return {g: RAMP[int(g) - 1] for g in grades}
        last = len(RAMP) - 1
        return {g: RAMP[round(at * last / max(len(grades) - 1, 1))] for at, g in enumerate(grades)}

    def shade(self, span: Span) -> tuple[str, str]:
        """Return fill and text colour of a record; one without a grade is plain."""
        return PLAIN if span.grade is None else self.shades[span.grade]


@dataclass(frozen=True)
class Scale:
    """The shared axis."""

    first: float
    last: float
    """Days shown."""

    @property
    def inch(self) -> float:
        """Days that take an inch."""
        return (self.last - self.first) / (WIDTH - LEFT - RIGHT)

    def inside(self, start: float, end: float) -> bool:
        """Return whether any day from start to end is shown."""
        return start <= self.last and end >= self.first

    def cut(self, span: Span) -> tuple[float, float]:
        """Return where the bar of a span begins and ends on the axis."""
        start, end = span.edges
        return max(start, self.first), min(end, self.last)

    def fits(self, span: Span) -> bool:
        """Return whether the text of a bar has room in it."""
        start, end = self.cut(span)
        return end - start >= len(span.text) * CHARACTER * self.inch * 1.2


@dataclass(frozen=True)
class Track:
    """Spans side by side, with the middle of their height in inches from the top of the figure."""

    at: float
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class PlacedBand:
    """A band with where its parts stand, in inches from the top of the figure."""

    band: Band
    """What is drawn."""
    top: float
    bottom: float
    """Its edges."""
    strips: tuple[tuple[float, Course], ...]
    """Upper edge of the strip of each measurement, with its values."""
    values: tuple[Track, ...]
    """Values on a day, the track nearest the bar last."""
    bar: float
    """Middle of the bar of observation."""
    lanes: tuple[tuple[str, tuple[Track, ...]], ...]
    """Lanes by name."""


def timeline(drawing: Drawing) -> Timeline:
    """Return what a timeline draws."""
    records, profiles = drawing.steps(Records), drawing.steps(Profile)
    lasting = [f for f in records if f.step.end is not None]
    valued = [f for f in records if f.step.end is None and not is_mark(f.step)]
    found = swimmers(drawing, first_day=0)
    lanes = [x for f in lasting for x in _spans(f)]
    values = [x for f in valued for x in _spans(f)]
    by_subject = [courses(f) for f in profiles]
    having: dict[str, set[str]] = {}
    for subject, name, _ in lanes:
        having.setdefault(name, set()).add(subject)
    order = tuple(sorted(having, key=lambda name: (-len(having[name]), name)))
    bands = tuple(
        Band(
            swimmer,
            {n: own for n in order if (own := _own(swimmer, n, lanes))},
            tuple(sorted((x for s, _, x in values if s == swimmer.name), key=lambda x: x.start)),
            tuple(course.get(swimmer.name, ()) for course in by_subject),
        )
        for swimmer in found.subjects
    )
    axes = tuple(
        _axis(measured(f), [v for b in bands for _, v in b.courses[at]], log=f.step.scale == "log")
        for at, f in enumerate(profiles)
    )
    return Timeline(bands, order, found, _values_called(lasting), _values_called(valued), axes)


def _own(swimmer: Swimmer, wanted: str, lanes: Iterable[tuple[str, str, Span]]) -> tuple[Span, ...]:
    """Return the spans of a subject and name; one that is ongoing goes on as long as the subject was observed."""
    own = (x for subject, name, x in lanes if (subject, name) == (swimmer.name, wanted))
    return tuple(replace(x, end=max(swimmer.end, x.start)) if x.ongoing else x for x in own)


def _values_called(found: Sequence[StepResults[Records]]) -> str:
    """Return what the values of records are called: grades by their variable, values on a day by their step."""
    named = ((f, Reference(dataset=f.step.dataset, variable=f.step.value)) for f in found if f.step.value is not None)
    labels = ((f.step.label if f.step.end is None else None) or variable_label(f.plan, r) for f, r in named)
    return " / ".join(unique(labels))


def _spans(found: StepResults[Records]) -> Iterator[tuple[str, str, Span]]:
    """Yield subject, name and span of the records of a step that have a day."""
    step = found.step
    own = found.by_level(context=RECORD, variable=step.about)
    fallback = step.label or variable_label(found.plan, Reference(dataset=step.dataset, variable=step.start))
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


def days_shown(found: Timeline, first: float | None, last: float | None) -> Scale:
    """Return the shared axis: the plan's days, or those there are, first treatment among them."""
    days = [0.0, 1.0]
    for band in found.bands:
        days += [band.swimmer.end, *band.days, *(d for s in band.spans for d in (s.start, s.end))]
    low = min(days) if first is None else first
    high = max(days) if last is None else last
    margin = 0.01 * (high - low)
    return Scale(low - (margin if first is None else 0), high + (margin if last is None else 0))


def placed(found: Timeline, scale: Scale) -> tuple[PlacedBand, ...]:
    """Return every band with where its parts stand, one below the other."""
    places: list[PlacedBand] = []
    for band in found.bands:
        places.append(_place(band, scale, places[-1].bottom if places else 0.0, values=bool(found.valued)))
    return tuple(places)


def _place(band: Band, scale: Scale, top: float, *, values: bool) -> PlacedBand:
    y = top + GAP / 2
    strips = tuple((y + i * COUNTS, course) for i, course in enumerate(band.courses))
    y += COUNTS * len(band.courses)
    rows = tracks(band.values, scale, lasting=False) or ([()] if values else [])
    told = tuple(Track(y + LANE * (i + 0.5), spans) for i, spans in enumerate(reversed(rows)))
    y += LANE * len(rows)
    bar = y + BAR / 2
    y += BAR
    lanes = []
    for name, spans in band.lanes.items():
        here = tracks(spans, scale, lasting=True)
        lanes.append((name, tuple(Track(y + LANE * (i + 0.5), own) for i, own in enumerate(here))))
        y += LANE * len(here)
    return PlacedBand(band, top, y + GAP / 2, strips, told, bar, tuple(lanes))


def tracks(spans: Sequence[Span], scale: Scale, *, lasting: bool) -> list[tuple[Span, ...]]:
    """Return spans in as few tracks as keep them, and what is printed of them, apart."""
    found: list[list[Span]] = []
    ends: list[float] = []
    for span in sorted(spans, key=lambda s: s.start):
        low, high = extent(span, scale, lasting=lasting)
        if not scale.inside(low, high):
            continue
        at = next((i for i, end in enumerate(ends) if end <= low), len(found))
        if at == len(found):
            found.append([])
            ends.append(high)
        found[at].append(span)
        ends[at] = high
    return [tuple(own) for own in found]


def extent(span: Span, scale: Scale, *, lasting: bool) -> tuple[float, float]:
    """Return the days that a span and its text take: a bar too short for its text has it at its left."""
    text = len(span.text) * CHARACTER * scale.inch
    if not lasting:
        return span.start - text * 0.6, span.start + text * 0.6
    start, end = span.edges
    return (start if scale.fits(span) else start - text * 1.1), end


def _axis(label: str, values: Sequence[float], *, log: bool) -> ValueAxis:
    """Return the axis of a measurement, from the values of all subjects."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    positive = [v for v in values if v > 0]
    if log and positive:
        return ValueAxis(label, "logarithmic", min(positive) / 1.3, max(positive) * 1.3)
    if low < 0:
        return ValueAxis(label, "linear", low, high if high > low else low + 1)
    return ValueAxis(label, "square-root", 0.0, high or 1.0)
