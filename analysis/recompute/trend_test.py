"""A trend of proportions by the second route: every table with the same margins counted in whole numbers."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.recompute.trial.cells import equals, exact
from analysis.recompute.trial.sample import FRACTIONS, CountSample, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.trend_test import TrendTest

CONTEXT = "trend_test"
COUNTED = "tables with the same margins, group by group, counted in whole numbers"


@dataclass(frozen=True)
class TrendSample(Sample):
    """Events, subjects and score of each group."""

    groups: tuple[tuple[int, int, Fraction], ...]

    def promises(self) -> Iterator[Promise]:
        """Yield the test by chi-square and its exact p-values."""
        own = [g for g in self.groups if g[1]]
        x, n = sum(g[0] for g in own), sum(g[1] for g in own)
        found: dict[str, Value] = dict.fromkeys(("statistic", "p.value", "p.value.exact", "p.value.increasing"))
        if len({s for *_, s in own}) > 1 and 0 < x < n:
            observed = sum((s * k for k, _, s in own), Fraction(0))
            first = sum((s * m for _, m, s in own), Fraction(0))
            second = sum((s * s * m for _, m, s in own), Fraction(0))
            share = Fraction(x, n)
            chi = (observed - share * first) ** 2 / (share * (1 - share) * (second - first**2 / n))
            ways: Counter[tuple[int, Fraction]] = Counter({(0, Fraction(0)): 1})
            for _, m, s in own:
                further: Counter[tuple[int, Fraction]] = Counter()
                for (had, total), number in ways.items():
                    for k in range(min(m, x - had) + 1):
                        further[had + k, total + k * s] += number * math.comb(m, k)
                ways = further
            sums = {total: number for (had, total), number in ways.items() if had == x}
            far = sum(v for t, v in sums.items() if abs(t - share * first) >= abs(observed - share * first))
            above = sum(v for t, v in sums.items() if t >= observed)
            everything = math.comb(n, x)
            found = {
                "statistic": chi,
                "p.value": math.erfc(math.sqrt(float(chi) / 2)),
                "p.value.exact": Fraction(far, everything),
                "p.value.increasing": Fraction(above, everything),
            }
        for name, value in found.items():
            yield from self.give(CONTEXT, {name: value}, COUNTED if name.startswith("p.value.") else FRACTIONS)

    def for_r(self) -> RJob:
        """Return events and subjects of each group, with its score."""
        rows = tuple((s, k, m) for k, m, s in self.groups)
        return RJob(kind="trend", size=sum(m for _, m, _ in self.groups), values=rows)

    def level_by_r(self, level: str) -> str:
        """Return the event, which R does not know."""
        return self.place.variable_level or level


def samples(cohort: Cohort, step: TrendTest) -> Iterator[Sample]:
    """Yield each group, then all of them."""
    level, about = " / ".join(step.event), step.variable
    found = []
    for i, group in enumerate(cohort.groups(step.by)):
        cells = [group.world.value(s, about) for s in group.subjects]
        had = sum(any(equals(cell, value) for value in step.event) for cell in cells)
        yield CountSample(group.on(about.variable, level), CONTEXT, had, len(cells))
        found.append((had, len(cells), exact(step.scores[i]) if step.scores else Fraction(i + 1)))
    yield TrendSample(replace(cohort.on(about.variable, level), group1=step.by), tuple(found))
