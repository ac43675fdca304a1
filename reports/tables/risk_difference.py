"""The lines of a difference of two shares in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.levels import levels_within
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import LIMITS, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.risk_difference import RiskDifference

CONTEXT: Final = "risk_difference"


def risk_difference_lines(cells: Cells, step: RiskDifference) -> Iterator[Line]:
    """Yield the difference for each group within groups."""
    first, second = step.compared(cells.plan)
    words = f"{first} minus {second}, difference ({stated(step.conf_level)} CI)"
    section = cells.section(step, shows=words)
    for level, label in levels_within(cells, CONTEXT, "estimate"):
        at = {"context": CONTEXT, "level": level, "grouping": step.by}
        yield from cells.stats(section, label, WITH_LIMITS, LIMITS, **at)


TABLE: Final = MethodTable(
    lines=risk_difference_lines,
    contexts={CONTEXT: Context("Difference of two proportions", "Class or term", size="N.1")},
    heading=lambda _plan, step: f"Subjects with records in {step.dataset}",
    told_apart=("dataset", "by", "between", "within", "where", "label"),
    beside_others=True,
)
