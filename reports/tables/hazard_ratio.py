"""The lines of a hazard ratio in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable, data_heading
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.hazard_ratio import HazardRatio

CONTEXT: Final = "hazard_ratio"
CHECK: Final = "proportional_hazards"


def hazard_ratio_lines(cells: Cells, step: HazardRatio) -> Iterator[Line]:
    """Yield events of both groups, their ratio of hazards with its p-values, and the check of the model."""
    first, second = step.compared(cells.plan)
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.data, "context": CONTEXT}
    for label in (first, second):
        words = f"{label}: events / subjects"
        yield from cells.stats(section, words, "{}/{}", ("n.event", "n"), **at, **in_group(step, label))
    whole = {**at, "grouping": step.by, "group": ""}
    adjusted = "Adjusted hazard ratio" if step.covariates else "Hazard ratio"
    kind = f"{adjusted}{', stratified' if step.strata else ''}"
    words = f"{kind}, {first} over {second} ({stated(step.conf_level)} CI)"
    yield from cells.stats(section, words, WITH_LIMITS, LIMITS, **whole)
    yield from cells.stats(section, "p by Wald, two-sided", SLOT, ("p.value",), **whole)
    yield from cells.stats(section, "p by the likelihood ratio, two-sided", SLOT, ("p.value.lr",), **whole)
    words = "Check of proportional hazards: p"
    yield from cells.stats(section, words, SLOT, ("p.value",), **{**whole, "context": CHECK})


TABLE: Final = MethodTable(
    lines=hazard_ratio_lines,
    contexts={
        CONTEXT: Context("Hazard ratio", size="n"),
        CHECK: Context("Check of proportional hazards"),
    },
    heading=data_heading,
    told_apart=("data", "by", "between", "strata", "covariates", "limits"),
)
