"""The lines of categories in a table."""

from collections.abc import Iterator
from typing import Final

from analysis.results.ard import unique
from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import SLOT, Line
from sap.methods.distribution import NOT_RECORDED, Distribution

YES, NO = "Y", "N"
IN_WORDS: Final = {YES: "Yes", NO: "No"}


def distribution_lines(cells: Cells, step: Distribution) -> Iterator[Line]:
    """Yield a line a level below the variable; a variable that is yes or no is one line, its own.

    The denominator stands in each cell where it is not that of the column; who has no value is counted alone then.
    """
    how, layout, numbers = cells.percentages(step, own=step.percentages != "all")
    for name, of_group in cells.sections(step, how):
        of = {"variable": step.variable.variable, **of_group}
        at = {"context": "distribution", **of}
        levels = unique(r.variable_level for t in cells.wanted for r in cells.rows(t.id, **at))
        missing = list(cells.stats(name, step.missing, SLOT, ("n",), context=NOT_RECORDED, level=step.missing, **of))
        if set(levels) == {YES, NO} and not step.labels and not missing:
            yield from cells.stats("", name, layout, numbers, level=YES, **at)
        else:
            words = (IN_WORDS if {YES, NO} <= set(levels) else {}) | step.labels
            for level in levels:
                yield from cells.stats(name, words.get(level, level), layout, numbers, level=level, **at)
            yield from missing


TABLE: Final = MethodTable(
    lines=distribution_lines,
    contexts={"distribution": Context("Distribution"), NOT_RECORDED: Context("Without a value")},
)
