"""How many subjects are in each category, or met each criterion."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.data.dlt import SEPARATOR
from analysis.data.sample import Block, Sample
from analysis.results.ard import Statistic
from analysis.results.entered_file import NOT_RECORDED
from sap.methods.criteria import Criteria
from sap.methods.distribution import Distribution
from sap.model.part import Reference


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
    about = (step.variable.variable, "distribution", "Counts and percentages")
    if step.percentages == "all":
        return _counted(*about, counts | missing, sample)
    name = f"{sample.name} with a value of {step.variable}"
    of_recorded = replace(sample, subjects=recorded(step, sample), name=name)
    without = _counted(step.variable.variable, NOT_RECORDED, "Counts", missing, sample)
    return [*_counted(*about, counts, of_recorded), *(s for s in without if s.stat_name != "p")]


def recorded(step: Distribution, sample: Sample) -> tuple[str, ...]:
    """Return the subjects of whom a distribution gives percentages: all, or those with a value."""
    if step.percentages == "all" or "" in step.levels:
        return sample.subjects
    values = sample.codes(step.variable)
    return tuple(s for s in sample.subjects if values[s])


def criteria(step: Criteria, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of subjects who met each criterion of a rule; a subject may meet several."""
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [set(str(v).split(SEPARATOR)) for v in sample.column(reference).fillna("")]
    counts = {c.id: sum(c.id in m for m in met) for c in sample.rule(step.data).criteria}
    return _counted(reference.variable, "criteria", "Counts and percentages; not exclusive", counts, sample)


def _counted(variable: str, context: str, method: str, counts: Mapping[str, int], sample: Sample) -> list[Statistic]:
    total = len(sample.subjects)
    reason = f"there are no subjects in {sample.name}" if total == 0 else None
    stats = []
    for level, n in counts.items():
        block = Block(variable, context, method, level)
        stats += [
            block.stat("n", "Subjects", n, "xx"),
            block.stat("N", "Subjects in the set", total, "xx"),
            block.stat("p", "Percentage", n / total if total else None, "xx.x%", reason=reason),
        ]
    return stats
