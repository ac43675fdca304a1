"""A description by the second route: sums of exact fractions."""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.trial.cells import a_number
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, ROOT, Promise, RJob, Sample
from analysis.recompute.trial.world import Cohort
from sap.model.part import Reference


@dataclass(frozen=True)
class ValuesSample(Sample):
    """Values of a quantity, and how many subjects have none."""

    values: tuple[Fraction, ...]
    n_missing: int

    def promises(self) -> Iterator[Promise]:
        """Yield the description."""
        values = self.values
        yield from self.give("summary", {"n": len(values), "n.missing": self.n_missing}, COUNTED)
        yield from self.give("summary", {"mean": statistics.mean(values) if values else None}, FRACTIONS)
        yield from self.give("summary", {"sd": spread(values)}, ROOT)
        ends = {"min": min(values, default=None), "max": max(values, default=None)}
        median = statistics.median(values) if values else None
        yield from self.give("summary", {"median": median, **ends}, FRACTIONS)
        yield from self.give("summary", {"N": len(values) + self.n_missing}, COUNTED)

    def for_r(self) -> RJob:
        """Return the values."""
        return RJob(kind="values", size=len(self.values), values=tuple((v, "", "") for v in self.values))


def spread(values: tuple[Fraction, ...]) -> float | None:
    """Return the standard deviation; None of fewer than two values."""
    return math.sqrt(statistics.variance(values)) if len(values) > 1 else None


def values_of(cohort: Cohort, reference: Reference) -> ValuesSample:
    """Return the values of a quantity, and how many subjects have none."""
    numbers = [a_number(cohort.world.value(s, reference)) for s in cohort.subjects]
    present = tuple(n for n in numbers if n is not None)
    return ValuesSample(cohort.on(reference.variable), present, len(numbers) - len(present))
