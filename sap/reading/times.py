"""Whether the times to event of a plan start at something the plan knows."""

from collections.abc import Iterator, Mapping
from typing import Final

from sap.model.derivations import TimeToEvent
from sap.model.variables import Origin, VariableType
from sap.plan.plan import Plan
from sap.text.dangling import Dangling, one_of
from sap.text.problems import suggest

DAYS: Final = frozenset({"d", "day", "days"})
"""How the unit of a time is spelled, in letters of any size: no other is analysed."""


def unit_problems(plan: Plan, known: Mapping[str, Mapping[str, VariableType]]) -> Iterator[Dangling]:
    """Yield times to event in another unit than days: rules hold them against dates, and methods take them for days."""
    named = {d.dataset for d in plan.derivations if isinstance(d, TimeToEvent)}
    for name, dataset in plan.datasets.items():
        if name not in named and not {"CNSR", "STARTDT"} <= set(known[name]):
            continue
        for code, parameter in dataset.parameters.items():
            unit = (parameter.unit or "days").strip()
            if unit.lower() not in DAYS:
                what = f"the unit of {name} {code} is {unit}, and times to event are analysed in days."
                count = "minus its start, plus 1" if plan.conventions.origin_day else "minus its start"
                fix = f"Export AVAL in days (date of the event or censoring {count}) and write unit: DAYS."
                yield Dangling(("datasets", name, "parameters", code, "unit"), what, fix)


def origin_problems(plan: Plan, known: Mapping[str, Mapping[str, VariableType]]) -> Iterator[Dangling]:
    """Yield clocks that start at a dataset, date, parameter or value the plan does not have."""
    for name, dataset in plan.datasets.items():
        for code, parameter in dataset.parameters.items():
            if parameter.origin is not None:
                path = ("datasets", name, "parameters", code, "origin")
                yield from _problems(plan, known, parameter.origin, path)


def _problems(
    plan: Plan, known: Mapping[str, Mapping[str, VariableType]], origin: Origin, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    missing = list(one_of("dataset", origin.dataset, plan.datasets, (*path, "dataset")))
    yield from missing
    if missing:
        return
    there = known[origin.dataset]
    if origin.variable not in there:
        what = f"{origin.dataset} has no variable '{origin.variable}'."
        yield Dangling((*path, "variable"), what, suggest(origin.variable, there))
    elif there[origin.variable] != "date":
        what = f"{origin.dataset}.{origin.variable} is not a date."
        yield Dangling((*path, "variable"), what, "A clock starts on a date: name one.")
    parameters = plan.datasets[origin.dataset].parameters
    if origin.parameter is None:
        return
    yield from one_of(f"{origin.dataset} parameter", origin.parameter, parameters, (*path, "parameter"))
    if origin.parameter in parameters and parameters[origin.parameter].codelist:
        for value in origin.values:
            listed = parameters[origin.parameter].codelist
            yield from one_of(f"{origin.parameter} value", value, listed, (*path, "values"))
