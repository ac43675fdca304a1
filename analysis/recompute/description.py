"""A quantity in records by the second route: sums of exact fractions, and shares of the ordered values."""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.trial.cells import a_number
from analysis.recompute.trial.crossed import crossing, level_name
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, ROOT, Promise, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.description import Description

CONTEXT = "description"
QUARTER = Fraction(1, 4)


@dataclass(frozen=True)
class RecordValues(Sample):
    """Values of records, and how many have none."""

    values: tuple[Fraction, ...]
    n_missing: int

    def promises(self) -> Iterator[Promise]:
        """Yield the description."""
        values = tuple(sorted(self.values))
        yield from self.give(CONTEXT, {"n": len(values), "n.missing": self.n_missing}, COUNTED)
        spread = math.sqrt(statistics.variance(values)) if len(values) > 1 else None
        yield from self.give(CONTEXT, {"sd": spread}, ROOT)
        shares = {"p25": QUARTER, "median": 2 * QUARTER, "p75": 3 * QUARTER}
        found = {name: _below(values, part) if values else None for name, part in shares.items()}
        ends = {"min": values[0], "max": values[-1]} if values else {"min": None, "max": None}
        mean = statistics.mean(values) if values else None
        yield from self.give(CONTEXT, {"mean": mean, **found, **ends}, FRACTIONS)


def _below(ordered: tuple[Fraction, ...], part: Fraction) -> Fraction:
    """Return the value with a share at or below it; between two of them their mean."""
    reached = part * len(ordered)
    at = int(reached)
    return ordered[at] if reached > at else (ordered[at - 1] + ordered[at]) / 2


def samples(cohort: Cohort, step: Description) -> Iterator[Sample]:
    """Yield the values of each group within groups."""
    records, own = crossing(cohort, step), frozenset(cohort.subjects)
    for labels in records.groups:
        cells = [a_number(f.record.get(step.variable)) for f in records.of(labels, own)]
        present = tuple(c for c in cells if c is not None)
        yield RecordValues(cohort.on(step.variable, level_name(labels)), present, len(cells) - len(present))
