"""The lines of a difference of survival in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import ON_DAYS, Context, MethodTable, data_heading
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.survival_difference import SurvivalDifference

AT: Final = "survival_difference"
MEAN: Final = "restricted_mean"


def survival_difference_lines(cells: Cells, step: SurvivalDifference) -> Iterator[Line]:
    """Yield survival of both groups and its difference on each day, then the restricted means."""
    first, second = step.compared(cells.plan)
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    ci = f"{stated(step.conf_level)} CI"
    whole = {"variable": step.data, "grouping": step.by, "group": ""}
    for day in step.landmarks:
        at = {"context": AT, "level": str(day)}
        for label in (first, second):
            of_group = {"variable": step.data, **at, **in_group(step, label)}
            yield from cells.stats(section, f"{label}: survival at {day} days", SLOT, ("surv",), **of_group)
        words = f"At {day} days, {first} minus {second} ({ci})"
        yield from cells.stats(section, words, WITH_LIMITS, LIMITS, **whole, **at)
        yield from cells.stats(section, f"At {day} days: p, two-sided", SLOT, ("p.value",), **whole, **at)
    if step.restricted_mean is None:
        return
    day = step.restricted_mean
    for label in (first, second):
        of_group = {"variable": step.data, "context": MEAN, "level": str(day), **in_group(step, label)}
        words = f"{label}: mean up to {day} days (standard error)"
        yield from cells.stats(section, words, "{} ({})", ("mean", "std.error"), **of_group)
    for kind, sign in (("difference", "minus"), ("ratio", "over")):
        at = {"context": f"{MEAN}_{kind}", "level": str(day)}
        words = f"Means up to {day} days, {first} {sign} {second} ({ci})"
        yield from cells.stats(section, words, WITH_LIMITS, LIMITS, **whole, **at)
        yield from cells.stats(
            section, f"{kind.capitalize()} of means: p, two-sided", SLOT, ("p.value",), **whole, **at
        )


TABLE: Final = MethodTable(
    lines=survival_difference_lines,
    contexts={
        AT: Context("Difference in survival", level=ON_DAYS),
        MEAN: Context("Restricted mean", level=ON_DAYS),
        f"{MEAN}_difference": Context("Difference of restricted means", level=ON_DAYS),
        f"{MEAN}_ratio": Context("Ratio of restricted means", level=ON_DAYS),
    },
    heading=data_heading,
    told_apart=("data", "by", "between", "landmarks", "restricted_mean"),
)
