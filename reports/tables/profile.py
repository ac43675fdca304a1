"""The lines of a profile in a table: a line a day, and the highest median."""

from collections.abc import Iterator
from typing import Final

from analysis.results.ard import unique
from reports.layout.cells import Cells
from reports.layout.method_table import ON_DAYS, Context, MethodTable
from reports.layout.model import Line
from reports.words.labels import parameter_label
from sap.methods.profile import Profile
from sap.plan.plan import Plan


def profile_lines(cells: Cells, step: Profile) -> Iterator[Line]:
    """Yield the highest median and the description of each day; values of subjects are for figures."""
    at = {"context": "profile", "variable": step.parameter}
    section = cells.section(step)
    yield from cells.stats(section, "Subjects with a value", "{}", ("N",), **at)
    yield from cells.stats(section, "Highest median (day)", "{} ({})", ("median.max", "median.max.day"), **at)
    yield from cells.stats(section, "Lowest median (day)", "{} ({})", ("median.min", "median.min.day"), **at)
    levels = unique(r.variable_level for t in cells.wanted for r in cells.rows(t.id, **at) if r.variable_level)
    for day in levels:
        layout, names = "{}: {} ± {}, {}", ("n", "mean", "sd", "median")
        yield from cells.stats(section, f"Day {day}, n: mean ± SD, median", layout, names, level=day, **at)


def _heading(plan: Plan, step: Profile) -> str:
    return parameter_label(plan, step.dataset, step.parameter)


TABLE: Final = MethodTable(
    lines=profile_lines,
    contexts={
        "profile": Context("Course over time", "Time", level=ON_DAYS),
        "profile_subject": Context("Course of each subject", "Subject", most=8000),
    },
    heading=_heading,
    told_apart=("dataset", "parameter"),
    row_name=lambda plan, step, _row: _heading(plan, step),
)
