"""The trial as records: source and derived datasets, who is in a set or a group, and the subjects a step is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import partial

from analysis.recompute.trial.cells import (
    Cell,
    NoRouteError,
    Record,
    Table,
    a_date,
    a_number,
    cell_words,
    equals,
    numbers_first,
    record_meets,
    subject_meets,
)
from analysis.recompute.trial.cutoff import known_at_cutoff
from analysis.recompute.trial.derived import derive
from analysis.recompute.trial.sample import Place
from sap.model.clause import WhereClause, parts_about
from sap.model.part import Reference
from sap.model.sets import Grouping, GroupLevel
from sap.model.step import FIRST_TREATMENT
from sap.plan.plan import Plan


@dataclass(frozen=True)
class World:
    """A plan and the records it speaks of."""

    plan: Plan
    datasets: Mapping[str, Table]
    """Source and derived datasets by name."""
    use: Mapping[str, str] = field(default_factory=dict)
    """Derivations that take the place of others, as a sensitivity analysis asks."""
    subset: WhereClause | None = None
    """The subset of an analysis: where a subject has several records, those it means are looked at."""

    def with_use(self, use: Mapping[str, str]) -> "World":
        """Return the same world in which some derivations take the place of others."""
        return replace(self, use=dict(use))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every subject of ADSL."""
        return tuple(self.datasets["ADSL"].by_subject)

    def resolve(self, dataset: str) -> str:
        """Return the name of the dataset that is read when the plan names one."""
        return self.use.get(dataset, dataset)

    def records(self, subject: str, dataset: str) -> tuple[Record, ...]:
        """Return the records of a subject in a dataset."""
        return self.datasets[self.resolve(dataset)].of(subject)

    def members(self, clause: WhereClause, among: tuple[str, ...]) -> tuple[str, ...]:
        """Return the subjects who meet a clause."""
        return tuple(s for s in among if subject_meets(partial(self.records, s), clause))

    def value(self, subject: str, reference: Reference) -> Cell:
        """Return a subject's value of a variable."""
        found = self.records(subject, reference.dataset)
        if len(found) > 1:
            parts = parts_about(self.subset, reference.dataset)
            found = tuple(r for r in found if all(record_meets(r, part) for part in parts))
        if len(found) > 1:
            raise NoRouteError(f"{reference} has several values a subject")
        return found[0].get(reference.variable) if found else None

    def in_group(self, grouping: Grouping, level: GroupLevel, among: tuple[str, ...]) -> tuple[str, ...]:
        """Return the subjects of one level of a grouping."""
        if level.where is None and not self.several(grouping.variable.dataset):
            return tuple(
                s for s in among if any(equals(self.value(s, grouping.variable), value) for value in level.values)
            )
        return self.members(grouping.clause(level), among)

    def several(self, dataset: str) -> bool:
        """Return whether a subject has several records in a dataset."""
        return any(len(rows) > 1 for rows in self.datasets[self.resolve(dataset)].by_subject.values())

    def levels(self, grouping: Grouping, among: tuple[str, ...]) -> tuple[GroupLevel, ...]:
        """Return the levels of a grouping; one a value that subjects have, where the plan names none."""
        if grouping.levels:
            return grouping.levels
        about = grouping.variable
        cells = {cell_words(r.get(about.variable)) for s in among for r in self.records(s, about.dataset)} - {""}
        return tuple(GroupLevel(label=c, values=(c,)) for c in sorted(cells, key=numbers_first))


def build(plan: Plan, records: Mapping[str, Table]) -> World:
    """Return the world of a plan and the records of its datasets."""
    sources = known_at_cutoff(plan, records)
    derived: dict[str, Table] = {}
    for derivation in plan.derivations:
        by_subject: dict[str, tuple[Record, ...]] = {}
        for subject, rows in sources["ADSL"].by_subject.items():
            values = derive(plan, derivation, rows[0], partial(_own, sources, subject))
            by_subject[subject] = ({"USUBJID": subject, **values},)
        derived[derivation.id] = Table(by_subject)
    return World(plan, {**sources, **derived})


def _own(datasets: Mapping[str, Table], subject: str, name: str) -> tuple[Record, ...]:
    return datasets[name].of(subject)


@dataclass(frozen=True)
class Cohort:
    """The subjects a step is about, and where its results belong."""

    world: World
    """The plan and its records."""
    place: Place
    """Where the results belong."""
    subjects: tuple[str, ...]
    """Those of the analysis, or of one group."""
    analysed: tuple[str, ...]
    """Those of the analysis, in a group as well."""

    def on(self, variable: str, level: str = "") -> Place:
        """Return where results of a variable belong."""
        return replace(self.place, variable=variable, variable_level=level)

    def number(self, subject: str, dataset: str, variable: str) -> Fraction | None:
        """Return a subject's value of a variable that must be a number or missing."""
        return a_number(self.world.value(subject, Reference(dataset=dataset, variable=variable)))

    def first_treatment(self, subject: str) -> date | None:
        """Return the day from which days since first treatment are counted."""
        return a_date(self.world.value(subject, FIRST_TREATMENT))

    def groups(self, by: str) -> tuple["Cohort", ...]:
        """Return the groups of a grouping of the plan, in its order."""
        grouping = self.world.plan.grouping(by)
        return tuple(
            replace(
                self,
                place=replace(self.place, group1=by, group1_level=level.label),
                subjects=self.world.in_group(grouping, level, self.subjects),
            )
            for level in self.world.levels(grouping, self.analysed)
        )
