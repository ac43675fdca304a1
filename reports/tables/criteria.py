"""The lines of the criteria of a dose-limiting toxicity in a table."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from analysis.results.ard import Row, unique
from analysis.results.tasks import Task
from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import Line
from sap.methods.criteria import Criteria
from sap.model.derivations import DltRule, DltStatus
from sap.plan.plan import Plan

IN_NO_DEFINITION: Final = "n/a"
WITHIN_REACH: Final = "criteria_within_reach"


def criteria_lines(cells: Cells, step: Criteria) -> Iterator[Line]:
    """Yield a line a criterion; two rules may give one id to different sentences, so the sentence leads."""
    ids = {t.id: {c.text: c.id for c in _rule(cells.plan, t, step).criteria} for t in cells.wanted}
    texts = unique(text for found in ids.values() for text in found)
    how, layout, numbers = cells.percentages(step)
    contexts = {"criteria": how} | ({} if step.before is None else {WITHIN_REACH: f"could be observed in full, {how}"})
    for context, words in contexts.items():
        for (section, of_group), text in product(cells.sections(step, words), texts):
            at = {"context": context, **of_group}
            found = [
                cells.cell(t.id, layout, numbers, level=ids[t.id][text], **at) if text in ids[t.id] else None
                for t in cells.wanted
            ]
            codes = unique(known[text] for known in ids.values() if text in known)
            yield from cells.line(section, f"{text} ({', '.join(codes)})", found, IN_NO_DEFINITION)


def _rule(plan: Plan, task: Task, step: Criteria) -> DltRule:
    rules = {d.id: d.rule for d in plan.derivations if isinstance(d, DltStatus)}
    return plan.dlt_rule(rules[task.use.get(step.data, step.data)])


def _level(plan: Plan, task: Task, step: Criteria, row: Row) -> str:
    criteria = _rule(plan, task, step).criteria
    text = next((c.text for c in criteria if c.id == row.variable_level), "Criterion")
    return f"{text} ({row.variable_level})"


TABLE: Final = MethodTable(
    lines=criteria_lines,
    contexts={"criteria": Context("Criteria met"), WITHIN_REACH: Context("Criteria that could be observed in full")},
    heading=lambda _plan, _step: "Criterion met",
    told_apart=("data", "by"),
    row_level=_level,
)
