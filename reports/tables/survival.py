"""The lines of times to an event in a table: survival, and cumulative incidence where causes compete."""

from collections.abc import Iterator

from reports.layout.cells import Cells, in_group
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, WITH_RANGE, Line
from reports.words.numbers import stated
from sap.methods.competing_risks import CompetingRisks
from sap.methods.kaplan_meier import KaplanMeier


def kaplan_meier_lines(cells: Cells, step: KaplanMeier) -> Iterator[Line]:
    """Yield events, the median, each landmark and the follow-up of a curve, with limits."""
    ci = f"{stated(step.conf_level)} CI"
    for group in cells.groups(step):
        section = cells.section(step, group)
        at = {"variable": step.data, **in_group(step, group)}
        curve = {"context": "survival", **at}
        yield from cells.stats(section, "Events / subjects", "{}/{}", ("n.event", "N"), **curve)
        yield from cells.stats(section, "Censored", SLOT, ("n.censor",), **curve)
        yield from cells.stats(section, f"Median, days ({ci})", WITH_LIMITS, LIMITS, level="median", **curve)
        for day in step.landmarks:
            here = {"context": "survival_at", "level": str(day), **at}
            yield from cells.stats(section, f"At {day} days ({ci})", WITH_LIMITS, LIMITS, **here)
            yield from cells.stats(section, f"At risk at {day} days", SLOT, ("n.risk",), **here)
        reverse = f"Follow-up: reverse Kaplan–Meier median, days ({ci})"
        yield from cells.stats(section, reverse, WITH_LIMITS, LIMITS, context="follow_up_reverse_km", **at)
        plain = "Follow-up: plain median of observed times, days (range)"
        observed = ("median", "min", "max")
        yield from cells.stats(section, plain, WITH_RANGE, observed, context="follow_up_observed", **at)


def competing_risks_lines(cells: Cells, step: CompetingRisks) -> Iterator[Line]:
    """Yield who was at risk, and the events and the cumulative incidence of each cause, with limits."""
    ci = f"{stated(step.conf_level)} CI"
    for group in cells.groups(step):
        section = cells.section(step, group)
        at = {"variable": step.data, **in_group(step, group)}
        yield from cells.stats(section, "Subjects", SLOT, ("N",), context="incidence", **at)
        yield from cells.stats(section, "Censored", SLOT, ("n.censor",), context="incidence", **at)
        for day in step.landmarks:
            here = {"context": "incidence_at", "level": f"day {day}", **at}
            yield from cells.stats(section, f"At risk at {day} days", SLOT, ("n.risk",), **here)
        for cause in step.causes:
            own = f"{section}: {cause}"
            yield from cells.stats(own, "Events", SLOT, ("n.event",), context="incidence", level=cause, **at)
            for day in step.landmarks:
                here = {"context": "incidence_at", "level": f"{cause}, day {day}", **at}
                label = f"Cumulative incidence at {day} days ({ci})"
                yield from cells.stats(own, label, WITH_LIMITS, LIMITS, **here)
