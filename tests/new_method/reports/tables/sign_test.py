"""The lines of the sign test in a table."""

from collections.abc import Iterator
from typing import Final

from sap.methods.sign_test import SignTest

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated


def sign_test_lines(cells: Cells, step: SignTest) -> Iterator[Line]:
    """Yield the counts, the p-value and the median, by group."""
    for group in cells.groups(step):
        section = cells.section(step, group, f"held against {step.versus:g}")
        at = {"variable": step.variable.variable, **in_group(step, group)}
        for label, names in (
            ("Above / below / equal", ("n.above", "n.below", "n.tied")),
            ("Exact sign test p, two-sided", ("p.value",)),
        ):
            yield from cells.stats(section, label, " / ".join([SLOT] * len(names)), names, context="sign_test", **at)
        label = f"Median ({stated(step.conf_level)} CI)"
        yield from cells.stats(section, label, WITH_LIMITS, LIMITS, context="sign_median", **at)


TABLE: Final = MethodTable(
    lines=sign_test_lines,
    contexts={"sign_test": Context("Exact sign test"), "sign_median": Context("Median by order statistics")},
    told_apart=("variable", "versus", "by"),
)
