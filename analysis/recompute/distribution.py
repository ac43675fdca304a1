"""Subjects by category, by the second route: each level, then what is none of them."""

from collections.abc import Iterator

from analysis.recompute.trial.cells import equals
from analysis.recompute.trial.sample import CountSample, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.distribution import Distribution


def samples(cohort: Cohort, step: Distribution) -> Iterator[Sample]:
    """Yield the levels; then, where anybody analysed is so, who has another value, and who has none."""
    seen = {s: cohort.world.value(s, step.variable) for s in cohort.analysed}
    outside = {s for s, cell in seen.items() if not any(equals(cell, level) for level in step.levels)}
    absent = {s for s in outside if seen[s] is None}
    own = frozenset(cohort.subjects)
    of_all = step.percentages == "all"
    size = len(own) if of_all else len(own - absent)
    name = step.variable.variable
    for level in step.levels:
        count = sum(equals(seen[s], level) for s in own)
        yield CountSample(cohort.on(name, level), "distribution", count, size)
    if outside - absent:
        yield CountSample(cohort.on(name, step.other), "distribution", len(own & (outside - absent)), size)
    if absent:
        context = "distribution" if of_all else "not_recorded"
        yield CountSample(cohort.on(name, step.missing), context, len(own & absent), len(own), share=of_all)
