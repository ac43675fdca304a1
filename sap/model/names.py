"""What a plan defines by name, as far as a method may ask, and what is wrong with a name that a plan uses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from sap.model.clause import Comparator, WhereClause, conditions
from sap.model.datasets import variables
from sap.model.derivations import BestResponse, Derivation
from sap.model.design import SampleSize, StoppingRule, Study
from sap.model.part import Part, Reference
from sap.model.sets import AnalysisSet, Grouping
from sap.model.variables import Dataset, Parameter, VariableType
from sap.text.cells import is_date, is_number, same_code
from sap.text.problems import Fault, Place, one_of, suggest

NOT_EVALUABLE = "NE"
"""Best response of a treated subject without an assessment that counts."""
NUMBERS: Final[frozenset[VariableType]] = frozenset({"integer", "number"})
"""Types of variables whose values are numbers."""


class Defined(Protocol):
    """The parts of a plan that a method may look at."""

    @property
    def datasets(self) -> Mapping[str, Dataset]:
        """The source datasets, by name."""

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """What is derived for each subject."""

    @property
    def analysis_sets(self) -> tuple[AnalysisSet, ...]:
        """Who is analysed."""

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """How subjects are grouped."""

    @property
    def analysis_ids(self) -> tuple[str, ...]:
        """The ids of the analyses."""

    @property
    def study(self) -> Study:
        """The trial."""

    @property
    def sample_size(self) -> SampleSize:
        """Why the trial has the size it has, and its stopping rule."""

    def stopping_rule(self, variable: Reference, event: tuple[str, ...]) -> StoppingRule | None:
        """Return the stopping rule where it counts this event."""


def types(plan: Defined) -> Mapping[str, Mapping[str, VariableType | None]]:
    """Return the type of every variable of a plan, by dataset or derivation and by name; None where the data say it."""
    found: dict[str, dict[str, VariableType | None]] = {
        name: {v.name: v.type for v in variables(name, dataset)} for name, dataset in plan.datasets.items()
    }
    for d in plan.derivations:
        found[d.id] = {"USUBJID": "text", **{name: v.kind for name, v in d.provides.items()}}
    return found


def may_be_missing(plan: Defined, dataset: str, variable: str) -> bool:
    """Return whether the plan lets cells of a variable of a source dataset be empty."""
    return any(v.missing for v in variables(dataset, plan.datasets[dataset]) if v.name == variable)


def known_values(plan: Defined, reference: Reference) -> tuple[str, ...]:
    """Return the only values a variable can have; none where it can have any."""
    derived = next((d for d in plan.derivations if d.id == reference.dataset), None)
    if derived is not None:
        if isinstance(derived, BestResponse) and reference.variable == "BOR":
            return (*derived.order, NOT_EVALUABLE)
        return derived.provides[reference.variable].codelist if reference.variable in derived.provides else ()
    dataset = plan.datasets[reference.dataset]
    if reference.variable == "PARAMCD":
        return tuple(dataset.parameters)
    return next(v for v in variables(reference.dataset, dataset) if v.name == reference.variable).codelist


class Names:
    """The names that a plan defines."""

    def __init__(self, plan: Defined) -> None:
        self.plan = plan
        self.types = types(plan)

    def type_of(self, ref: Reference) -> VariableType | None:
        """Return the type of a variable that exists; None where only the data say it."""
        return self.types[ref.dataset][ref.variable]

    def may_be(self, ref: Reference, kinds: Iterable[VariableType]) -> bool:
        """Return whether a variable that exists is of one of some types, as far as the plan says."""
        return self.type_of(ref) in {None, *kinds}

    def parameter(self, dataset: str, name: str) -> Parameter | None:
        """Return a parameter of a source dataset, where the plan has both."""
        return self.plan.datasets[dataset].parameters.get(name) if dataset in self.plan.datasets else None

    def derivation(self, what: str, kind: type[Part], name: str, path: Place) -> Iterator[Fault]:
        """Yield the name of a derivation that the plan has not, or has as one of another kind."""
        return one_of(what, name, [d.id for d in self.plan.derivations if isinstance(d, kind)], path)

    def analysis_set(self, name: str, path: Place) -> Iterator[Fault]:
        """Yield the name of an analysis set that the plan has not."""
        return one_of("analysis set", name, [s.id for s in self.plan.analysis_sets], path)

    def analysis(self, name: str, path: Place) -> Iterator[Fault]:
        """Yield the id of an analysis that the plan has not."""
        return one_of("analysis", name, self.plan.analysis_ids, path)

    def grouping(self, name: str, path: Place) -> Iterator[Fault]:
        """Yield the name of a grouping that the plan has not."""
        return one_of("grouping", name, [g.id for g in self.plan.groupings], path)

    def grouping_with_levels(self, name: str, method: str, path: Place) -> Iterator[Fault]:
        """Yield a grouping without levels, where a method must know its groups before it sees the data."""
        if any(g.id == name and not g.levels for g in self.plan.groupings):
            what = f"the groups of '{name}' are the values that the data have, and {method} must know them."
            yield Fault(path, what, "Write its levels, or use frequency or description.")

    def variable(self, ref: Reference, path: Place) -> Iterator[Fault]:
        """Yield a variable that the plan has not."""
        missing = list(one_of("dataset or derivation", ref.dataset, self.types, path))
        yield from missing
        if not missing and ref.variable not in self.types[ref.dataset]:
            # The core of a dataset is known; what a file has beyond it the plan describes.
            how = f"variables: - {{name: {ref.variable}}}"
            own = f"If the file has it, describe it: datasets: {ref.dataset}: {how}."
            fix = f"{suggest(ref.variable, self.types[ref.dataset])} {own if ref.dataset in self.plan.datasets else ''}"
            yield Fault(path, f"{ref.dataset} has no variable '{ref.variable}'.", fix.rstrip())

    def date(self, ref: Reference, path: Place) -> Iterator[Fault]:
        """Yield a variable that the plan has not, or that is no date."""
        missing = list(self.variable(ref, path))
        yield from missing
        if not missing and not self.may_be(ref, ["date"]):
            yield Fault(path, f"{ref} is not a date.", "Name a date of that dataset.")

    def clause(self, clause: WhereClause, path: Place) -> Iterator[Fault]:
        """Yield variables of a where-clause that the plan has not, and values that they can never have."""
        for c in conditions(clause):
            ref = Reference(dataset=c.dataset, variable=c.variable)
            missing = list(self.variable(ref, path))
            yield from missing
            if missing:
                continue
            ordered = c.comparator not in {Comparator.EQ, Comparator.NE, Comparator.IN, Comparator.NOTIN}
            if ordered and "" in c.value:
                yield Fault(path, f"{ref} cannot be {c.comparator} a missing value.", "Compare with a value.")
            yield from self.values(ref, c.value, path, ordered=ordered)

    def values(self, ref: Reference, values: Iterable[str], path: Place, *, ordered: bool = False) -> Iterator[Fault]:
        """Yield values that a variable can never have: they would count nobody without a word."""
        kind = self.type_of(ref)
        known = known_values(self.plan, ref)
        listed = ""
        if ref.dataset in self.plan.datasets:
            place = "parameters" if ref.variable == "PARAMCD" else f"variables, in the codelist of {ref.variable}"
            listed = f"If the data can have it, add it under datasets: {ref.dataset}: {place}."
        for value in filter(None, values):
            if kind in NUMBERS and not is_number(value):
                yield Fault(path, f"'{value}' is not a number, and {ref} is one.", "Write a number.")
            elif kind == "date" and not is_date(value):
                yield Fault(path, f"'{value}' is not a date, and {ref} is one.", "Write it as 2021-03-09.")
            elif known and not ordered and not any(same_code(value, k, number=kind in NUMBERS) for k in known):
                yield from one_of(f"{ref} value", value, known, path, listed)

    def of_one_dataset(self, clause: WhereClause | None, dataset: str, instead: str, path: Place) -> Iterator[Fault]:
        """Yield what a clause that chooses records of a dataset says of another one."""
        for other in sorted({c.dataset for c in conditions(clause)} - {dataset}) if clause is not None else ():
            what = f"the records are those of {dataset}, and the clause is about {other}."
            yield Fault(path, what, f"Choose subjects of other datasets by {instead}.")
