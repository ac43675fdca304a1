"""Names in a plan that lead nowhere."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sap.methods import Step
from sap.methods.competing_risks import CompetingRisks
from sap.methods.correlation import Correlation
from sap.methods.criteria import Criteria
from sap.methods.disposition import Disposition
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.profile import Profile
from sap.methods.rank_comparison import RankComparison
from sap.methods.records import Records
from sap.methods.time_dependent import TimeDependent
from sap.model.clause import Comparator, WhereClause, conditions
from sap.model.cutoff import cutoff_problems
from sap.model.datasets import READ
from sap.model.derivations import AreaUnderCurve, BestResponse, DayOf, DltStatus, EventOccurrence, Peak, TimeToEvent
from sap.model.part import Reference
from sap.plan.plan import Grouping, Listing, Plan
from sap.plan.values import known_values, types
from sap.reading.alike import alike
from sap.reading.datasets import dataset_problems
from sap.reading.design import design_problems
from sap.reading.outputs import shown_problems
from sap.reading.posterior import posterior_problems
from sap.reading.records import record_problems
from sap.reading.states import state_problems
from sap.reading.times import origin_problems, unit_problems
from sap.text.cells import is_date, is_number, plain, same_code
from sap.text.dangling import Dangling, one_of, repeated
from sap.text.problems import suggest

__all__ = ["Dangling", "dangling"]


Place = tuple[str | int, ...]
"""Where in the plan, as keys and positions."""


def dangling(plan: Plan) -> list[Dangling]:
    """Return every inconsistency of a plan whose parts are each well-formed."""
    return list(_Checker(plan).run())


SAME_KIND = "What takes the place of a derivation is one of the same kind."
RESERVED = "SETS"
"""What the results call the sizes of the analysis sets."""


class _Checker:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known = types(plan)

    def run(self) -> Iterator[Dangling]:
        plan = self.plan
        yield from repeated("dlt_rules", [r.id for r in plan.dlt_rules])
        yield from repeated("derivations", [*plan.datasets, *(d.id for d in plan.derivations)])
        yield from repeated("analysis_sets", [s.id for s in plan.analysis_sets])
        yield from repeated("groupings", [g.id for g in plan.groupings])
        yield from repeated("analyses", [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))])
        yield from self._reserved()
        yield from repeated("assumptions", [a.id for a in plan.assumptions])
        yield from dataset_problems(plan)
        if plan.data_cutoff is not None:
            yield from cutoff_problems(plan.data_cutoff, plan.datasets)
        yield from self._rules()
        yield from self._derivations()
        for i, s in enumerate(plan.analysis_sets):
            yield from self._clause(s.where, ("analysis_sets", i, "where"))
        for i, g in enumerate(plan.groupings):
            yield from self._grouping(g, ("groupings", i))
        yield from self._survival()
        yield from self._relatedness()
        yield from origin_problems(plan, self.known)
        yield from unit_problems(plan, self.known)
        yield from self._analyses()
        for i, x in enumerate(plan.listings):
            yield from self._listing(x, ("listings", i))
        yield from design_problems(plan)
        yield from posterior_problems(plan)
        yield from shown_problems(plan)

    def _reference(self, ref: Reference, path: Place) -> Iterator[Dangling]:
        missing = list(one_of("dataset or derivation", ref.dataset, self.known, path))
        yield from missing
        if not missing and ref.variable not in self.known[ref.dataset]:
            yield Dangling(
                path,
                f"{ref.dataset} has no variable '{ref.variable}'.",
                f"{suggest(ref.variable, self.known[ref.dataset])} {self._described(ref)}".rstrip(),
            )

    def _described(self, ref: Reference) -> str:
        """Return how the plan tells of a column that the core of its dataset does not have."""
        own = ref.dataset in self.plan.datasets
        how = f"variables: - {{name: {ref.variable}, label: …, type: text}}"
        return f"If the file has it, describe it: datasets: {ref.dataset}: {how}." if own else ""

    def _clause(self, clause: WhereClause, path: Place) -> Iterator[Dangling]:
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
        self, ref: Reference, values: Iterable[str], path: Place, *, ordered: bool = False
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
            elif known and not ordered and not any(same_code(value, k, number=kind != "text") for k in known):
                yield from one_of(f"{ref} value", value, known, path, self._listed(ref))

    def _listed(self, ref: Reference) -> str:
        """Return how the plan lets a variable have another value."""
        if ref.dataset not in self.plan.datasets:
            return ""
        place = "parameters" if ref.variable == "PARAMCD" else f"variables, in the codelist of {ref.variable}"
        return f"If the data can have it, add it under datasets: {ref.dataset}: {place}."

    def _survival(self) -> Iterator[Dangling]:
        parameter = self.plan.conventions.survival_parameter
        if parameter is not None and "ADTTE" in self.plan.datasets:
            known = self.plan.datasets["ADTTE"].parameters
            yield from one_of("ADTTE parameter", parameter, known, ("conventions", "survival_parameter"))

    def _relatedness(self) -> Iterator[Dangling]:
        """Yield values that mean related and that no event can have: none would count as related without a word."""
        if "ADAE" in self.plan.datasets:
            reference = Reference(dataset="ADAE", variable="AREL")
            values = self.plan.conventions.relatedness.values
            for found in self._values(reference, values, ("conventions", "relatedness", "values")):
                yield replace(found, fix=f"{found.fix} Name those that mean related: relatedness: {{values: [...]}}.")

    def _reserved(self) -> Iterator[Dangling]:
        """Yield analyses called as the sizes of the sets are called in the results: their rows would mix."""
        for i, a in enumerate(self.plan.analyses):
            here: tuple[str | int, ...] = ("analyses", i)
            places = [(a.id, (*here, "id"))]
            places += [(s.id, (*here, "sensitivity", j, "id")) for j, s in enumerate(a.sensitivity)]
            for name, path in places:
                if name.upper() == RESERVED:
                    yield Dangling(path, f"'{name}' is what the sizes of the analysis sets are called.", "Rename it.")

    def _rules(self) -> Iterator[Dangling]:
        for i, rule in enumerate(self.plan.dlt_rules):
            yield from repeated("dlt_rules", [c.id for c in rule.criteria])
            for j, criterion in enumerate(rule.criteria):
                path = ("dlt_rules", i, "criteria", j, "event")
                yield from self._events(criterion.event, path)

    def _events(self, clause: WhereClause, path: Place) -> Iterator[Dangling]:
        """Yield what is wrong with a clause that must be about adverse events."""
        yield from one_of("dataset", "ADAE", self.plan.datasets, path)
        yield from self._clause(clause, path)
        for c in conditions(clause):
            if c.dataset != "ADAE":
                fix = "Use ADAE: a finding of another kind counts as the adverse event it was recorded as."
                yield Dangling(path, f"a criterion is about adverse events, not {c.dataset}.", fix)

    def _date(self, d: DayOf, path: Place) -> Iterator[Dangling]:
        """Yield what is wrong with the date whose day is derived."""
        reference = Reference(dataset=d.dataset, variable=d.variable)
        missing = list(self._reference(reference, (*path, "variable")))
        yield from missing
        if not missing and self.known[d.dataset][d.variable] != "date":
            yield Dangling((*path, "variable"), f"{reference} is not a date.", "Name a date of that dataset.")

    def _derivations(self) -> Iterator[Dangling]:
        for i, d in enumerate(self.plan.derivations):
            path = ("derivations", i)
            if isinstance(d, DltStatus):
                yield from one_of("DLT rule", d.rule, [r.id for r in self.plan.dlt_rules], (*path, "rule"))
                yield from one_of("dataset", "ADAE", self.plan.datasets, (*path, "kind"))
            elif isinstance(d, EventOccurrence):
                yield from self._events(d.event, (*path, "event"))
            else:
                yield from self._from_records(d, path)
            for name in ("before", "censor_at"):
                variable = getattr(d, name, None)
                if variable is not None:
                    yield from self._reference(Reference(dataset="ADSL", variable=variable), (*path, name))

    def _from_records(
        self, d: BestResponse | TimeToEvent | Peak | AreaUnderCurve | DayOf, path: Place
    ) -> Iterator[Dangling]:
        missing = list(one_of("dataset", d.dataset, self.plan.datasets, (*path, "dataset")))
        yield from missing
        if not missing:
            parameters = self.plan.datasets[d.dataset].parameters
            if isinstance(d, DayOf):
                yield from self._date(d, path)
            yield from self._columns(d, (*path, "dataset"))
            if d.parameter is not None:
                add = f"If the file has it, add it under datasets: {d.dataset}: parameters."
                yield from one_of(f"{d.dataset} parameter", d.parameter, parameters, (*path, "parameter"), add)
            if isinstance(d, BestResponse) and d.parameter in parameters:
                for name in ("order", "progression"):
                    for value in getattr(d, name) or ():
                        yield from one_of(
                            f"{d.parameter} value", value, parameters[d.parameter].codelist, (*path, name)
                        )

    def _columns(
        self, d: BestResponse | TimeToEvent | Peak | AreaUnderCurve | DayOf, path: Place
    ) -> Iterator[Dangling]:
        """Yield what a derivation reads and its dataset does not have."""
        for name in d.columns if d.parameter is None else ("PARAMCD", *d.columns):
            if name not in self.known[d.dataset]:
                what = f"{d.dataset} has no variable '{name}', which {d.id} is derived from."
                fix = f"Describe it under the variables of {d.dataset}, with type: {READ[name]}."
                yield Dangling(path, what, fix)

    def _analyses(self) -> Iterator[Dangling]:
        sets = [s.id for s in self.plan.analysis_sets]
        derived = {d.id: type(d) for d in self.plan.derivations}
        for i, a in enumerate(self.plan.analyses):
            path = ("analyses", i)
            yield from one_of("analysis set", a.analysis_set, sets, (*path, "analysis_set"))
            if a.data_subset is not None:
                yield from self._clause(a.data_subset, (*path, "data_subset"))
            for assumption in a.assumptions:
                yield from one_of(
                    "assumption", assumption, [x.id for x in self.plan.assumptions], (*path, "assumptions")
                )
            yield from alike(a.steps, path)
            for j, step in enumerate(a.steps):
                yield from self._step(step, (*path, "steps", j))
            for j, s in enumerate(a.sensitivity):
                here = (*path, "sensitivity", j)
                if s.analysis_set is not None:
                    yield from one_of("analysis set", s.analysis_set, sets, (*here, "analysis_set"))
                for old, new in s.use.items():
                    yield from one_of("derivation", old, derived, (*here, "use", old))
                    yield from one_of("derivation", new, derived, (*here, "use", old))
                    if old in derived and new in derived and derived[old] is not derived[new]:
                        yield Dangling(
                            (*here, "use", old), f"'{new}' is another kind of derivation than '{old}'.", SAME_KIND
                        )
                yield from alike(s.steps, here)
                for k, step in enumerate(s.steps):
                    yield from self._step(step, (*here, "steps", k))

    def _by(self, step: Step, path: Place) -> Iterator[Dangling]:
        """Yield what is wrong with the groups of a step."""
        if step.by is not None:
            yield from one_of("grouping", step.by, [g.id for g in self.plan.groupings], (*path, "by"))
        if isinstance(step, RankComparison):
            levels = [len(g.levels) for g in self.plan.groupings if g.id == step.by]
            if levels and levels[0] != 2:
                what = f"the number of groups of '{step.by}' is {levels[0]}, and the test compares two."
                fix = (
                    "Name a grouping of two; of more groups, one for each comparison, or describe all with summary by."
                )
                yield Dangling((*path, "by"), what, fix)

    def _step(self, step: Step, path: Place) -> Iterator[Dangling]:
        yield from self._by(step, path)
        if isinstance(step, KaplanMeier | CompetingRisks | TimeDependent):
            yield from self._of_time(step, path)
            return
        if isinstance(step, Criteria):
            statuses = [d.id for d in self.plan.derivations if isinstance(d, DltStatus)]
            yield from one_of("DLT derivation", step.data, statuses, (*path, "data"))
            return
        for place, clause in step.clauses:
            yield from self._clause(clause, (*path, *place))
        # What a disposition names, its clauses name.
        missing = [] if isinstance(step, Disposition) else list(self._named(step, path))
        yield from missing
        sets = [s.id for s in self.plan.analysis_sets]
        for place, named in step.named_sets:
            yield from one_of("analysis set", named, sets, (*path, *place))
        if isinstance(step, Records):
            yield from record_problems(self.plan, self.known, step, path)
        if isinstance(step, Profile) and not missing:
            parameters = self.plan.datasets[step.dataset].parameters if step.dataset in self.plan.datasets else ()
            yield from one_of(f"{step.dataset} parameter", step.parameter, parameters, (*path, "parameter"))
        if not missing:
            yield from self._of_kind(step, path)

    def _of_kind(self, step: Step, path: Place) -> Iterator[Dangling]:
        """Yield values a variable can never have, and variables of a correlation that are no numbers."""
        for place, ref, values in step.named_values:
            yield from self._values(ref, values, (*path, *place))
        if isinstance(step, Correlation):
            yield from self._numbers(step, path)

    def _numbers(self, step: Correlation, path: Place) -> Iterator[Dangling]:
        for name, ref in (("variable", step.variable), ("with_variable", step.with_variable)):
            if self.known[ref.dataset][ref.variable] not in {"integer", "number"}:
                yield Dangling((*path, name), f"{ref} is not a number, and a correlation is of two.", "Name a number.")

    def _named(self, step: Step, path: Place) -> Iterator[Dangling]:
        for ref in step.references:
            yield from self._reference(ref, path)

    def _of_time(self, step: KaplanMeier | CompetingRisks | TimeDependent, path: Place) -> Iterator[Dangling]:
        """Yield what is wrong with the time a step analyses, its causes, or the state it is analysed by."""
        times = [d.id for d in self.plan.derivations if isinstance(d, TimeToEvent)]
        yield from one_of("time-to-event derivation", step.data, times, (*path, "data"))
        if isinstance(step, CompetingRisks):
            yield from self._causes(step, path)
        if isinstance(step, TimeDependent):
            missing = list(self._reference(step.exposure, (*path, "exposure")))
            yield from missing or state_problems(self.plan, self.known, step, path)

    def _causes(self, step: CompetingRisks, path: Place) -> Iterator[Dangling]:
        """Yield what is wrong with causes: they are all the events of the time, so that none is missed or misspelt."""
        times = [d for d in self.plan.derivations if isinstance(d, TimeToEvent) and d.id == step.data]
        for d in times:
            dataset = self.plan.datasets.get(d.dataset)
            parameter = dataset.parameters.get(d.parameter) if dataset is not None else None
            if parameter is None:
                continue
            if set(parameter.events) != set(step.causes):
                named = ", ".join(parameter.events) or "none"
                what = f"the causes must be the events of {d.dataset} {d.parameter} ({named})."
                yield Dangling((*path, "causes"), what, "Name the same under events of the parameter and under causes.")

    def _grouping(self, grouping: Grouping, path: Place) -> Iterator[Dangling]:
        missing = list(self._reference(grouping.variable, (*path, "variable")))
        yield from missing
        if missing:
            return
        number = self.known[grouping.variable.dataset][grouping.variable.variable] in {"integer", "number"}
        seen: dict[str | float, str] = {}
        for j, level in enumerate(grouping.levels):
            here = (*path, "levels", j)
            yield from self._values(grouping.variable, level.values, (*here, "values"))
            if level.label in {other.label for other in grouping.levels[:j]}:
                yield Dangling((*here, "label"), f"two groups are called '{level.label}'.", "Rename one.")
            for value in level.values:
                as_compared = float(value) if number and value and is_number(value) else plain(value)
                if as_compared in seen:
                    what = f"'{value}' stands in the groups '{seen[as_compared]}' and '{level.label}'."
                    yield Dangling((*here, "values"), what, "A subject is in one group: leave it in one.")
                seen.setdefault(as_compared, level.label)

    def _listing(self, listing: Listing, path: Place) -> Iterator[Dangling]:
        sets = [s.id for s in self.plan.analysis_sets]
        yield from one_of("analysis set", listing.analysis_set, sets, (*path, "analysis_set"))
        unknown = list(one_of("dataset or derivation", listing.dataset, self.known, (*path, "dataset")))
        yield from unknown
        if listing.where is not None:
            yield from self._clause(listing.where, (*path, "where"))
            for other in sorted({c.dataset for c in conditions(listing.where)} - {listing.dataset}):
                what = f"the records are those of {listing.dataset}, and the clause is about {other}."
                yield Dangling((*path, "where"), what, "Choose subjects of other datasets by an analysis set.")
        one_a_subject = {"ADSL", listing.dataset, *(d.id for d in self.plan.derivations)}
        for ref in listing.variables:
            missing = list(self._reference(ref, (*path, "variables")))
            yield from missing
            if not missing and ref.dataset not in one_a_subject:
                what = f"{ref.dataset} has several records a subject, so {ref} is no column beside {listing.dataset}."
                yield Dangling((*path, "variables"), what, "Name a variable of ADSL or of a derivation.")
        for name in listing.sort if not unknown else ():
            yield from self._reference(Reference(dataset=listing.dataset, variable=name), (*path, "sort"))
