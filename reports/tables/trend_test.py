"""The lines of a trend of proportions in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable, event_heading, event_level
from reports.layout.model import COUNTED_OVER, OVER_PERCENT, SLOT, Line
from sap.methods.trend_test import TrendTest

CONTEXT: Final = "trend_test"


def trend_test_lines(cells: Cells, step: TrendTest) -> Iterator[Line]:
    """Yield the share of each group in their order, then the p-values of the trend."""
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable, "level": " / ".join(step.event), "context": CONTEXT}
    for level in cells.plan.grouping(step.by).levels:
        words, counted = f"{level.label}: {OVER_PERCENT}", ("n", "N", "p")
        yield from cells.stats(section, words, COUNTED_OVER, counted, **at, **in_group(step, level.label))
    whole = {**at, "grouping": step.by, "group": ""}
    for words, name in (
        ("Trend: exact p, two-sided", "p.value.exact"),
        ("Trend: exact p of an increase", "p.value.increasing"),
        ("Trend: p by chi-square, two-sided", "p.value"),
    ):
        yield from cells.stats(section, words, SLOT, (name,), **whole)


TABLE: Final = MethodTable(
    lines=trend_test_lines,
    contexts={CONTEXT: Context("Trend of proportions")},
    heading=event_heading,
    told_apart=("variable", "event", "by", "scores"),
    row_level=event_level,
)
