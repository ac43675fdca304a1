"""Groups of subjects that are compared, and the stratum of each subject."""

from analysis.data.sample import Sample
from sap.model.comparison import Stratified, TwoGroups
from sap.model.step import AND_WITHIN


def two_groups(step: TwoGroups, sample: Sample) -> dict[str, Sample]:
    """Return the samples of the two groups by label, the reference last."""
    groups = sample.group(sample.plan.grouping(step.by))
    return {label: groups[label] for label in step.compared(sample.plan)}


def strata_of(step: Stratified, sample: Sample) -> dict[str, str]:
    """Return the stratum of each subject that has one: of each grouping its first group, one empty name without any.

    A subject in no group of one of the groupings has no stratum, and no place in a stratified comparison.
    """
    found = dict.fromkeys(sample.subjects, "")
    for i, named in enumerate(step.strata):
        own: dict[str, str] = {}
        for label, group in sample.group(sample.plan.grouping(named)).items():
            own |= {s: label for s in group.subjects if s not in own}
        found = {s: f"{before}{AND_WITHIN if i else ''}{own[s]}" for s, before in found.items() if s in own}
    return found
