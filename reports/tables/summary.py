"""The lines of the description of a quantity in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import AND, COUNTED, SLOT, WITH_RANGE, Line
from sap.methods.summary import Summary

PAIR: Final = f"{SLOT}{AND}{SLOT}"
DESCRIPTION: Final = {"summary": Context("Description", size="n")}


def summary_lines(cells: Cells, step: Summary) -> Iterator[Line]:
    """Yield the description of a quantity, by group."""
    for section, of_group in cells.sections(step):
        yield from described(cells, section, "", {"variable": step.variable.variable, **of_group})


def described(cells: Cells, section: str, prefix: str, at: dict[str, str]) -> Iterator[Line]:
    """Yield how many values there are, their median and range, and their mean."""
    yield from cells.stats(section, f"{prefix}n", SLOT, ("n",), context="summary", **at)
    extremes = ("median", "min", "max")
    if cells.plan.conventions.decimals is None:
        yield from cells.stats(section, f"{prefix}Median (range)", WITH_RANGE, extremes, context="summary", **at)
    else:  # they have other decimals than the median
        yield from cells.stats(section, f"{prefix}Median", SLOT, ("median",), context="summary", **at)
        range_ = ("min", "max")
        yield from cells.stats(section, f"{prefix}Minimum, maximum", PAIR, range_, context="summary", **at)
    yield from cells.stats(section, f"{prefix}Mean (SD)", COUNTED, ("mean", "sd"), context="summary", **at)


TABLE: Final = MethodTable(lines=summary_lines, contexts=DESCRIPTION)
