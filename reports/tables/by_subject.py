"""The lines of what each subject has in a table."""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.results.ard import Row
from reports.layout.cells import Cells, numbers_as_numbers
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import ABSENT, SLOT, Cell, Line
from reports.words.labels import variable_label
from reports.words.numbers import BY_SUBJECT
from sap.methods.by_subject import BySubject

NOT_IN_SET: Final = "not in set"


def by_subject_lines(cells: Cells, step: BySubject) -> Iterator[Line]:
    """Yield a line a subject."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for task in cells.wanted:
        for row in cells.rows(task.id, context=BY_SUBJECT):
            found.setdefault((task.id, row.variable_level), {})[f"{row.dataset}.{row.variable}"] = row
    names = {t.id: [f"{t.use.get(v.dataset, v.dataset)}.{v.variable}" for v in step.variables] for t in cells.wanted}
    for subject in sorted({subject for _, subject in found}, key=numbers_as_numbers):
        values = [_values(found.get((t.id, subject), {}), names[t.id]) for t in cells.wanted]
        yield from cells.line(cells.section(step), subject, values, NOT_IN_SET)


def _values(found: dict[str, Row], names: Sequence[str]) -> Cell | None:
    values = [found.get(name) for name in names]
    there = [r if r is not None and not r.error and (r.stat is not None or r.stat_text) else None for r in values]
    while there and there[-1] is None:
        there.pop()
    layout = " · ".join(ABSENT if r is None else SLOT for r in there)
    return Cell(layout, tuple(r for r in there if r is not None)) if there else None


TABLE: Final = MethodTable(
    lines=by_subject_lines,
    contexts={BY_SUBJECT: Context("Individual values", "Subject")},
    heading=lambda plan, step: "By subject: " + " · ".join(variable_label(plan, v) for v in step.variables),
    told_apart=("variables",),
    lists_subjects=True,
)
