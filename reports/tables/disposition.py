"""A disposition as a table: stages with those lost before them, outcomes, and sets with those left out of them."""

from collections.abc import Iterator
from typing import Final

from analysis.steps.disposition import LEFT_OUT_BY_REASON, LOST_BY_REASON, left_out, lost
from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import INDENT, Line
from sap.methods.disposition import Disposition, reason_labels

_Place = tuple[str, str, str, str]
"""Section, label, context and level of a line."""


def disposition_lines(cells: Cells, step: Disposition) -> Iterator[Line]:
    """Yield the lines of a disposition: those lost or left out stand indented, their reasons further in."""
    _, layout, numbers = cells.percentages(step)
    for heading, of_group in cells.sections(step):
        for section, label, context, level in _places(cells, step, heading):
            yield from cells.stats(section, label, layout, numbers, context=context, level=level, **of_group)


def _places(cells: Cells, step: Disposition, section: str) -> Iterator[_Place]:
    for stage in step.stages:
        yield section, f"{INDENT}Lost before “{stage.label}”", "lost", lost(stage.label)
        for reason in reason_labels(stage.lost):
            yield section, INDENT * 2 + reason, LOST_BY_REASON, lost(stage.label, reason)
        yield section, stage.label, "stage", stage.label
    for outcome in reason_labels(step.outcomes):
        yield f"{section}: outcome of “{step.stages[-1].label}”", outcome, "outcome", outcome
    for counted in step.sets:
        name, sets = counted.analysis_set, f"{section}: analysis sets"
        stage = step.stages[step.among(counted)]
        yield sets, f"{cells.plan.set_of(name).title} ({name})", "in_set", name
        yield sets, f"{INDENT}Of “{stage.label}”, not in the set", "left_out", left_out(name)
        for reason in reason_labels(counted.left_out):
            yield sets, INDENT * 2 + reason, LEFT_OUT_BY_REASON, left_out(name, reason)


CONTEXTS: Final = {
    "stage": Context("Stage reached"),
    "lost": Context("Lost before a stage"),
    LOST_BY_REASON: Context("Lost before a stage, by reason"),
    "outcome": Context("Outcome"),
    "in_set": Context("In the analysis set"),
    "left_out": Context("Left out of the analysis set"),
    LEFT_OUT_BY_REASON: Context("Left out of the analysis set, by reason"),
}


TABLE: Final = MethodTable(
    lines=disposition_lines,
    contexts=CONTEXTS,
    heading=lambda _plan, _step: "Disposition",
    told_apart=("by",),
    row_name=lambda _plan, _step, row: CONTEXTS[row.context].words,
)
