"""Subjects with records by the second route: each record asked which groups it is in, each subject counted once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.recompute.trial.crossed import crossing, level_name
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, Promise, Sample, share
from analysis.recompute.trial.world import Cohort
from sap.methods.frequency import Frequency

CONTEXT = "frequency"


@dataclass(frozen=True)
class FrequencySample(Sample):
    """Whose the records of a group are, and of how many subjects."""

    owners: tuple[str, ...]
    size: int

    def promises(self) -> Iterator[Promise]:
        """Yield the subjects, of how many, their share, and the records."""
        having = len(set(self.owners))
        yield from self.give(CONTEXT, {"n": having, "N": self.size, "records": len(self.owners)}, COUNTED)
        yield from self.give(CONTEXT, {"p": share(having, self.size)}, FRACTIONS)


def samples(cohort: Cohort, step: Frequency) -> Iterator[Sample]:
    """Yield the owners of the records of each group within groups."""
    records, own, size = crossing(cohort, step), frozenset(cohort.subjects), _size(cohort, step)
    for labels in records.groups:
        owners = tuple(f.subject for f in records.of(labels, own))
        yield FrequencySample(cohort.on("USUBJID", level_name(labels)), owners, size)


def _size(cohort: Cohort, step: Frequency) -> int:
    """Return how many subjects are the 100%."""
    if step.denominator is None:
        return len(cohort.subjects)
    world, plan = cohort.world, cohort.world.plan
    other = plan.analysis(step.denominator)
    inside = world.members(plan.set_of(other.analysis_set).where, world.subjects)
    if other.data_subset is not None:
        inside = world.members(other.data_subset, inside)
    first, among = other.steps[0], replace(cohort, subjects=inside, analysed=inside)
    if isinstance(first, Frequency):
        having = {f.subject for f in crossing(among, first).found}
        inside = tuple(s for s in inside if s in having)
        among = replace(among, subjects=inside)
    if step.by is None:
        return len(inside)
    same = (g for g in among.groups(step.by) if g.place.group1_level == cohort.place.group1_level)
    return len(next(same).subjects)
