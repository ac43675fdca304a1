"""A description by the second route: sums of exact fractions."""

from collections.abc import Iterator

from analysis.recompute.trial.described import values_of
from analysis.recompute.trial.sample import Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.summary import Summary


def samples(cohort: Cohort, step: Summary) -> Iterator[Sample]:
    """Yield the values of the subjects."""
    yield values_of(cohort, step.variable)
