"""Which columns of its files and which values in them a plan names, and which of its analyses and outputs name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sap.model.clause import Comparator, Condition, conditions
from sap.model.derivations import BestResponse
from sap.model.part import Part, Reference
from sap.model.sets import Grouping
from sap.model.step import OneStep
from sap.model.variables import Origin
from sap.plan.plan import Plan
from sap.plan.uses import uses


def named_columns(plan: Plan) -> Mapping[Reference, str]:
    """Return the variables of source datasets that a plan names."""
    found: dict[Reference, str] = {}
    for reference, by in (*_of_analyses(plan), *_of_outputs(plan)):
        if reference.dataset in plan.datasets:
            found.setdefault(reference, by)
    return found


def _of_analyses(plan: Plan) -> Iterator[tuple[Reference, str]]:
    for analysis, places in uses(plan).items():
        for place in places:
            if place[0] == "datasets" and place[2] == "variables":
                yield Reference(dataset=place[1], variable=place[3]), analysis
    # A set is counted whether an analysis is about it or not.
    for s in plan.analysis_sets:
        for c in conditions(s.where):
            yield Reference(dataset=c.dataset, variable=c.variable), s.id


def _of_outputs(plan: Plan) -> Iterator[tuple[Reference, str]]:
    for output in plan.outputs:
        if output.marks is not None:
            yield plan.grouping(output.marks).variable, output.id
    for listing in plan.listings:
        where = conditions(listing.where) if listing.where is not None else ()
        chosen = (c.variable for c in where)
        own = (Reference(dataset=listing.dataset, variable=name) for name in (*chosen, *listing.sort))
        for reference in (*listing.variables, *own):
            yield reference, listing.id


@dataclass(frozen=True)
class Named:
    """Values of one variable that a part of a plan names."""

    reference: Reference
    """The variable, of a source dataset."""
    values: tuple[str, ...]
    """The values; a missing one is none."""
    by: str
    """Id of what names them."""
    level: bool
    """Whether each is shown or counted by itself, as the levels of a distribution are; those of a where-clause are not.
    """


def named_values(plan: Plan) -> tuple[Named, ...]:
    """Return the values of source datasets that a plan names."""
    return tuple(
        replace(n, values=tuple(v for v in n.values if v))
        for n in _values(plan, "")
        if n.reference.dataset in plan.datasets
    )


def _values(node: object, by: str) -> Iterator[Named]:
    if isinstance(node, Mapping):
        for name, below in node.items():
            yield from _values(below, str(name))
    elif isinstance(node, tuple):
        for below in node:
            yield from _values(below, by)
    elif isinstance(node, Part):
        yield from _own_values(node, by)
        for field in type(node).model_fields:
            yield from _values(getattr(node, field), getattr(node, "id", by))


def _own_values(part: Part, by: str) -> Iterator[Named]:
    """Yield the values that a part itself names."""
    match part:
        case Condition(comparator=Comparator.EQ | Comparator.NE | Comparator.IN | Comparator.NOTIN):
            yield Named(Reference(dataset=part.dataset, variable=part.variable), part.value, by, level=False)
        case Grouping():
            yield Named(part.variable, tuple(v for x in part.levels for v in x.values), part.id, level=True)
        case Origin(parameter=str()):
            started = Reference(dataset=part.dataset, variable="AVALC")
            yield Named(started, part.values, by, level=True)
        case BestResponse():
            yield Named(Reference(dataset=part.dataset, variable="AVALC"), part.order, part.id, level=True)
        case OneStep():
            yield from (Named(reference, values, by, level=True) for _, reference, values in part.named_values)
