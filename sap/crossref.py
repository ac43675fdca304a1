"""Names in a plan that lead nowhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from sap.cells import is_date, is_number
from sap.clause import Comparator, WhereClause, conditions
from sap.derivations import BestResponse, DltStatus, Peak, TimeToEvent
from sap.methods import Binomial, BySubject, Criteria, Distribution, KaplanMeier, RankComparison, Step, references
from sap.model import Reference
from sap.plan import Analysis, Output, Plan
from sap.problems import suggest
from sap.values import known_values, types

DRAWN: Mapping[str, type[Binomial | KaplanMeier | RankComparison]] = {
    "dot_figure": RankComparison,
    "kaplan_meier_figure": KaplanMeier,
    "proportion_figure": Binomial,
}
"""The method whose results each kind of figure draws."""


@dataclass(frozen=True)
class Dangling:
    """A name that does not exist, or exists twice."""

    path: tuple[str | int, ...]
    message: str
    fix: str


def dangling(plan: Plan) -> list[Dangling]:
    """Return every inconsistency of a plan whose parts are each well-formed.

    Parameters
    ----------
    plan : Plan
        A plan that pydantic accepted.

    Returns
    -------
    list of Dangling
        Repeated ids; sets, groupings, rules, datasets, variables and analyses that are named and do not exist.
    """
    return list(_Checker(plan).run())


class _Checker:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known = types(plan)

    def run(self) -> Iterator[Dangling]:
        plan = self.plan
        yield from self._repeated("dlt_rules", [r.id for r in plan.dlt_rules])
        yield from self._repeated("derivations", [*plan.datasets, *(d.id for d in plan.derivations)])
        yield from self._repeated("analysis_sets", [s.id for s in plan.analysis_sets])
        yield from self._repeated("groupings", [g.id for g in plan.groupings])
        yield from self._repeated(
            "analyses", [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
        )
        yield from self._repeated("outputs", [o.id for o in plan.outputs])
        yield from self._repeated("assumptions", [a.id for a in plan.assumptions])
        if "ADSL" not in plan.datasets:
            yield Dangling(
                ("datasets",), "the dataset ADSL is missing.", "Every trial needs it: add ADSL with its file."
            )
        yield from self._rules()
        yield from self._derivations()
        for i, s in enumerate(plan.analysis_sets):
            yield from self._clause(s.where, ("analysis_sets", i, "where"))
        for i, g in enumerate(plan.groupings):
            missing = list(self._reference(g.variable, ("groupings", i, "variable")))
            yield from missing
            for j, level in enumerate(g.levels if not missing else ()):
                yield from self._values(g.variable, level.values, ("groupings", i, "levels", j, "values"))
        yield from self._survival()
        yield from self._analyses()
        yield from self._outputs()

    def _repeated(self, where: str, ids: list[str]) -> Iterator[Dangling]:
        for name, count in Counter(ids).items():
            if count > 1:
                yield Dangling((where,), f"the id '{name}' is given {count} times.", "Ids must differ: rename one.")

    def _one_of(self, what: str, name: str, known: Iterable[str], path: tuple[str | int, ...]) -> Iterator[Dangling]:
        names = set(known)
        if name not in names:
            yield Dangling(path, f"there is no {what} '{name}' in the plan.", suggest(name, names))

    def _reference(self, ref: Reference, path: tuple[str | int, ...]) -> Iterator[Dangling]:
        missing = list(self._one_of("dataset or derivation", ref.dataset, self.known, path))
        yield from missing
        if not missing and ref.variable not in self.known[ref.dataset]:
            yield Dangling(
                path,
                f"{ref.dataset} has no variable '{ref.variable}'.",
                suggest(ref.variable, self.known[ref.dataset]),
            )

    def _clause(self, clause: WhereClause, path: tuple[str | int, ...]) -> Iterator[Dangling]:
        for c in conditions(clause):
            ref = Reference(dataset=c.dataset, variable=c.variable)
            missing = list(self._reference(ref, path))
            yield from missing
            if missing:
                continue
            ordered = c.comparator not in {Comparator.EQ, Comparator.NE, Comparator.IN, Comparator.NOTIN}
            if ordered and "" in c.value:
                yield Dangling(path, f"{ref} cannot be {c.comparator} a missing value.", "Compare with a value.")
            yield from self._values(ref, c.value, path, ordered=ordered)

    def _values(
        self, ref: Reference, values: Iterable[str], path: tuple[str | int, ...], *, ordered: bool = False
    ) -> Iterator[Dangling]:
        """Yield values that a variable can never have: they would count nobody without a word."""
        kind = self.known[ref.dataset][ref.variable]
        known = known_values(self.plan, ref)
        for value in values:
            if not value:
                continue
            if kind in {"integer", "number"} and not is_number(value):
                yield Dangling(path, f"'{value}' is not a number, and {ref} is one.", "Write a number.")
            elif kind == "date" and not is_date(value):
                yield Dangling(path, f"'{value}' is not a date, and {ref} is one.", "Write it as 2021-03-09.")
            elif kind == "text" and known and not ordered:
                yield from self._one_of(f"{ref} value", value, known, path)

    def _survival(self) -> Iterator[Dangling]:
        parameter = self.plan.conventions.survival_parameter
        if parameter is not None and "ADTTE" in self.plan.datasets:
            known = self.plan.datasets["ADTTE"].parameters
            yield from self._one_of("ADTTE parameter", parameter, known, ("conventions", "survival_parameter"))

    def _rules(self) -> Iterator[Dangling]:
        for i, rule in enumerate(self.plan.dlt_rules):
            yield from self._repeated("dlt_rules", [c.id for c in rule.criteria])
            for j, criterion in enumerate(rule.criteria):
                path = ("dlt_rules", i, "criteria", j, "event")
                yield from self._clause(criterion.event, path)
                for c in conditions(criterion.event):
                    if c.dataset != "ADAE":
                        yield Dangling(path, f"a criterion is about adverse events, not {c.dataset}.", "Use ADAE.")

    def _derivations(self) -> Iterator[Dangling]:
        for i, d in enumerate(self.plan.derivations):
            path = ("derivations", i)
            if isinstance(d, DltStatus):
                yield from self._one_of("DLT rule", d.rule, [r.id for r in self.plan.dlt_rules], (*path, "rule"))
                yield from self._one_of("dataset", "ADAE", self.plan.datasets, (*path, "kind"))
                continue
            missing = list(self._one_of("dataset", d.dataset, self.plan.datasets, (*path, "dataset")))
            yield from missing
            if not missing:
                parameters = self.plan.datasets[d.dataset].parameters
                yield from self._one_of(f"{d.dataset} parameter", d.parameter, parameters, (*path, "parameter"))
                if isinstance(d, BestResponse) and d.parameter in parameters:
                    for value in d.order:
                        yield from self._one_of(
                            f"{d.parameter} value", value, parameters[d.parameter].codelist, (*path, "order")
                        )
            for name in ("before", "censor_at"):
                variable = getattr(d, name, None)
                if variable is not None and isinstance(d, BestResponse | TimeToEvent | Peak):
                    yield from self._reference(Reference(dataset="ADSL", variable=variable), (*path, name))

    def _analyses(self) -> Iterator[Dangling]:
        sets = [s.id for s in self.plan.analysis_sets]
        derived = {d.id: type(d) for d in self.plan.derivations}
        for i, a in enumerate(self.plan.analyses):
            path = ("analyses", i)
            yield from self._one_of("analysis set", a.analysis_set, sets, (*path, "analysis_set"))
            if a.data_subset is not None:
                yield from self._clause(a.data_subset, (*path, "data_subset"))
            for assumption in a.assumptions:
                yield from self._one_of(
                    "assumption", assumption, [x.id for x in self.plan.assumptions], (*path, "assumptions")
                )
            for j, step in enumerate(a.steps):
                yield from self._step(step, (*path, "steps", j))
            for j, s in enumerate(a.sensitivity):
                here = (*path, "sensitivity", j)
                if s.analysis_set is not None:
                    yield from self._one_of("analysis set", s.analysis_set, sets, (*here, "analysis_set"))
                for old, new in s.use.items():
                    yield from self._one_of("derivation", old, derived, (*here, "use", old))
                    yield from self._one_of("derivation", new, derived, (*here, "use", old))
                    if old in derived and new in derived and derived[old] is not derived[new]:
                        yield Dangling((*here, "use", old), f"'{new}' is another kind of derivation than '{old}'.", "")
                for k, step in enumerate(s.steps):
                    yield from self._step(step, (*here, "steps", k))

    def _step(self, step: Step, path: tuple[str | int, ...]) -> Iterator[Dangling]:
        if step.by is not None:
            yield from self._one_of("grouping", step.by, [g.id for g in self.plan.groupings], (*path, "by"))
        if isinstance(step, RankComparison):
            levels = [len(g.levels) for g in self.plan.groupings if g.id == step.by]
            if levels and levels[0] != 2:
                yield Dangling((*path, "by"), f"'{step.by}' has {levels[0]} groups; the test compares two.", "")
        if isinstance(step, KaplanMeier):
            times = [d.id for d in self.plan.derivations if isinstance(d, TimeToEvent)]
            yield from self._one_of("time-to-event derivation", step.data, times, (*path, "data"))
            return
        if isinstance(step, Criteria):
            statuses = [d.id for d in self.plan.derivations if isinstance(d, DltStatus)]
            yield from self._one_of("DLT derivation", step.data, statuses, (*path, "data"))
            return
        missing = [d for ref in references(step) for d in self._reference(ref, path)]
        yield from missing
        if isinstance(step, Distribution) and not missing:
            yield from self._values(step.variable, step.levels, (*path, "levels"))
        if isinstance(step, Binomial) and not missing:
            yield from self._values(step.variable, step.event, (*path, "event"))

    def _outputs(self) -> Iterator[Dangling]:
        analyses = [a.id for a in self.plan.analyses]
        for i, o in enumerate(self.plan.outputs):
            for a in o.analyses:
                yield from self._one_of("analysis", a, analyses, ("outputs", i, "analyses"))
                if o.kind in DRAWN and a in analyses:
                    yield from self._figure(o, self.plan.analysis(a), ("outputs", i, "kind"))

    def _figure(self, output: Output, analysis: Analysis, path: tuple[str | int, ...]) -> Iterator[Dangling]:
        drawn = DRAWN[output.kind]
        steps = [s for s in analysis.steps if isinstance(s, drawn)]
        if not steps:
            method = drawn.model_fields["method"].annotation
            named = str(get_args(method)[0])
            yield Dangling(path, f"{analysis.id} has no step of method '{named}' to draw.", "Choose another kind.")
        if output.kind != "proportion_figure" and len(output.analyses) > 1:
            yield Dangling(path, f"a {output.kind} draws one analysis, not several.", "Give each its own figure.")
        listed = {str(v) for s in analysis.steps if isinstance(s, BySubject) for v in s.variables}
        for step in steps:
            if isinstance(step, RankComparison):
                grouped = [str(g.variable) for g in self.plan.groupings if g.id == step.by]
                for name in sorted({str(step.variable), *grouped} - listed):
                    what = f"{analysis.id} does not list {name} by subject."
                    yield Dangling(path, what, "Add it to a by_subject step.")
