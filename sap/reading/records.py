"""Whether a step that lists records names a dataset of records and dates of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from sap.methods.records import Records
from sap.model.clause import conditions
from sap.model.variables import VariableType
from sap.plan.plan import Plan
from sap.text.dangling import Dangling, one_of

IDENTIFYING: Final = frozenset({"USUBJID", "SUBJID"})
"""Variables that name a subject: pages that hide ids could not hide them here."""


def record_problems(
    plan: Plan, known: Mapping[str, Mapping[str, VariableType]], step: Records, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    """Yield what is wrong with a step that lists records; that its variables exist is checked elsewhere."""
    yield from one_of("dataset", step.dataset, plan.datasets, (*path, "dataset"))
    variables = known.get(step.dataset, {})
    for option, name in (("start", step.start), ("end", step.end)):
        if name is not None and name in variables and variables[name] != "date":
            yield Dangling((*path, option), f"{step.dataset}.{name} is not a date.", "Name a date of that dataset.")
    for option, name in (("value", step.value), ("name", step.name)):
        if name in IDENTIFYING:
            what = f"{step.dataset}.{name} names a subject, and the records of a subject stand under its name."
            yield Dangling((*path, option), what, f"Leave out {option}.")
    if step.where is not None:
        for other in sorted({c.dataset for c in conditions(step.where)} - {step.dataset}):
            what = f"the records are those of {step.dataset}, and the clause is about {other}."
            yield Dangling((*path, "where"), what, "Choose subjects of other datasets by a subset or an analysis set.")
