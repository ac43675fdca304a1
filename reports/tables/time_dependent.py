"""The lines of an analysis by a state entered during follow-up: each state, the test, and the landmark analysis."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable, data_heading
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.time_dependent import TimeDependent


def state_lines(cells: Cells, step: TimeDependent) -> Iterator[Line]:
    """Yield the time in each state with its curve, the comparison, and the groups of the landmark."""
    name = cells.section(step)
    for label in (step.unexposed, step.exposed):
        yield from _state(cells, step, f"{name}: {label}", label)
    yield from _test(cells, step, f"{name}: Mantel–Byar test")
    if step.landmark is not None:
        yield from _landmark(cells, step, name, step.landmark)


def _state(cells: Cells, step: TimeDependent, section: str, label: str) -> Iterator[Line]:
    at = {"variable": step.data, "context": "states", "level": label}
    yield from cells.stats(section, "Subjects ever in this state", SLOT, ("n",), **at)
    yield from cells.stats(section, "Events in this state", SLOT, ("n.event",), **at)
    yield from cells.stats(section, "Follow-up in this state, subject-days", SLOT, ("time",), **at)
    for day in step.landmarks:
        here = {"variable": step.data, "context": "simon_makuch_at", "level": f"{label}, day {day}"}
        yield from cells.stats(section, f"Simon–Makuch at {day} days ({_ci(step)})", WITH_LIMITS, LIMITS, **here)
        yield from cells.stats(section, f"At risk at {day} days", SLOT, ("n.risk",), **here)


def _test(cells: Cells, step: TimeDependent, section: str) -> Iterator[Line]:
    at = {"variable": step.data, "context": "mantel_byar"}
    for label in (step.unexposed, step.exposed):
        named = f"{label}: events observed / expected"
        yield from cells.stats(section, named, "{} / {}", ("observed", "expected"), level=label, **at)
    both = "Events while both states were at risk"
    yield from cells.stats(section, both, SLOT, ("n.compared",), level="", **at)
    yield from cells.stats(section, "Chi-square (1 degree of freedom)", SLOT, ("statistic",), level="", **at)
    yield from cells.stats(section, "p, approximate and exploratory", SLOT, ("p.value",), level="", **at)


def _landmark(cells: Cells, step: TimeDependent, name: str, landmark: int) -> Iterator[Line]:
    section = f"{name}: landmark analysis, from day {landmark}, of those observed beyond it"
    at = {"variable": step.data, "context": "landmark_groups"}
    all_of = (
        (f"Left out: events up to day {landmark}", "n.event.before"),
        (f"Left out: follow-up ended up to day {landmark}", "n.censor.before"),
        (f"Observed beyond day {landmark}", "n"),
        (f"Of these, {step.exposed.lower()} only later", "n.later"),
    )
    for label, stat in all_of:
        yield from cells.stats(section, label, SLOT, (stat,), level="", **at)
    for label in (step.unexposed, step.exposed):
        group = f"{label} on day {landmark}"
        yield from cells.stats(section, f"{group}: events / subjects", "{} / {}", ("n.event", "N"), level=label, **at)
        for day in (d for d in step.landmarks if d > landmark):
            here = {"variable": step.data, "context": "landmark_at", "level": f"{label}, day {day}"}
            shown = f"{group}: survival from then to day {day} ({_ci(step)})"
            yield from cells.stats(section, shown, WITH_LIMITS, LIMITS, **here)
            yield from cells.stats(section, f"{group}: at risk on day {day}", SLOT, ("n.risk",), **here)


def _ci(step: TimeDependent) -> str:
    return f"{stated(step.conf_level)} CI"


TABLE: Final = MethodTable(
    lines=state_lines,
    contexts={
        "states": Context("Follow-up in each state"),
        "mantel_byar": Context("Mantel–Byar test"),
        "simon_makuch": Context("Simon–Makuch curve", "Time", drawn=True),
        "simon_makuch_at": Context("Simon–Makuch survival at a time"),
        "simon_makuch_risk": Context("Numbers in each state", "Time"),
        "landmark_groups": Context("Landmark analysis, groups"),
        "landmark_at": Context("Landmark analysis, survival at a time"),
    },
    heading=data_heading,
    told_apart=("data", "by", "exposure", "start", "landmark"),
    only_add_lines=("at_risk", "landmarks"),
)
