"""What the data say of a variable and the plan does not: its type, told from the cells, and its label."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import pandas as pd

from sap.data.distinct import distinct
from sap.data.failures import Failure
from sap.model.datasets import variables
from sap.model.variables import Dataset, Variable, VariableType
from sap.plan.plan import Plan
from sap.text.cells import is_date, is_integer, is_number
from sap.text.dates import without_time

_TESTS: Final[tuple[tuple[VariableType, Callable[[str], bool]], ...]] = (
    ("date", lambda cell: is_date(without_time(cell))),
    ("integer", is_integer),
    ("number", is_number),
)
INFERRED: Final = "type"
"""The rule of a note that says what a variable was taken for."""


def told_type(cells: Iterable[str]) -> VariableType:
    """Return what the cells of a column are: the narrowest type that fits each of them; text, where all are empty.

    A number with zeros before it, as 007, is a code.
    """
    filled = [c for c in cells if c]
    if not filled or any(_is_code(c) for c in filled):
        return "text"
    return next((kind for kind, fits in _TESTS if all(map(fits, filled))), "text")


def _is_code(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == "0" and cell.isdigit()


def described(
    plan: Plan, texts: Mapping[str, pd.DataFrame], labels: Mapping[str, Mapping[str, str]]
) -> tuple[Plan, tuple[Failure, ...]]:
    """Return a plan in which each variable has a type and, where its file gives one, a label; and what was told."""
    notes: list[Failure] = []
    datasets: dict[str, Dataset] = {}
    for name, dataset in plan.datasets.items():
        if name not in texts:
            continue
        known = {v.name: v for v in variables(name, dataset)}
        told = tuple(_told(known[v.name], texts[name], labels.get(name, {})) for v in dataset.variables)
        if told != tuple(known[v.name] for v in dataset.variables):
            datasets[name] = dataset.model_copy(update={"variables": told})
            notes += _notes(name, dataset, {v.name: v for v in told}, known)
    if not datasets:
        return plan, ()
    return plan.model_copy(update={"datasets": {**plan.datasets, **datasets}}), tuple(notes)


def _told(variable: Variable, text: pd.DataFrame, labels: Mapping[str, str]) -> Variable:
    kind, label = variable.type, variable.label or labels.get(variable.name) or None
    if kind is None:
        kind = told_type(distinct(text[variable.name])[1]) if variable.name in text.columns else "text"
    if (kind, label) == (variable.type, variable.label):
        return variable
    return variable.model_copy(update={"type": kind, "label": label})


def _notes(
    name: str, dataset: Dataset, told: Mapping[str, Variable], known: Mapping[str, Variable]
) -> Iterator[Failure]:
    """Yield one note for the variables of a dataset that were taken for each type."""
    by_type: dict[str, list[str]] = {}
    for v in dataset.variables:
        if known[v.name].type is None:
            by_type.setdefault(str(told[v.name].type), []).append(v.name)
    for kind, names in by_type.items():
        what = f"The plan gives no type of {', '.join(names)}: their cells are taken for {_AS[kind]}."
        yield Failure(name, 0, "", names[0] if len(names) == 1 else "", INFERRED, kind, what, _FIX, "note")


_AS: Final = {"date": "dates", "integer": "whole numbers", "number": "numbers", "text": "texts"}
_FIX: Final = "Where that is not meant, write the type in the plan."
