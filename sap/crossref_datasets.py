"""What a plan says of its datasets and the engine cannot do without."""

from collections.abc import Iterator
from typing import Final

from sap.datasets import CORE, READ
from sap.names import Dangling
from sap.plan import Plan
from sap.variables import Dataset, VariableType


def dataset_problems(plan: Plan) -> Iterator[Dangling]:
    """Yield what is wrong with the datasets of a plan.

    Parameters
    ----------
    plan : Plan
        A plan that pydantic accepted.

    Yields
    ------
    Dangling
        That there are no subjects, and every column that a file may leave out although rules and methods read it.
    """
    if "ADSL" not in plan.datasets:
        yield Dangling(("datasets",), "the dataset ADSL is missing.", "Every trial needs it: add ADSL with its file.")
    for name, dataset in plan.datasets.items():
        yield from _types(name, dataset)
        needed = {v.name for v in CORE.get(name, ()) if v.required}
        for i, v in enumerate(dataset.variables):
            if not v.required and v.name in needed:
                yield Dangling(
                    ("datasets", name, "variables", i, "required"),
                    f"every {name} has the column {v.name}, which rules and methods read.",
                    "Leave out required, and write missing: true if its cells may be empty.",
                )


_NUMBERS: Final = frozenset({"integer", "number"})


def _types(name: str, dataset: Dataset) -> Iterator[Dangling]:
    """Yield variables of another type than that for which rules and methods take a column of that name."""
    usual: dict[str, VariableType] = dict(READ) | {v.name: v.type for v in CORE.get(name, ())}
    for i, v in enumerate(dataset.variables):
        kind = usual.get(v.name, v.type)
        if v.type != kind and not {v.type, kind} <= _NUMBERS:
            what = f"{name}.{v.name} is of type {v.type}, and rules and methods read it as {kind}."
            yield Dangling(("datasets", name, "variables", i, "type"), what, f"Write type: {kind}.")
