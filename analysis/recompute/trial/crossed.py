"""Records by groups within groups, for the second route: each record asked which groups it is in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product

from analysis.recompute.trial.cells import Record, cell_words, numbers_first, record_meets, subject_meets
from analysis.recompute.trial.world import Cohort, World
from sap.model.clause import AllOf, Condition, Not, WhereClause, conditions
from sap.model.sets import Grouping
from sap.model.step import AND_WITHIN, OnRecords

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A record that counts: whose it is, and the groups of each grouping it belongs to."""

    subject: str
    record: Record
    labels: tuple[Labels, ...]

    @property
    def groups(self) -> frozenset[Labels]:
        """The groups within groups it belongs to."""
        return frozenset(product(*self.labels))


@dataclass(frozen=True)
class Crossing:
    """The records of a step, and every group within groups that its results are about."""

    found: tuple[Found, ...]
    groups: tuple[Labels, ...]

    def of(self, labels: Labels, subjects: frozenset[str]) -> tuple[Found, ...]:
        """Return the records of a group that some subjects have."""
        return tuple(f for f in self.found if labels in f.groups and f.subject in subjects)


def level_name(labels: Labels) -> str:
    """Return how the results call a group within groups."""
    return AND_WITHIN.join(labels)


def crossing(cohort: Cohort, step: OnRecords) -> Crossing:
    """Return the records of the whole analysis that a step is about."""
    world = cohort.world
    groupings = [world.plan.grouping(name) for name in step.within]
    found = tuple(
        Found(subject, record, tuple(tuple(_labels(world, subject, record, step.dataset, g)) for g in groupings))
        for subject in cohort.analysed
        for record in world.records(subject, step.dataset)
        if step.where is None or meets_all(world, subject, record, step.dataset, step.where)
    )
    return Crossing(found, tuple(_order(groupings, found)))


def meets_all(world: World, subject: str, record: Record, dataset: str, clause: WhereClause) -> bool:
    """Return whether a record meets a clause; what is said of another dataset is asked of the subject."""
    named = {c.dataset for c in conditions(clause)}
    if named == {dataset}:
        return record_meets(record, clause)
    if isinstance(clause, Not):
        return not meets_all(world, subject, record, dataset, clause.clause)
    if len(named) == 1 or isinstance(clause, Condition):
        return subject_meets(partial(world.records, subject), clause)
    parts = (meets_all(world, subject, record, dataset, part) for part in clause.clauses)
    return all(parts) if isinstance(clause, AllOf) else any(parts)


def _labels(world: World, subject: str, record: Record, dataset: str, grouping: Grouping) -> Iterator[str]:
    for level in grouping.levels:
        if meets_all(world, subject, record, dataset, grouping.clause(level)):
            yield level.label
    if not grouping.levels:
        about = grouping.variable
        rows = (record,) if about.dataset == dataset else world.records(subject, about.dataset)[:1]
        yield from filter(None, (cell_words(r.get(about.variable)) for r in rows))


def _order(groupings: list[Grouping], found: tuple[Found, ...]) -> list[Labels]:
    """Return the groups: where the plan names levels all of them, with every choice of values that occurs elsewhere."""
    named: list[Mapping[str, int]] = [{v.label: i for i, v in enumerate(g.levels)} for g in groupings]
    occurring = {
        values
        for f in found
        for values in product(*(("",) if n else own for n, own in zip(named, f.labels, strict=True)))
    }
    if all(named):
        occurring = {("",) * len(groupings)}
    filled = {
        labels
        for values in occurring
        for labels in product(*(n or (value,) for n, value in zip(named, values, strict=True)))
    }

    def place(labels: Labels) -> list[tuple[int, Fraction, str]]:
        pairs = zip(named, labels, strict=True)
        return [(0, Fraction(n[label]), "") if n else numbers_first(label) for n, label in pairs]

    return sorted(filled, key=place)
