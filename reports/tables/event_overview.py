"""The lines of an overview of events in a table: a line a kind, subjects with it, and its records in brackets."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import SLOT, Line
from sap.methods.event_overview import EventOverview

CONTEXT: Final = "event_overview"


def event_overview_lines(cells: Cells, step: EventOverview) -> Iterator[Line]:
    """Yield a line a kind; one that is not recorded says so."""
    how, layout, numbers = cells.percentages(step)
    for section, of_group in cells.sections(step, f"{how} [records]"):
        for kind in step.kinds:
            told = kind.not_recorded is not None
            shown, names = (SLOT, ("recorded",)) if told else (f"{layout} [{SLOT}]", (*numbers, "records"))
            yield from cells.stats(section, kind.label, shown, names, context=CONTEXT, level=kind.label, **of_group)


TABLE: Final = MethodTable(
    lines=event_overview_lines,
    contexts={CONTEXT: Context("Overview of events")},
    heading=lambda _plan, step: f"Events of {step.dataset}",
    told_apart=("dataset", "by", "kinds"),
)
