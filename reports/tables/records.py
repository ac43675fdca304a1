"""The lines of records in a table: how many there are, and a line a record where the table lists subjects."""

from collections.abc import Iterator
from typing import Final

from analysis.results.ard import RECORD, unique
from reports.layout.cells import Cells, numbers_as_numbers
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import SLOT, Line
from reports.words.labels import variable_label
from sap.methods.records import Records
from sap.model.part import Reference


def record_lines(cells: Cells, step: Records) -> Iterator[Line]:
    """Yield the counts, and each record with what it is and its days."""
    section = cells.section(step)
    at = {"context": "records", "variable": step.about}
    yield from cells.stats(section, "Subjects with a record, n/N", "{}/{}", ("n", "N"), **at)
    yield from cells.stats(section, "Records", SLOT, ("n.records",), **at)
    if step.end is not None:
        yield from cells.stats(section, "Records without an end", SLOT, ("n.ongoing",), **at)
    if not cells.by_subject:
        return
    names, layout = _layout(step)
    found = (r for t in cells.wanted for r in cells.rows(t.id, context=RECORD, variable=step.about))
    for level in sorted(unique(r.variable_level for r in found), key=numbers_as_numbers):
        yield from cells.stats(section, level, layout, names, context=RECORD, variable=step.about, level=level)


def _layout(step: Records) -> tuple[tuple[str, ...], str]:
    """Return the statistics of a record and how they stand in a cell."""
    told = [n for n, variable in (("name", step.name), ("value", step.value)) if variable is not None]
    days, span = (("start.day", "end.day"), "day {} to {}") if step.end is not None else (("start.day",), "day {}")
    return (*told, *days), " · ".join([*(SLOT for _ in told), span])


TABLE: Final = MethodTable(
    lines=record_lines,
    contexts={"records": Context("Records"), RECORD: Context("Each record", "Record")},
    heading=lambda plan, step: variable_label(plan, Reference(dataset=step.dataset, variable=step.about)),
    told_apart=("dataset", "columns", "where"),
)
