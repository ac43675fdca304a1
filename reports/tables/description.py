"""The lines of the description of a quantity in records in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.levels import levels_within
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import COUNTED, SLOT, WITH_RANGE, Line
from reports.words.labels import variable_label
from sap.methods.description import Description

CONTEXT: Final = "description"
LINES: Final = (
    ("n", SLOT, ("n",)),
    ("Mean (SD)", COUNTED, ("mean", "sd")),
    ("Median (Q1–Q3)", WITH_RANGE, ("median", "p25", "p75")),
    ("Minimum", SLOT, ("min",)),
    ("Maximum", SLOT, ("max",)),
)


def description_lines(cells: Cells, step: Description) -> Iterator[Line]:
    """Yield the description of each group within groups."""
    for section, of_group in cells.sections(step):
        for level, label in levels_within(cells, CONTEXT, "n"):
            for name, layout, numbers in LINES:
                words = f"{label}: {name}" if level else name
                at = {"context": CONTEXT, "variable": step.variable, "level": level, **of_group}
                yield from cells.stats(section, words, layout, numbers, **at)


TABLE: Final = MethodTable(
    lines=description_lines,
    contexts={CONTEXT: Context("Description of records", size="n")},
    heading=lambda plan, step: variable_label(plan, step.references[0]),
    told_apart=("dataset", "variable", "by", "within", "where", "label"),
    beside_others=True,
)
