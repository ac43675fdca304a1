"""Groups of subjects that are compared, the stratum of each and what else is read of them, for the second route."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.trial.cells import Cell, cell_words, numbers_first
from analysis.recompute.trial.world import Cohort
from sap.model.comparison import Comparison, Stratified, TwoGroups
from sap.model.part import Reference


def two_groups(cohort: Cohort, step: TwoGroups) -> tuple[Cohort, Cohort]:
    """Return the two groups that are compared, the reference last."""
    groups = {g.place.group1_level: g for g in cohort.groups(step.by)}
    first, second = step.compared(cohort.world.plan)
    return groups[first], groups[second]


def stratum(cohort: Cohort, step: Stratified, subject: str) -> tuple[str, ...] | None:
    """Return the groups a subject is in, one a stratifying grouping; None where it is in none of one of them."""
    found = []
    for named in step.strata:
        grouping = cohort.world.plan.grouping(named)
        levels = cohort.world.levels(grouping, cohort.analysed)
        inside = [v.label for v in levels if subject in cohort.world.in_group(grouping, v, (subject,))]
        if not inside:
            return None
        found.append(inside[0])
    return tuple(found)


@dataclass(frozen=True)
class Timed:
    """A subject of a comparison: its time, whether that ended in the event, its group, stratum and covariates."""

    time: Fraction
    event: bool
    group: int
    stratum: tuple[str, ...]
    covariates: tuple[Cell, ...] = ()


def timed(
    groups: Sequence[Cohort], step: Comparison, data: str, covariates: Sequence[Reference] = ()
) -> tuple[Timed, ...]:
    """Return the subjects of some groups who have a time, a stratum and every covariate; of two groups, the first."""
    found: dict[str, Timed] = {}
    for position, group in enumerate(groups):
        for subject in group.subjects:
            time, censored = (group.number(subject, data, name) for name in ("AVAL", "CNSR"))
            within = stratum(group, step, subject) if isinstance(step, Stratified) else ()
            values = tuple(group.world.value(subject, c) for c in covariates)
            if subject in found or time is None or censored is None or within is None or None in values:
                continue
            found[subject] = Timed(time, censored == 0, position, within, values)
    return tuple(found.values())


def coded(subjects: Sequence[Timed]) -> list[list[Fraction]]:
    """Return the covariates of each subject as numbers: a text by an indicator of each value but the first."""
    rows: list[list[Fraction]] = [[] for _ in subjects]
    for column in zip(*(s.covariates for s in subjects), strict=True):
        if all(isinstance(v, int | Fraction | float) for v in column):
            for row, v in zip(rows, column, strict=True):
                row.append(Fraction(v))
            continue
        words = [cell_words(v) for v in column]
        for level in sorted(set(words), key=numbers_first)[1:]:
            for row, word in zip(rows, words, strict=True):
                row.append(Fraction(word == level))
    return rows
