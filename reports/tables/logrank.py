"""The lines of a log-rank test in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable, data_heading
from reports.layout.model import COUNTED, SLOT, Line
from sap.methods.logrank import Logrank

CONTEXT: Final = "logrank"


def logrank_lines(cells: Cells, step: Logrank) -> Iterator[Line]:
    """Yield events of each group beside those expected, then the test."""
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.data, "context": CONTEXT}
    observed = "observed" if step.rho or step.gamma else "n.event"
    for level in cells.plan.grouping(step.by).levels:
        words = f"{level.label}: events (expected if the groups did not differ)"
        yield from cells.stats(section, words, COUNTED, (observed, "expected"), **at, **in_group(step, level.label))
    kind = f"{'Weighted' if step.rho or step.gamma else 'Log-rank'} test{', stratified' if step.strata else ''}"
    whole = {**at, "grouping": step.by, "group": ""}
    yield from cells.stats(
        section, f"{kind}: chi-square (degrees of freedom)", COUNTED, ("statistic", "parameter"), **whole
    )
    yield from cells.stats(section, f"{kind}: p, two-sided", SLOT, ("p.value",), **whole)


TABLE: Final = MethodTable(
    lines=logrank_lines,
    contexts={CONTEXT: Context("Log-rank test", size="n")},
    heading=data_heading,
    told_apart=("data", "by", "strata", "rho", "gamma"),
)
