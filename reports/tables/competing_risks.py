"""The lines of cumulative incidence in a table, where causes compete."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable, data_heading
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.competing_risks import CompetingRisks


def competing_risks_lines(cells: Cells, step: CompetingRisks) -> Iterator[Line]:
    """Yield who was at risk, and the events and the cumulative incidence of each cause, with limits."""
    ci = f"{stated(step.conf_level)} CI"
    for section, of_group in cells.sections(step):
        at = {"variable": step.data, **of_group}
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


TABLE: Final = MethodTable(
    lines=competing_risks_lines,
    contexts={
        "incidence": Context("Incidence"),
        "incidence_at": Context("Incidence at"),
        "incidence_curve": Context("Incidence curve", "Time"),
    },
    heading=data_heading,
    told_apart=("data", "by"),
    only_add_lines=("landmarks",),
    stated=("conf.type",),
)
