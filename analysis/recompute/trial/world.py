"""The trial as records: source and derived datasets, who is in a set, who is in a group."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from analysis.data.load import Study
from analysis.recompute.trial.cutoff import known_at_cutoff
from analysis.recompute.trial.derived import derive
from analysis.recompute.trial.records import Cell, NoRouteError, Record, Records, to_records
from analysis.recompute.trial.where import equals, subject_meets
from sap.model.clause import WhereClause
from sap.model.part import Reference
from sap.model.sets import Grouping, GroupLevel
from sap.plan.plan import Plan


@dataclass(frozen=True)
class World:
    """A plan and the records it speaks of."""

    plan: Plan
    datasets: Mapping[str, Records]
    """Source and derived datasets by name."""
    use: Mapping[str, str] = field(default_factory=dict)
    """Derivations that take the place of others, as a sensitivity analysis asks."""

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
            raise NoRouteError(f"{reference} has several values a subject")
        return found[0].get(reference.variable) if found else None

    def in_group(self, grouping: Grouping, level: GroupLevel, among: tuple[str, ...]) -> tuple[str, ...]:
        """Return the subjects of one level of a grouping."""
        return tuple(s for s in among if any(equals(self.value(s, grouping.variable), value) for value in level.values))


def build(study: Study) -> World:
    """Return the world of a study."""
    sources = known_at_cutoff(study.plan, {name: to_records(frame) for name, frame in study.data.items()})
    derived: dict[str, Records] = {}
    for derivation in study.plan.derivations:
        by_subject: dict[str, tuple[Record, ...]] = {}
        for subject, rows in sources["ADSL"].by_subject.items():
            values = derive(study.plan, derivation, rows[0], partial(_own, sources, subject))
            by_subject[subject] = ({"USUBJID": subject, **values},)
        derived[derivation.id] = Records(by_subject)
    return World(study.plan, {**sources, **derived})


def _own(datasets: Mapping[str, Records], subject: str, name: str) -> tuple[Record, ...]:
    return datasets[name].of(subject)
