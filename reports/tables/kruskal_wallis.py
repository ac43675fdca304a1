"""The lines of a Kruskal–Wallis test in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import COUNTED, SLOT, Line
from reports.tables.summary import DESCRIPTION, described
from sap.methods.kruskal_wallis import KruskalWallis

CONTEXT: Final = "kruskal_wallis"


def kruskal_wallis_lines(cells: Cells, step: KruskalWallis) -> Iterator[Line]:
    """Yield the description of each group, then the test."""
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable}
    for level in cells.plan.grouping(step.by).levels:
        yield from described(cells, section, f"{level.label}: ", {**at, **in_group(step, level.label)})
    whole = {**at, "context": CONTEXT, "grouping": step.by, "group": ""}
    words = "Kruskal–Wallis test: H (degrees of freedom)"
    yield from cells.stats(section, words, COUNTED, ("statistic", "parameter"), **whole)
    yield from cells.stats(section, "Kruskal–Wallis test: p", SLOT, ("p.value",), **whole)


TABLE: Final = MethodTable(
    lines=kruskal_wallis_lines,
    contexts={**DESCRIPTION, CONTEXT: Context("Kruskal–Wallis test")},
)
