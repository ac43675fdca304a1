"""The lines of subjects and records by groups within groups in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.levels import levels_within
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import Line
from sap.methods.frequency import Frequency

CONTEXT: Final = "frequency"


def frequency_lines(cells: Cells, step: Frequency) -> Iterator[Line]:
    """Yield a line a group, those within indented below it."""
    how, layout, numbers = cells.percentages(step, own=step.denominator is not None)
    for section, of_group in cells.sections(step, how):
        for level, label in levels_within(cells, CONTEXT, "n"):
            yield from cells.stats(section, label, layout, numbers, context=CONTEXT, level=level, **of_group)


TABLE: Final = MethodTable(
    lines=frequency_lines,
    contexts={CONTEXT: Context("Subjects with records", "Class or term")},
    heading=lambda _plan, step: f"Subjects with records in {step.dataset}",
    told_apart=("dataset", "by", "within", "where", "label"),
    beside_others=True,
)
