"""The methods of a reporting event: each with its operations, what they show and what they are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.ars.populations import Json
from analysis.ars.source import asked_as, source_method
from analysis.ars.units import Unit
from analysis.results.ard import Row
from sap.methods import Step
from sap.model.words import option_in_words
from sap.plan.source_event import EventMethod

ROLES = {
    "NUMERATOR": "The numerator of the proportion.",
    "DENOMINATOR": "The denominator of the proportion.",
}
"""The roles of the standard: it has none for the level of a limit, which is an option of the method."""
SUBJECTS = "subjects"
"""What a count of subjects is called among the methods."""
_NAMES = frozenset({"method", "label", "labels"})
"""Fields of a step that are names."""


@dataclass(frozen=True)
class Operation:
    """One statistic of a method."""

    context: str
    level: str
    name: str
    """The part of the method, a level that names a statistic (the median), and the name of the statistic."""
    label: str
    fmt: str
    """In words, and how it is shown."""

    @property
    def key(self) -> str:
        """What follows the id of the method in the id of the operation."""
        return ".".join(filter(None, (self.context, self.level, self.name)))


@dataclass(frozen=True)
class Relationship:
    """An operation that is computed from another, both by id."""

    operation: str
    role: str
    computed_from: str
    elsewhere: str = ""
    """The operation it is computed from where that is of another analysis."""

    @property
    def id(self) -> str:
        """What the standard calls it by."""
        return ".".join(filter(None, (self.operation, self.role, self.elsewhere)))


@dataclass(frozen=True)
class Count:
    """What the shares of an analysis are of: a count of that analysis itself, or of another."""

    analysis: str
    operation: str = ""
    """The operation of the other analysis that is the count; empty for its own."""


@dataclass(frozen=True)
class Method:
    """A method of the plan with one choice of options."""

    id: str
    """As ``binomial.1``."""
    step: Step | None
    """A step that uses it; None for a count of subjects."""
    operations: Mapping[str, Operation]
    """By key, in the order of the results."""
    source: EventMethod | None = None
    """What the event the plan was made from says of it."""
    counts: Mapping[str, Count] = field(default_factory=dict)
    """Which count the shares of each of its analyses are of, by id of the analysis."""

    @property
    def kind(self) -> str:
        """Its name, whatever its options."""
        return SUBJECTS if self.step is None else self.step.method

    def operation_id(self, unit: Unit, row: Row) -> str:
        """Return the id of the operation that gave a result."""
        return asked_as(unit.names, row) or f"{self.id}.{_operation(unit, row).key}"

    @cached_property
    def _asked(self) -> dict[str, str]:
        """The ids of the operations that the event asked for, by statistic."""
        asked = () if self.source is None else self.source.operations
        return {o.statistic: o.id for o in reversed(asked)}

    def id_of(self, key: str) -> str:
        """Return the id under which an operation is written."""
        return self._asked.get(self.operations[key].name) or f"{self.id}.{key}"

    @cached_property
    def relationships(self) -> tuple[Relationship, ...]:
        """Which operation is computed from which."""
        found: dict[str, Relationship] = {}
        beside: dict[tuple[str, str], dict[str, str]] = {}
        for key, o in self.operations.items():
            beside.setdefault((o.context, o.level), {})[o.name] = key
        elsewhere = tuple(dict.fromkeys(c.operation for c in self.counts.values())) or ("",)
        for key, o in self.operations.items():
            near = beside[o.context, o.level]
            if o.name in {"estimate", "p"} and {"n", "N"} <= near.keys():
                share, n, total = (self.id_of(k) for k in (key, near["n"], near["N"]))
                made = [Relationship(share, "NUMERATOR", n)]
                made += [Relationship(share, "DENOMINATOR", other or total, other) for other in elsewhere]
                for r in made:
                    found.setdefault(r.id, r)
        return tuple(found.values())

    def referenced(self, unit: Unit) -> list[Json]:
        """Return of which analysis each operation is that a result of an analysis is computed from."""
        count = self.counts.get(unit.id, Count(unit.id))
        return [
            {
                "referencedOperationRelationshipId": r.id,
                "analysisId": count.analysis if r.role == "DENOMINATOR" else unit.id,
            }
            for r in self.relationships
            if r.role != "DENOMINATOR" or r.elsewhere == count.operation
        ]

    def as_json(self) -> Json:
        """Return the method as the standard writes it."""
        if self.source is not None:
            return self._of_source(self.source)
        if self.step is None:
            words: Json = {
                "name": "Number of subjects",
                "label": "Number of subjects",
                "description": "Subjects of the analysis set, and of the data subset where there is one, are counted.",
            }
        else:
            title = (type(self.step).__doc__ or self.step.method).partition("\n")[0].rstrip(".")
            chosen = "; ".join(f"{name} {value}" for name, value in options(self.step, all_of_them=False).items())
            words = {
                "name": f"{title} ({chosen})" if chosen else title,
                "label": title,
                "description": self.step.in_words + (f" Options: {chosen}." if chosen else ""),
            }
        return {"id": self.id} | words | {"operations": [self._operation(i, k) for i, k in self._in_order()]}

    def _of_source(self, source: EventMethod) -> Json:
        """Return the method with the operations it was asked for, then those that the plan's method gives beside."""
        found: Json = {"id": source.id, "name": source.name, "label": source.name}
        found |= {"description": source.description} if source.description else {}
        named = [
            {"id": o.id, "name": o.label, "label": o.label, "order": order}
            | ({"resultPattern": o.pattern} if o.pattern else {})
            | self._related(o.id)
            for order, o in enumerate(source.operations, start=1)
        ]
        beside = [k for k, o in self.operations.items() if o.name not in self._asked]
        return found | {"operations": [*named, *(self._operation(i, k) for i, k in enumerate(beside, len(named) + 1))]}

    def _in_order(self) -> list[tuple[int, str]]:
        return list(enumerate(self.operations, start=1))

    def _operation(self, order: int, key: str) -> Json:
        o = self.operations[key]
        about = " ".join(filter(None, (o.context.replace("_", " "), o.level)))
        name = f"{o.label} ({about})" if about else o.label
        found: Json = {"id": self.id_of(key), "name": name, "label": o.label, "order": order}
        return found | ({"resultPattern": o.fmt} if o.fmt else {}) | self._related(self.id_of(key))

    def _related(self, operation: str) -> Json:
        """Return what an operation is computed from, as the standard writes it."""
        related = [
            {
                "id": r.id,
                "referencedOperationRole": {"controlledTerm": r.role},
                "operationId": r.computed_from,
                "description": ROLES[r.role],
            }
            for r in self.relationships
            if r.operation == operation
        ]
        return {"referencedOperationRelationships": related} if related else {}


def options(step: Step, *, all_of_them: bool) -> dict[str, str]:
    """Return the options of a step as text."""
    found = stated(step, all_of_them=all_of_them)
    return {name: option_in_words(value) for name, value in found.items() if value is not None and value != ()}


def stated(step: Step, *, all_of_them: bool) -> dict[str, object]:
    """Return the options of a step, or those that say how it computes."""
    what = {"by", *step.applied_to}
    found = {name: getattr(step, name) for name in type(step).model_fields if name not in _NAMES}
    return {name: value for name, value in found.items() if all_of_them or name not in what}


def _operation(unit: Unit, row: Row) -> Operation:
    context = "" if unit.step is None else row.context  # a number of subjects is one operation, of a set or analysis
    return Operation(context, unit.statistic_level(row), row.stat_name, row.stat_label, row.fmt)


def methods(units: tuple[Unit, ...]) -> dict[str, Method]:
    """Return the method of each analysis, by the id of the analysis.

    Steps with the same method, the same options and the same sentence share one, so that it has exactly the operations
    it gives and its description is true of each.
    """
    ids: dict[tuple[str, str, str], str] = {}
    steps: dict[str, Step | None] = {}
    operations: dict[str, dict[str, Operation]] = {}
    of_unit: dict[str, str] = {}
    sources: dict[str, EventMethod] = {}
    for unit in units:
        kind = SUBJECTS if unit.step is None else unit.step.method
        chosen = "" if unit.step is None else str(options(unit.step, all_of_them=False))
        said = "" if unit.step is None else unit.step.in_words
        alike = sum(k == kind for k, *_ in ids)
        own = source_method(unit.names)
        name = ids.setdefault((kind, chosen, said), f"{kind}.{alike + 1}") if own is None else own.id
        if own is not None:
            sources[name] = own
        of_unit[unit.id] = name
        steps.setdefault(name, unit.step)
        found = operations.setdefault(name, {})
        for row in unit.rows:
            operation = _operation(unit, row)
            found.setdefault(operation.key, operation)
    alone = {name: Method(name, steps[name], operations[name], sources.get(name)) for name in steps}
    known = {unit: alone[name] for unit, name in of_unit.items()}
    counts: dict[str, dict[str, Count]] = {}
    for unit in units:
        counts.setdefault(of_unit[unit.id], {})[unit.id] = _count(unit, units, known)
    made = {name: replace(method, counts=counts[name]) for name, method in alone.items()}
    return {unit: made[name] for unit, name in of_unit.items()}


def _count(unit: Unit, units: tuple[Unit, ...], known: Mapping[str, Method]) -> Count:
    """Return what the shares of an analysis are of: the subjects that another one counts, where it names that."""
    named = () if unit.step is None else unit.step.named_analyses
    for other in units if named else ():
        if other.task is None or other.task.id not in named or other.step is not other.task.steps[0]:
            continue
        row = next((r for r in other.rows if r.analysis_id != "SETS" and r.stat_name == "n"), None)
        if row is not None:
            return Count(other.id, known[other.id].operation_id(other, row))
    return Count(unit.id)
