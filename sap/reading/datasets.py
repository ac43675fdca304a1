"""What a plan says of its datasets, clocks and cut-off, and what the engine cannot do without."""

from collections.abc import Iterator
from typing import Final

from sap.model.conventions import PERIODS, DataCutoff
from sap.model.datasets import CORE, READ, SUBJECT, variables
from sap.model.derivations import TimeToEvent
from sap.model.names import NUMBERS, Names
from sap.model.part import Reference
from sap.model.variables import Dataset, Origin
from sap.plan.plan import Plan
from sap.plan.uses import named_values
from sap.text.problems import Fault, Place, named_twice, one_of, suggest

DAYS: Final = frozenset({"d", "day", "days"})
"""How the unit of a time is spelled, in letters of any size: no other is analysed."""
CODED: Final = frozenset(
    {"USUBJID", "AGE", "DTHFL", "AEDECOD", "AEBODSYS", "AREL", "TRTEMFL", "EXTRT", "EXDOSE", "EXDOSU", "DVTERM"}
)
"""Columns that rules and methods read as what they are in the core, beside the dates."""
CELLS: Final = "What a single cell may hold is said where its variable is described (codelist, min, max, missing)."


def dataset_problems(plan: Plan, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the datasets of a plan and with the rules it holds them to."""
    if "ADSL" not in plan.datasets:
        yield Fault(("datasets",), "the dataset ADSL is missing.", "Every trial needs it: add ADSL with its file.")
    times = {d.dataset for d in plan.derivations if isinstance(d, TimeToEvent)}
    for name, dataset in plan.datasets.items():
        yield from _columns(name, dataset)
        yield from _mapping(names, name, dataset)
        yield from _imputations(names, name, dataset)
        for code, parameter in dataset.parameters.items():
            here = ("datasets", name, "parameters", code)
            if parameter.origin is not None:
                yield from _origin(plan, names, parameter.origin, (*here, "origin"))
            unit = (parameter.unit or "days").strip()
            if unit.lower() not in DAYS and (name in times or {"CNSR", "STARTDT"} <= set(names.types[name])):
                what = f"the unit of {name} {code} is {unit}, and times to event are analysed in days."
                count = "minus its start, plus 1" if plan.conventions.origin_day else "minus its start"
                fix = f"Write unit: DAYS, and source_unit: {unit}; or export AVAL in days (its date {count})."
                yield Fault((*here, "unit"), what, fix)
    yield from _missing_values(plan)
    yield from _exceptions(plan)
    if plan.data_cutoff is not None:
        yield from _cutoff(plan, names, plan.data_cutoff)


def _columns(name: str, dataset: Dataset) -> Iterator[Fault]:
    """Yield columns that are not as rules and methods take a column of that name."""
    read = (v for v in (*CORE.get(name, ()), SUBJECT) if v.type == "date" or v.name in CODED)
    usual = dict(READ) | {v.name: v.type for v in read if v.type is not None}
    for i, v in enumerate(dataset.variables):
        path = ("datasets", name, "variables", i)
        kind = usual.get(v.name, v.type)
        if v.type is not None and v.type != kind and not {v.type, kind} <= NUMBERS:
            what = f"{name}.{v.name} is of type {v.type}, and rules and methods read it as {kind}."
            yield Fault((*path, "type"), what, f"Write type: {kind}, or give the column another name.")
        if not v.required and v.name == SUBJECT.name:
            what = f"{name} needs the column {v.name}: it says of whom a record is."
            yield Fault((*path, "required"), what, "Leave out required.")


def _mapping(names: Names, name: str, dataset: Dataset) -> Iterator[Fault]:
    """Yield two columns under one name, two parameters of one code, and records that are those of another dataset."""
    here = ("datasets", name)
    yield from named_twice([v.name for v in dataset.variables], (*here, "variables"))
    taken: dict[str, str] = {}
    for code, parameter in dataset.parameters.items():
        if parameter.source is not None and parameter.source in taken:
            what = f"{code} and {taken[parameter.source]} are both the parameter {parameter.source} of the file."
            yield Fault((*here, "parameters", code, "source"), what, "A record has one parameter: take one out.")
        taken.setdefault(parameter.source or code, code)
    if dataset.records is not None:
        yield from names.clause(dataset.records, (*here, "records"))
        yield from names.of_one_dataset(dataset.records, name, "a subset or an analysis set", (*here, "records"))


def _imputations(names: Names, name: str, dataset: Dataset) -> Iterator[Fault]:
    """Yield what holds an imputed date and is no date, or is imputed after it."""
    order = [v.name for v in variables(name, dataset) if v.impute is not None]
    for i, v in enumerate(dataset.variables):
        for bound in ("not_before", "not_after"):
            for other in () if v.impute is None else getattr(v.impute, bound):
                path = ("datasets", name, "variables", i, "impute", bound)
                of = name if other in names.types[name] else "ADSL"
                yield from names.date(Reference(dataset=of, variable=other), path)
                if of == name and other in order[order.index(v.name) :]:
                    what = f"{name}.{other} is imputed after {v.name}, which it holds."
                    yield Fault(path, what, f"Hold {other} by {v.name} instead, or describe {other} before {v.name}.")


def _origin(plan: Plan, names: Names, origin: Origin, path: Place) -> Iterator[Fault]:
    """Yield what a clock starts at and the plan does not have."""
    missing = list(one_of("dataset", origin.dataset, plan.datasets, (*path, "dataset")))
    yield from missing
    if missing:
        return
    there = names.types[origin.dataset]
    if origin.variable not in there:
        what = f"{origin.dataset} has no variable '{origin.variable}'."
        yield Fault((*path, "variable"), what, suggest(origin.variable, there))
    elif there[origin.variable] not in {None, "date"}:
        what = f"{origin.dataset}.{origin.variable} is not a date."
        yield Fault((*path, "variable"), what, "A clock starts on a date: name one.")
    if origin.parameter is None:
        return
    parameters = plan.datasets[origin.dataset].parameters
    yield from one_of(f"{origin.dataset} parameter", origin.parameter, parameters, (*path, "parameter"))
    codelist = parameters[origin.parameter].codelist if origin.parameter in parameters else ()
    for value in origin.values if codelist else ():
        yield from one_of(f"{origin.parameter} value", value, codelist, (*path, "values"))


def _missing_values(plan: Plan) -> Iterator[Fault]:
    of_plan = named_values(plan)
    for name, dataset in plan.datasets.items():
        named = [(f"{name}.{v.name}", v.codelist) for v in variables(name, dataset)]
        named += [(code, p.codelist) for code, p in dataset.parameters.items()]
        named += [(n.by, n.values) for n in of_plan if n.reference.dataset == name]
        for word in dataset.missing_values or ():
            by = next((of for of, values in named if word in values), None)
            if by is not None:
                what = f"'{word}' stands for a missing value in {name}, and {by} names it as a value."
                yield Fault(("datasets", name, "missing_values"), what, "Write '' there, or take it out here.")


def _exceptions(plan: Plan) -> Iterator[Fault]:
    if not plan.data_rules:
        return
    from sap.data.rules import RULES, exceptable  # noqa: PLC0415 - rules bring pandas, for which other plans do not pay

    needed = {r.id: r for r in RULES if r.needed}
    for i, exception in enumerate(plan.data_rules):
        path = ("data_rules", i)
        if exception.rule in needed:
            what = f"nothing can be analysed on data that break {exception.rule} ({needed[exception.rule].sentence})"
            yield Fault((*path, "rule"), what, "Take the exception out, and correct the data.")
        elif exception.rule not in exceptable():
            what = f"there is no rule '{exception.rule}' that a plan may except."
            yield Fault((*path, "rule"), what, f"{suggest(exception.rule, exceptable())} {CELLS}")
        if exception.dataset is not None:
            yield from one_of("dataset", exception.dataset, plan.datasets, (*path, "dataset"))


def _cutoff(plan: Plan, names: Names, cutoff: DataCutoff) -> Iterator[Fault]:
    """Yield variables of a cut-off that are no dates of the plan, and datasets of which nothing says when."""
    here = "data_cutoff"
    dated = set(plan.datasets) - set(PERIODS)
    dates: list[tuple[str, str, Place]] = []
    if cutoff.variable is not None:
        dates.append(("ADSL", cutoff.variable, (here, "variable")))
    for name, variable in cutoff.dated_by.items():
        if name not in dated:
            what = "is cut by dates of its own" if name in PERIODS else "is no dataset of the plan"
            yield Fault((here, "dated_by", name), f"{name} {what}.", suggest(name, dated))
        elif variable is not None:
            dates.append((name, variable, (here, "dated_by", name)))
    for name, variable, path in dates:
        known = names.types[name] if name in plan.datasets else {}
        if known.get(variable, "") not in {None, "date"}:
            what = "is not a date" if variable in known else "is no variable of the plan"
            choices = [n for n, kind in known.items() if kind == "date"]
            yield Fault(path, f"{name}.{variable} {what}.", suggest(variable, choices))
    for name in sorted(dated - set(cutoff.dates(plan.datasets)) - set(cutoff.dated_by)):
        what = f"nothing says when a record of {name} was made: it has neither ADT nor ASTDT."
        fix = f"Name its date under dated_by (`{name}: VARIABLE`), or `{name}: null` where all records count."
        yield Fault((here,), what, fix)
