"""The lines of a proportion in a table: events among all, with the exact interval and the one-sided bound."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable, event_heading, event_level
from reports.layout.model import COUNTED_OVER, OVER_PERCENT, SLOT, Line
from reports.words.numbers import bound_name, stated
from sap.methods.binomial import Binomial


def binomial_lines(cells: Cells, step: Binomial) -> Iterator[Line]:
    """Yield events among all with the two-sided interval, and the one-sided upper bound where the step has one."""
    level = stated(step.conf_level)
    for section, of_group in cells.sections(step):
        at = {"variable": step.variable.variable, "level": " / ".join(step.event), **of_group}
        two_sided = {"context": "proportion", **at}
        bound = {"context": "proportion_upper_bound", **at}
        interval = f"{level} CI, two-sided, Clopper–Pearson"
        yield from cells.stats(section, OVER_PERCENT, COUNTED_OVER, ("n", "N", "estimate"), **two_sided)
        yield from cells.stats(section, interval, "{} to {}", ("conf.low", "conf.high"), **two_sided)
        one_sided = f"{bound_name(level).capitalize()}, Clopper–Pearson"
        yield from cells.stats(section, one_sided, SLOT, ("conf.high",), **bound)


TABLE: Final = MethodTable(
    lines=binomial_lines,
    contexts={
        "proportion": Context("Proportion"),
        "proportion_upper_bound": Context("One-sided upper bound of a proportion", one_sided=True),
    },
    heading=event_heading,
    told_apart=("variable", "by", "event"),
    only_add_lines=("upper_bound",),
    row_level=event_level,
)
