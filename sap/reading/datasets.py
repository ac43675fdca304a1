"""What a plan says of its datasets and the engine cannot do without."""

from collections.abc import Iterator
from typing import Final

from sap.model.datasets import CORE, READ, SUBJECT, variables
from sap.model.variables import Dataset, VariableType
from sap.plan.needed import named_values
from sap.plan.plan import Plan
from sap.text.dangling import Dangling, one_of
from sap.text.problems import suggest


def dataset_problems(plan: Plan) -> Iterator[Dangling]:
    """Yield what is wrong with the datasets of a plan and with the rules it holds them to."""
    if "ADSL" not in plan.datasets:
        yield Dangling(("datasets",), "the dataset ADSL is missing.", "Every trial needs it: add ADSL with its file.")
    for name, dataset in plan.datasets.items():
        yield from _types(name, dataset)
        core = {v.name: v for v in CORE.get(name, ())}
        for i, v in enumerate(dataset.variables):
            known = core.get(v.name)
            if not v.required and known is not None and known.required:
                yield Dangling(
                    ("datasets", name, "variables", i, "required"),
                    f"every {name} has the column {v.name}, which rules and methods read.",
                    "Leave out required, and write missing: true if its cells may be empty.",
                )
    yield from _missing_values(plan)
    yield from _exceptions(plan)


def _missing_values(plan: Plan) -> Iterator[Dangling]:
    of_plan = named_values(plan)
    for name, dataset in plan.datasets.items():
        named = [(f"{name}.{v.name}", v.codelist) for v in variables(name, dataset)]
        named += [(code, p.codelist) for code, p in dataset.parameters.items()]
        named += [(n.by, n.values) for n in of_plan if n.reference.dataset == name]
        for word in dataset.missing_values or ():
            by = next((of for of, values in named if word in values), None)
            if by is not None:
                what = f"'{word}' stands for a missing value in {name}, and {by} names it as a value."
                yield Dangling(("datasets", name, "missing_values"), what, "Write '' there, or take it out here.")


def _exceptions(plan: Plan) -> Iterator[Dangling]:
    if not plan.data_rules:
        return
    from sap.data.rules import RULES, exceptable  # noqa: PLC0415 - rules bring pandas, for which other plans do not pay

    needed = {r.id: r for r in RULES if r.needed}
    for i, exception in enumerate(plan.data_rules):
        path = ("data_rules", i)
        if exception.rule in needed:
            what = f"nothing can be analysed on data that break {exception.rule} ({needed[exception.rule].sentence})"
            yield Dangling((*path, "rule"), what, "Take the exception out, and correct the data.")
        elif exception.rule not in exceptable():
            what = f"there is no rule '{exception.rule}' that a plan may except."
            yield Dangling((*path, "rule"), what, f"{suggest(exception.rule, exceptable())} {CELLS}")
        if exception.dataset is not None:
            yield from one_of("dataset", exception.dataset, plan.datasets, (*path, "dataset"))


CELLS = "What a single cell may hold is said where its variable is described (codelist, min, max, missing)."


_NUMBERS: Final = frozenset({"integer", "number"})


def _types(name: str, dataset: Dataset) -> Iterator[Dangling]:
    """Yield variables of another type than that for which rules and methods take a column of that name."""
    core = (v for v in (*CORE.get(name, ()), SUBJECT) if v.required or v.type == "date")
    usual: dict[str, VariableType] = dict(READ) | {v.name: v.type for v in core}
    for i, v in enumerate(dataset.variables):
        kind = usual.get(v.name, v.type)
        if v.type != kind and not {v.type, kind} <= _NUMBERS:
            what = f"{name}.{v.name} is of type {v.type}, and rules and methods read it as {kind}."
            fix = f"Write type: {kind}, or give the column another name."
            yield Dangling(("datasets", name, "variables", i, "type"), what, fix)
