"""What analyses, operations and results are called in the reporting event that the plan was made from."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from analysis.results.ard import Row, number_text
from analysis.results.tasks import Task
from sap.plan.plan import Plan
from sap.plan.source_event import EventMethod, EventOperation

_NUMBER: Final = re.compile(r"[Xx]+(?:\.([Xx]+))?")
"""Where a number stands in a pattern, as XX.X."""


@dataclass(frozen=True)
class SourceNames:
    """What the event calls an analysis, its method, and the operations of its results."""

    id: str
    method: EventMethod
    operations: tuple[EventOperation, ...]
    subset: str
    """Id of its data subset; empty without one."""

    @property
    def only_counts(self) -> bool:
        """Whether it gives numbers of subjects and nothing else, so that all of them together are one more."""
        return {o.statistic for o in self.method.operations} == {"n"}


def names_of(plan: Plan, task: Task) -> SourceNames | None:
    """Return what the event calls a planned analysis; None where the plan was made from none, or has more steps."""
    source = plan.reporting_event
    method = None if source is None else source.method_of(task.id)
    if source is None or method is None or len(task.steps) != 1:
        return None
    return SourceNames(source.called(task.id), method, source.operations_of(task.id), source.subsets.get(task.id, ""))


def source_method(names: SourceNames | None) -> EventMethod | None:
    """Return the method of an analysis as the event has it."""
    return None if names is None else names.method


def _operation(names: SourceNames | None, row: Row) -> EventOperation | None:
    if names is None:
        return None
    asked = "n" if row.analysis_id == "SETS" else row.stat_name
    return next((o for o in names.operations if o.statistic == asked), None)


def asked_as(names: SourceNames | None, row: Row) -> str:
    """Return the id of the operation a result answers; empty where the event did not ask for it."""
    found = _operation(names, row)
    return "" if found is None else found.id


def asked_for(names: SourceNames | None, row: Row) -> dict[str, object]:
    """Return a result as the event asked for it: a share in percent, laid out by its pattern."""
    operation = _operation(names, row)
    if operation is None or row.stat is None:
        return {}
    value = row.stat * 100 if row.fmt.endswith("%") else row.stat
    found: dict[str, object] = {"rawValue": number_text(value)}
    if operation.pattern and _NUMBER.search(operation.pattern):
        found["formattedValue"] = _NUMBER.sub(lambda at: _rounded(value, len(at[1] or "")), operation.pattern, count=1)
    return found


def _rounded(value: float, places: int) -> str:
    """Return a number with so many decimals, half away from zero."""
    exact = Decimal(number_text(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(exact) if exact == 0 else exact:f}"
