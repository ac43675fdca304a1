"""What each analysis of a plan uses, directly or through what it names."""

from collections.abc import Iterable, Iterator, Mapping

from sap.methods import Step
from sap.model.clause import WhereClause, conditions
from sap.model.derivations import DayOf, Derivation, DltStatus, EventOccurrence
from sap.model.part import Reference
from sap.plan.plan import Analysis, Plan, Sensitivity

Path_ = tuple[str, ...]
SHOWN_ONLY = frozenset({"p_value_digits", "show_subject_ids"})
"""Conventions about how results are shown, which no analysis uses."""


def uses(plan: Plan) -> Mapping[str, tuple[Path_, ...]]:
    """Return what each analysis uses."""
    found: dict[str, tuple[Path_, ...]] = {}
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


def _own(a: Analysis) -> list[Path_]:
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
        self.found: dict[Path_, None] = {}

    def used(self, own: Iterable[Path_], set_id: str, steps: Iterable[Step]) -> tuple[Path_, ...]:
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
        if step.by is not None:
            self.found["groupings", step.by] = None
            self.reference(self.plan.grouping(step.by).variable)

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
