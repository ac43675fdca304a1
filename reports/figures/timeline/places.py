"""Where things stand on a timeline: which track of a lane, and how high each band is, so that nothing hides another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports.figures.timeline.lanes import Band, Span, Timeline

WIDTH: Final = 7.2
"""Inches, of the whole figure."""
LEFT: Final = 1.55
"""Inches that names take at the left."""
RIGHT: Final = 0.7
COUNTS: Final = 0.29
"""Inches, of a strip with a measurement."""
LANE: Final = 0.108
BAR: Final = 0.12
GAP: Final = 0.07
MARK: Final = 0.09
"""Inches that a mark takes across."""
RISE: Final = 0.07
"""Inches by which marks that fall together stand above one another."""
CHARACTER: Final = 0.056
"""Inches, of a character of the text in a band."""


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


@dataclass(frozen=True)
class Track:
    """Spans side by side, with the middle of their height in inches from the top of the figure."""

    at: float
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Placed:
    """A band with where its parts stand, in inches from the top of the figure."""

    band: Band
    """What is drawn."""
    top: float
    bottom: float
    """Its edges."""
    strips: tuple[float, ...]
    """Upper edge of the strip of each measurement."""
    values: tuple[Track, ...]
    """Values on a day, the track nearest the bar last."""
    bar: float
    """Middle of the bar of observation."""
    lanes: tuple[tuple[str, tuple[Track, ...]], ...]
    """Lanes by name."""


def days_shown(found: Timeline, first: float | None, last: float | None) -> Scale:
    """Return the shared axis: the plan's days, or those there are, first treatment among them."""
    days = [0.0, 1.0]
    for band in found.bands:
        days += [band.swimmer.end, *(day for _, day in band.swimmer.days), *(s.start for s in band.values)]
        days += [d for own in band.lanes.values() for s in own for d in (s.start, s.end)]
        days += [day for course in band.courses for day, _ in course]
    low = min(days) if first is None else first
    high = max(days) if last is None else last
    margin = 0.01 * (high - low)
    return Scale(low - (margin if first is None else 0), high + (margin if last is None else 0))


def placed(found: Timeline, scale: Scale) -> tuple[Placed, ...]:
    """Return every band with where its parts stand, one below the other."""
    places = []
    top = 0.0
    for band in found.bands:
        place = _place(band, scale, top, values=bool(found.valued))
        places.append(place)
        top = place.bottom
    return tuple(places)


def _place(band: Band, scale: Scale, top: float, *, values: bool) -> Placed:
    y = top + GAP / 2
    strips = tuple(y + i * COUNTS for i in range(len(band.courses)))
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
    return Placed(band, top, y + GAP / 2, strips, told, bar, tuple(lanes))


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
    start, end = edges(span)
    return (start if fits(span, scale) else start - text * 1.1), end


def fits(span: Span, scale: Scale) -> bool:
    """Return whether the text of a bar has room in it."""
    start, end = edges(span)
    start, end = max(start, scale.first), min(end, scale.last)
    return end - start >= len(span.text) * CHARACTER * scale.inch * 1.2


def edges(span: Span) -> tuple[float, float]:
    """Return where a bar begins and ends: its days are whole days, the last one included."""
    return span.start - 0.5, span.end + 0.5


def apart(days: Sequence[float], scale: Scale) -> list[float]:
    """Return how far below the middle each mark stands, in inches: those that fall together, one below the other."""
    order = sorted(range(len(days)), key=lambda i: days[i])
    clusters: list[list[int]] = []
    for i in order:
        if clusters and days[i] - days[clusters[-1][-1]] < MARK * scale.inch:
            clusters[-1].append(i)
        else:
            clusters.append([i])
    found = [0.0] * len(days)
    for cluster in clusters:
        for rank, i in enumerate(cluster):
            found[i] = RISE * (rank - (len(cluster) - 1) / 2)
    return found
