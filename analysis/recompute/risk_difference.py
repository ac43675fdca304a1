"""The difference of two shares by the second route: exact fractions, one square root."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist

from analysis.recompute.trial.compared import two_groups
from analysis.recompute.trial.crossed import crossing, level_name
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, NOTED, ROOT, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.risk_difference import RiskDifference

CONTEXT = "risk_difference"


@dataclass(frozen=True)
class TwoShares(Sample):
    """Subjects with a record, and all, of two groups."""

    first: tuple[int, int]
    second: tuple[int, int]
    step: RiskDifference

    def promises(self) -> Iterator[Promise]:
        """Yield the counts, the difference and its limits."""
        (x1, n1), (x2, n2) = self.first, self.second
        yield from self.give(CONTEXT, {"n.1": x1, "N.1": n1, "n.2": x2, "N.2": n2}, COUNTED)
        low: Value = None
        high: Value = None
        difference = None
        if n1 and n2:
            difference = Fraction(x1, n1) - Fraction(x2, n2)
            variance = Fraction(x1 * (n1 - x1), n1**3) + Fraction(x2 * (n2 - x2), n2**3)
            z = self.step.quantile or NormalDist().inv_cdf((1 + self.step.conf_level) / 2)
            half = z * math.sqrt(variance)
            low, high = max(-1.0, float(difference) - half), min(1.0, float(difference) + half)
        yield from self.give(CONTEXT, {"estimate": difference}, FRACTIONS)
        yield from self.give(CONTEXT, {"conf.low": low, "conf.high": high}, ROOT)
        yield from self.give(CONTEXT, {"conf.level": self.step.conf_level}, NOTED)


def samples(cohort: Cohort, step: RiskDifference) -> Iterator[Sample]:
    """Yield both groups for each group within groups."""
    groups = [frozenset(g.subjects) for g in two_groups(cohort, step)]
    records = crossing(cohort, step)
    for labels in records.groups:
        counts = [(len({f.subject for f in records.of(labels, own)}), len(own)) for own in groups]
        place = replace(cohort.on("USUBJID", level_name(labels)), group1=step.by)
        yield TwoShares(place, counts[0], counts[1], step)
