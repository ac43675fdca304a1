"""The lines of two proportions that are compared in a table."""

from collections.abc import Iterator
from typing import Final

from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable, event_heading, event_level
from reports.layout.model import COUNTED_OVER, LIMITS, OVER_PERCENT, SLOT, WITH_LIMITS, Line
from reports.words.numbers import stated
from sap.methods.two_proportions import TwoProportions

CONTEXT: Final = "two_proportions"
NAMES: Final = {"difference": "Difference", "ratio": "Ratio", "odds_ratio": "Odds ratio"}


def two_proportions_lines(cells: Cells, step: TwoProportions) -> Iterator[Line]:
    """Yield the share of each group, then how they differ, and p."""
    first, second = step.compared(cells.plan)
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable, "level": " / ".join(step.event), "context": CONTEXT}
    for label in (first, second):
        counted = ("n", "N", "p")
        yield from cells.stats(
            section, f"{label}: {OVER_PERCENT}", COUNTED_OVER, counted, **at, **in_group(step, label)
        )
    whole = {**at, "grouping": step.by, "group": ""}
    sign = "minus" if step.measure == "difference" else "over"
    words = f"{NAMES[step.measure]}{', stratified' if step.strata else ''}, {first} {sign} {second}"
    limits = step.value_words["limits"][step.limits]
    label = f"{words} ({stated(step.conf_level)} CI, {limits})"
    yield from cells.stats(section, label, WITH_LIMITS, LIMITS, **whole)
    test = step.value_words["test"][step.test]
    yield from cells.stats(section, f"p, two-sided, {test} test", SLOT, ("p.value",), **whole)


TABLE: Final = MethodTable(
    lines=two_proportions_lines,
    contexts={CONTEXT: Context("Two proportions")},
    heading=event_heading,
    told_apart=("variable", "event", "by", "between", "strata", "measure", "limits", "test"),
    row_level=event_level,
)
