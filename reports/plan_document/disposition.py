"""A disposition as the plan's document states it: stages, outcomes and sets, each with its reasons and clauses."""

from collections.abc import Iterator
from typing import Final

from reports.words.markdown import paragraph_text
from reports.words.plan_words import in_words
from sap.methods.disposition import Counted, Disposition

STATED: Final = frozenset({"stages", "outcomes", "sets"})
"""Fields of the step that are listed below it."""


def disposition_items(step: Disposition) -> str:
    """Return the stages, outcomes and sets of a disposition as a list below its item."""
    return "".join(f"\n    - {paragraph_text(item)}" for item in _items(step))


def _items(step: Disposition) -> Iterator[str]:
    for i, stage in enumerate(step.stages, start=1):
        reasons = _reasons("lost before it", stage.lost)
        yield f"Stage {i}, {stage.label}: {in_words(stage.where)}{reasons}."
    if step.outcomes:
        yield f"Outcome of those who reached the last stage{_reasons('', step.outcomes)}."
    for counted in step.sets:
        among = "the last stage" if counted.among is None else f"“{counted.among}”"
        yield f"Set {counted.analysis_set}, among {among}{_reasons('left out of it', counted.left_out)}."


def _reasons(what: str, reasons: tuple[Counted, ...]) -> str:
    listed = "; ".join(f"{r.label} ({in_words(r.where)})" for r in reasons)
    return f"{'; ' if what else ''}{what}: {listed}" if listed else ""
