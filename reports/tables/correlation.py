"""The lines of a rank correlation: the coefficient with its interval, its p and how p was reached, and the pairs."""

from collections.abc import Iterator
from typing import Final

from analysis.results.ard import Row
from analysis.results.tasks import Task
from analysis.steps.correlation import NAMES
from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.labels import variable_label
from reports.words.numbers import stated
from sap.methods.correlation import Correlation
from sap.plan.plan import Plan


def correlation_lines(cells: Cells, step: Correlation) -> Iterator[Line]:
    """Yield the lines of one coefficient of a pair of variables."""
    name, level = NAMES[step.coefficient], stated(step.conf_level)
    for section, of_group in cells.sections(step):
        at = {
            "context": step.coefficient,
            "variable": step.variable.variable,
            "level": str(step.with_variable),
            **of_group,
        }
        yield from cells.stats(section, f"{name} ({level} CI, approximate)", WITH_LIMITS, LIMITS, **at)
        yield from cells.stats(section, f"{name}: p, two-sided", "{} ({})", ("p.value", "p.type"), **at)
        yield from cells.stats(section, f"{name}: smallest p these pairs allow", SLOT, ("p.value.min",), **at)
        yield from cells.stats(section, f"{name}: pairs", SLOT, ("N",), **at)


def _level(plan: Plan, _task: Task, step: Correlation, _row: Row) -> str:
    return "" if step.label else f"with {variable_label(plan, step.with_variable)}"


TABLE: Final = MethodTable(
    lines=correlation_lines,
    contexts={"spearman": Context("Spearman's rank correlation"), "kendall": Context("Kendall's rank correlation")},
    heading=lambda plan, step: " with ".join(variable_label(plan, v) for v in (step.variable, step.with_variable)),
    told_apart=("variable", "with_variable", "by", "coefficient"),
    row_level=_level,
)
