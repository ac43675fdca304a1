"""The lines of a rank correlation: the coefficient with its interval, its p and how p was reached, and the pairs."""

from collections.abc import Iterator

from analysis.steps.correlation import NAMES
from reports.layout.cells import Cells, in_group
from reports.layout.model import SLOT, Line
from reports.words.numbers import stated
from sap.methods.correlation import Correlation


def correlation_lines(cells: Cells, step: Correlation) -> Iterator[Line]:
    """Yield the lines of one coefficient of a pair of variables."""
    name, level = NAMES[step.coefficient], stated(step.conf_level)
    for group in cells.groups(step):
        section = cells.section(step, group)
        at = {
            "context": step.coefficient,
            "variable": step.variable.variable,
            "level": str(step.with_variable),
            **in_group(step, group),
        }
        limits = ("estimate", "conf.low", "conf.high")
        yield from cells.stats(section, f"{name} ({level} CI, approximate)", "{} ({} to {})", limits, **at)
        yield from cells.stats(section, f"{name}: p, two-sided", "{} ({})", ("p.value", "p.type"), **at)
        yield from cells.stats(section, f"{name}: smallest p these pairs allow", SLOT, ("p.value.min",), **at)
        yield from cells.stats(section, f"{name}: pairs", SLOT, ("N",), **at)
