"""How many subjects are in each category."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from analysis.data.sample import Block, Sample, counts_and_shares
from analysis.results.ard import Statistic
from analysis.steps import Level, Method
from sap.methods.distribution import NOT_RECORDED, Distribution
from sap.model.clause import Comparator
from sap.plan.plan import Plan


def distribution(step: Distribution, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of each level the plan lists; of other values, and of none, where there are any.

    N is the number of subjects in the sample, or of those with a value where the plan says so: those without one are
    then a context of their own, among all subjects and without a percentage. Of a group, what anybody in the analysis
    has is counted.
    """
    everybody = replace(sample, subjects=sample.whole)
    listed, empty = everybody.has(step.variable, step.levels), everybody.codes(step.variable) == ""
    own = list(sample.subjects)
    counts = {level: int(sample.has(step.variable, (level,)).sum()) for level in step.levels}
    if (~listed & ~empty).any():
        counts[step.other] = int((~listed & ~empty)[own].sum())
    missing = {step.missing: int((empty & ~listed)[own].sum())} if (empty & ~listed).any() else {}
    about = Block(step.variable.variable, "distribution", "Counts and percentages")
    if step.percentages == "all":
        return counts_and_shares(about, counts | missing, sample)
    name = f"{sample.name} with a value of {step.variable}"
    of_recorded = replace(sample, subjects=_recorded(step, sample), name=name)
    without = counts_and_shares(Block(step.variable.variable, NOT_RECORDED, "Counts"), missing, sample)
    return [*counts_and_shares(about, counts, of_recorded), *(s for s in without if s.stat_name != "p")]


def _recorded(step: Distribution, sample: Sample) -> tuple[str, ...]:
    """Return the subjects of whom a distribution gives percentages: all, or those with a value."""
    if step.percentages == "all" or "" in step.levels:
        return sample.subjects
    values = sample.codes(step.variable)
    return tuple(s for s in sample.subjects if values[s])


def _entered(step: Distribution, sample: Sample) -> Mapping[str, tuple[str, ...]]:
    """Return who is counted; where those are not all of the analysis, all entered the number of the others."""
    found, whole = {"": _recorded(step, sample)}, replace(sample, subjects=sample.whole)
    return found if _recorded(step, whole) == whole.subjects else found | {step.missing: sample.subjects}


def _planned_levels(step: Distribution, _plan: Plan, _dataset: str) -> tuple[Level, ...]:
    listed = (Level(v, v, Comparator.EQ, (v,)) for v in step.levels)
    other = Level(step.other, step.other, Comparator.NOTIN, tuple(dict.fromkeys((*step.levels, ""))))
    absent = () if "" in step.levels else (Level(step.missing, step.missing, Comparator.EQ, ("",)),)
    return (*listed, other, *absent)


METHOD: Final = Method(
    statistics=distribution,
    entered=_entered,
    levels="category",
    planned_levels=_planned_levels,
    data_contexts=("distribution", NOT_RECORDED),
)
