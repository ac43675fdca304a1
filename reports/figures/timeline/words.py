"""What a timeline says to those who do not see it."""

from collections.abc import Iterator

from analysis.results.ard import number_text
from reports.figures.courses import happenings, told
from reports.figures.profile import without_median
from reports.figures.timeline.lanes import Timeline
from reports.figures.timeline.places import Scale, edges
from reports.layout.lookup import Lookup
from reports.words.labels import parameter_label
from reports.words.numbers import MINUS, shown
from sap.methods.profile import Profile
from sap.methods.records import Records
from sap.plan.plan import Output, Plan


def in_words(plan: Plan, lookup: Lookup, output: Output, found: Timeline, scale: Scale) -> str:
    """Return the subjects, what happened, the records, the measurement, what is not shown."""
    first, last = (number_text(round(d)).replace("-", MINUS) for d in (scale.first, scale.last))
    start = f"One band a subject on one axis of days {first} to {last}, longest observed first."
    if not found.bands:
        return f"{start} No subjects."
    ends = "; ".join([told(found.swimmers), *happenings(found.swimmers)])
    sentences = [ends, *_records(plan, lookup, output), *_lanes(found), *_measured(plan, lookup, output)]
    return " ".join([start, *(f"{s}." for s in sentences), *_beyond(found, scale)])


def _records(plan: Plan, lookup: Lookup, output: Output) -> Iterator[str]:
    """Yield how many records there are, as the results have it."""
    for analysis_id in output.analyses:
        for step in plan.analysis(analysis_id).steps:
            if not isinstance(step, Records):
                continue
            found = lookup.of(plan.analysis(analysis_id), step).by_stat(analysis_id, context="records")
            rows = {name: shown(row) for name, row in found.items()}
            if rows:
                open_ended = f", {rows['n.ongoing']} of them ongoing" if "n.ongoing" in rows else ""
                title = step.label or plan.analysis(analysis_id).title
                subjects = f"{rows['n']} of {rows['N']} subjects"
                yield f"{title}: {rows['n.records']} records of {subjects}{open_ended}"


def _lanes(found: Timeline) -> Iterator[str]:
    """Yield what the lanes are called; what is known of their records, the results say of all together."""
    if found.names:
        yield f"Lanes of records: {'; '.join(found.names)}"


def _measured(plan: Plan, lookup: Lookup, output: Output) -> Iterator[str]:
    """Yield the lowest median of each measurement, and where the line is."""
    steps = [(a, s) for a in output.analyses for s in plan.analysis(a).steps if isinstance(s, Profile)]
    line = f", line at {number_text(output.reference)}" if output.reference is not None else ""
    for analysis_id, step in steps:
        name = step.label or parameter_label(plan, step.dataset, step.parameter)
        place = {"context": "profile", "variable": step.parameter, "level": ""}
        own = lookup.of(plan.analysis(analysis_id), step)
        n, low, day = (own.row(analysis_id, s, **place) for s in ("N", "median.min", "median.min.day"))
        said = without_median(n) if low.stat is None else f"lowest median {shown(low)} on day {shown(day)}"
        yield f"{name}: {said}{line}"


def _beyond(found: Timeline, scale: Scale) -> Iterator[str]:
    """Yield what the days shown leave out."""
    longer = sum(b.swimmer.end > scale.last for b in found.bands)
    spans = [edges(s) for _, _, s in found.spans]
    days = [s.start for b in found.bands for s in b.values]
    days += [day for b in found.bands for day in (d for _, d in b.swimmer.days)]
    days += [day for b in found.bands for course in b.courses for day, _ in course]
    hidden = sum(not scale.inside(*s) for s in spans) + sum(not scale.inside(d, d) for d in days)
    if longer or hidden:
        yield f"Observed beyond the days shown: {_subjects(longer)}; records and values not shown: {hidden}."


def _subjects(count: int) -> str:
    return f"{count} subject{'' if count == 1 else 's'}"
