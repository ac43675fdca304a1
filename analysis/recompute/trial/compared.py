"""Groups of subjects that are compared and the stratum of each subject, for the second route."""

from analysis.recompute.trial.world import Cohort
from sap.model.comparison import Stratified, TwoGroups


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
