"""Whether a reader can tell the steps of an analysis apart, and each of them what it counts."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from sap.methods import Step
from sap.text.dangling import Dangling

_ON_LINES: Final = frozenset({"at_risk", "landmarks", "levels"})
"""What a step is applied to that its heading does not say."""
_TOLD: Final = frozenset({"coefficient", "conf_level"})
"""Options that each line of a table says."""


def alike(steps: Sequence[Step], path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield steps that repeat one before, or that stand under the same heading; and what a step names twice."""
    seen: dict[Hashable, int] = {}
    for i, step in enumerate(steps):
        here = (*path, "steps", i)
        first = seen.setdefault(_heading(step), i)
        if step.model_copy(update={"label": None}) in [s.model_copy(update={"label": None}) for s in steps[:i]]:
            again = next(k for k, s in enumerate(steps) if s.model_copy(update={"label": step.label}) == step)
            yield Dangling(here, f"it repeats step {again + 1} of this analysis.", "Remove one of them.")
        elif first < i:
            what = f"a reader cannot tell it from step {first + 1} of this analysis: both are {step.method}"
            yield Dangling(here, f"{what} of the same, under the same heading.", "Give each a label of its own.")
        yield from _twice(step, here)


def _heading(step: Step) -> Hashable:
    """Return what the lines of a step stand under, with the options that the lines themselves tell."""
    about = step.label or tuple(str(getattr(step, name)) for name in sorted(step.applied_to - _ON_LINES))
    return step.method, step.by, about, *(getattr(step, name, None) for name in sorted(_TOLD))


def _twice(step: Step, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield what a list of a step names twice: it would be counted, or listed, under one name."""
    for name in ("variables", "levels"):
        listed = Counter(map(str, getattr(step, name, ())))
        for value in (v for v, n in listed.items() if n > 1):
            yield Dangling((*path, name), f"'{value}' stands twice.", "Name it once.")
