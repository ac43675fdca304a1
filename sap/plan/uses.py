"""What each analysis of a plan uses, and which columns of its files and values in them a plan names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sap.methods import Step
from sap.model.clause import Comparator, Condition, WhereClause, conditions
from sap.model.datasets import variables
from sap.model.derivations import (
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    Narrative,
    TimeToEvent,
    VisitValues,
)
from sap.model.part import Part, Reference
from sap.model.sets import Grouping
from sap.model.step import FIRST_TREATMENT, OneStep, variables_of
from sap.model.variables import Origin
from sap.plan.plan import Analysis, Plan, Sensitivity

Keys = tuple[str, ...]
"""What leads to a part of a plan: fields, and ids in place of positions."""
SHOWN_ONLY = frozenset({"p_value_digits", "show_subject_ids"})
"""Conventions about how results are shown, which no analysis uses."""


def uses(plan: Plan) -> Mapping[str, tuple[Keys, ...]]:
    """Return what each analysis uses."""
    found: dict[str, tuple[Keys, ...]] = {}
    for a in plan.analyses:
        walk = _Walk(plan, a, {})
        found[a.id] = walk.used(_own(a), a.analysis_set, a.steps)
        for s in a.sensitivity:
            # A sensitivity analysis takes from its parent whatever it does not say itself.
            own = [("analyses", a.id, "sensitivity", s.id), ("analyses", a.id, "estimand")]
            own += [("analyses", a.id, field) for field in _inherited(s)]
            walk = _Walk(plan, a, s.use)
            found[s.id] = walk.used(own, s.analysis_set or a.analysis_set, s.steps or a.steps)
    return found


def _own(a: Analysis) -> list[Keys]:
    """Return the fields of an analysis itself; its sensitivity analyses are analyses of their own."""
    return [("analyses", a.id, field) for field in type(a).model_fields if field != "sensitivity"]


def _inherited(s: Sensitivity) -> list[str]:
    own = {"analysis_set": s.analysis_set, "steps": s.steps}
    return ["data_subset", *(field for field, value in own.items() if not value)]


class _Walk:
    """Collects the places one analysis depends on."""

    def __init__(self, plan: Plan, analysis: Analysis, swapped: Mapping[str, str]) -> None:
        self.plan = plan
        self.analysis = analysis
        self.swapped = swapped
        self.derived = {d.id: d for d in plan.derivations}
        self.found: dict[Keys, None] = {}

    def used(self, own: Iterable[Keys], set_id: str, steps: Iterable[Step]) -> tuple[Keys, ...]:
        fields = type(self.plan.conventions).model_fields
        shared = [("conventions", f) for f in fields if f not in SHOWN_ONLY]
        shared += [("assumptions", a) for a in self.analysis.assumptions]
        shared += [("objectives", self.analysis.objective or "")]
        # What was known when is asked of every record.
        self.found |= dict.fromkeys([*own, *shared, ("data_cutoff",)])
        if self.plan.data_cutoff is not None and self.plan.data_cutoff.variable is not None:
            self.source("ADSL", self.plan.data_cutoff.variable)
        self.set_of(set_id)
        if self.analysis.data_subset is not None:
            self.clause(self.analysis.data_subset)
        for step in steps:
            self.step(step)
        return tuple(self.found)

    def set_of(self, set_id: str) -> None:
        self.found["analysis_sets", set_id] = None
        self.clause(self.plan.set_of(set_id).where)

    def step(self, step: Step) -> None:
        for reference in (*step.references, *step.reads):
            self.reference(reference)
        for _, clause in step.clauses:
            self.clause(clause)
        for _, named in step.named_sets:
            self.set_of(named)
        self.found |= dict.fromkeys(step.named_parts)
        for name in step.groupings:
            grouping = self.plan.grouping(name)
            self.found["groupings", name] = None
            self.reference(grouping.variable)
            for level in grouping.levels:
                self.clause(grouping.clause(level))
        for other in map(self.plan.analysis, step.named_analyses):
            self.set_of(other.analysis_set)
            if other.data_subset is not None:
                self.clause(other.data_subset)
            for _, clause in (c for s in other.steps for c in s.clauses):
                self.clause(clause)

    def clause(self, clause: WhereClause) -> None:
        for c in conditions(clause):
            self.reference(Reference(dataset=c.dataset, variable=c.variable))
            if c.variable == "PARAMCD":
                for value in c.value:
                    self.found["datasets", c.dataset, "parameters", value] = None

    def reference(self, reference: Reference) -> None:
        name = self.swapped.get(reference.dataset, reference.dataset)
        if name in self.derived:
            self.derivation(self.derived[name])
        else:
            self.source(name, reference.variable)

    def source(self, dataset: str, *variables: str) -> None:
        self.found["datasets", dataset, "file"] = None
        self.found["datasets", dataset, "key"] = None
        self.found["datasets", dataset, "missing_values"] = None
        self.found["datasets", dataset, "records"] = None
        for variable in variables:
            self.found["datasets", dataset, "variables", variable] = None

    def derivation(self, d: Derivation) -> None:
        if ("derivations", d.id) in self.found:
            return
        self.found["derivations", d.id] = None
        self.source("ADSL", *_stops(d))
        if isinstance(d, EventOccurrence):
            self.clause(d.event)
            return
        if isinstance(d, Narrative):
            return
        if not isinstance(d, DltStatus):
            self.source(d.dataset, *([d.variable] if isinstance(d, DayOf) else []))
            if d.parameter is not None:
                self.found["datasets", d.dataset, "parameters", d.parameter] = None
            return
        self.source("ADAE")
        rule = self.plan.dlt_rule(d.rule)
        self.found["dlt_rules", rule.id] = None
        for criterion in rule.criteria:
            self.clause(criterion.event)
            if criterion.source in {x.id for x in self.plan.assumptions}:
                self.found["assumptions", criterion.source] = None


def _stops(d: Derivation) -> Iterator[str]:
    """Yield the variables of ADSL at which a derivation stops looking."""
    for name in ("before", "censor_at"):
        variable = getattr(d, name, None)
        if variable is not None:
            yield variable
    if isinstance(d, VisitValues):
        yield from (r.until for r in d.records if r.until is not None)


def named_columns(plan: Plan) -> Mapping[Reference, str]:
    """Return the variables of source datasets that a plan names."""
    found: dict[Reference, str] = {}
    known = (*_of_analyses(plan), *_of_derivations(plan), *_of_data(plan), *_of_imputation(plan), *_of_outputs(plan))
    for reference, by in known:
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


def _of_imputation(plan: Plan) -> Iterator[tuple[Reference, str]]:
    """Yield the dates that hold imputed ones: of the same dataset where it has them, else of ADSL."""
    for name, dataset in plan.datasets.items():
        own = {v.name for v in variables(name, dataset)}
        for v in dataset.variables:
            for bound in (*v.impute.not_before, *v.impute.not_after) if v.impute is not None else ():
                yield Reference(dataset=name if bound in own else "ADSL", variable=bound), v.name


def _of_derivations(plan: Plan) -> Iterator[tuple[Reference, str]]:
    """Yield what each derivation reads, whether an analysis uses it or not."""
    for d in plan.derivations:
        yield from ((reference, d.id) for reference in _read_by(plan, d))


def _read_by(plan: Plan, d: Derivation) -> Iterator[Reference]:
    if not isinstance(d, TimeToEvent | VisitValues) or (isinstance(d, VisitValues) and d.needs_days):
        yield FIRST_TREATMENT
    yield from variables_of("ADSL", _stops(d))
    if isinstance(d, DltStatus | EventOccurrence):
        judged = plan.dlt_rule(d.rule).criteria if isinstance(d, DltStatus) else (d,)
        yield from (Reference(dataset=c.dataset, variable=c.variable) for x in judged for c in conditions(x.event))
        graded = ["ATOXGR"] if any(x.min_grade > 1 for x in judged) else []
        related = ["AREL"] if any(x.related_only for x in judged) else []
        yield from variables_of("ADAE", ("AEDECOD", "ASTDT", "AENDT", *graded, *related))
        # How long a subject was observed says whether the absence of an event means anything.
        yield from variables_of("ADSL", ("LSTALVDT",) if isinstance(d, DltStatus) else ())
    elif not isinstance(d, Narrative):
        own = [*d.reads, *(["PARAMCD"] if d.parameter is not None else [])]
        if isinstance(d, DayOf):
            own.append(d.variable)
        if isinstance(d, TimeToEvent) and d.censor_at is not None:
            own.append("STARTDT")
        yield from variables_of(d.dataset, own)


def _of_data(plan: Plan) -> Iterator[tuple[Reference, str]]:
    """Yield what says which records are read, what starts clocks, and the dates that a cut-off is held against."""
    for name, dataset in plan.datasets.items():
        for c in conditions(dataset.records) if dataset.records is not None else ():
            yield Reference(dataset=c.dataset, variable=c.variable), f"records of {name}"
        for code, parameter in dataset.parameters.items():
            origin = parameter.origin
            if origin is not None:
                chosen = [*(["PARAMCD"] if origin.parameter else []), *(["AVALC"] if origin.values else [])]
                yield from ((r, code) for r in variables_of(origin.dataset, (origin.variable, *chosen)))
    if plan.data_cutoff is not None:
        dated = plan.data_cutoff.dates(plan.datasets)
        yield from ((Reference(dataset=name, variable=v), "data_cutoff") for name, v in dated.items())
        yield from ((r, "data_cutoff") for r in variables_of("ADTTE", ("STARTDT", "AVAL", "CNSR")))


def _of_outputs(plan: Plan) -> Iterator[tuple[Reference, str]]:
    for output in plan.outputs:
        if output.marks is not None:
            yield plan.grouping(output.marks).variable, output.id
    for d in plan.derivations:
        if isinstance(d, Narrative):
            yield from ((reference, d.id) for _, reference, _ in d.references)
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
        case VisitValues():
            named = tuple(r.visit for r in part.records if r.visit is not None)
            yield Named(Reference(dataset=part.dataset, variable=part.by), named, part.id, level=True)
            yield Named(Reference(dataset=part.dataset, variable=part.value), part.categories, part.id, level=True)
        case OneStep():
            yield from (Named(reference, values, by, level=True) for _, reference, values in part.named_values)
