"""The lines of a profile in a table: a line a day, and the highest median."""

from collections.abc import Iterator
from typing import Final

from analysis.results.ard import Row, unique
from analysis.results.tasks import Task
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
    unit = "visit" if step.visits else "day"
    for end, word in (("max", "Highest"), ("min", "Lowest")):
        median = (f"median.{end}", f"median.{end}.{unit}")
        yield from cells.stats(section, f"{word} median ({unit})", "{} ({})", median, **at)
    levels = unique(r.variable_level for t in cells.wanted for r in cells.rows(t.id, **at) if r.variable_level)
    for day in levels:
        layout, names = "{}: {} ± {}, {}", ("n", "mean", "sd", "median")
        yield from cells.stats(
            section, f"{day if step.visits else f'Day {day}'}, n: mean ± SD, median", layout, names, level=day, **at
        )


def _heading(plan: Plan, step: Profile) -> str:
    return parameter_label(plan, step.dataset, step.parameter)


def _level(_plan: Plan, _task: Task, step: Profile, row: Row) -> str:
    """Return the subject, day or visit of a row."""
    level = row.variable_level
    return ON_DAYS.format(level) if level and row.context == "profile" and not step.visits else level


TABLE: Final = MethodTable(
    lines=profile_lines,
    contexts={
        "profile": Context("Course over time", "Time"),
        "profile_subject": Context("Course of each subject", "Subject", most=8000),
    },
    heading=_heading,
    told_apart=("dataset", "parameter"),
    row_level=_level,
    row_name=lambda plan, step, _row: _heading(plan, step),
)
