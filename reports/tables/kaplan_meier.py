"""The lines of a time to an event in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import ON_DAYS, Context, MethodTable, data_heading
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, WITH_RANGE, Line
from reports.words.numbers import stated
from sap.methods.kaplan_meier import KaplanMeier


def kaplan_meier_lines(cells: Cells, step: KaplanMeier) -> Iterator[Line]:
    """Yield events, the median, each landmark and the follow-up of a curve, with limits."""
    ci = f"{stated(step.conf_level)} CI"
    for section, of_group in cells.sections(step):
        at = {"variable": step.data, **of_group}
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


TABLE: Final = MethodTable(
    lines=kaplan_meier_lines,
    contexts={
        "survival": Context("Time to event"),
        "survival_at": Context("Survival at a time", level=ON_DAYS),
        "follow_up_reverse_km": Context("Follow-up, reverse Kaplan–Meier"),
        "follow_up_observed": Context("Follow-up, observed times"),
        "at_risk": Context("Numbers at risk", level=ON_DAYS),
        "curve": Context("Curve", "Time", level=ON_DAYS, drawn=True),
    },
    heading=data_heading,
    told_apart=("data", "by"),
    only_add_lines=("at_risk", "landmarks"),
    stated=("conf.type", "median.rule"),
)
