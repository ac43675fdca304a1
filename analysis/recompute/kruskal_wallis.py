"""Several groups by the second route: ranks by counting, every assignment listed, all in fractions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from analysis.recompute.exact.chi_square import upper_tail
from analysis.recompute.trial.described import values_of
from analysis.recompute.trial.sample import FRACTIONS, Promise, RJob, Sample, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.kruskal_wallis import KruskalWallis

CONTEXT = "kruskal_wallis"
LISTED = "every assignment listed"
SERIES = "tail of chi-square by its series"


@dataclass(frozen=True)
class GroupsSample(Sample):
    """The values of each group."""

    groups: tuple[tuple[Fraction, ...], ...]
    step: KruskalWallis

    def promises(self) -> Iterator[Promise]:
        """Yield the statistic, its degrees of freedom and p."""
        pooled = [v for group in self.groups for v in group]
        if not all(self.groups) or len(set(pooled)) == 1:
            yield from self.give(CONTEXT, dict.fromkeys(("statistic", "parameter", "p.value")), FRACTIONS)
            return
        # Twice the place of a value among all, less what every place has on average: whole numbers that add up to 0.
        place = {v: sum((w < v) - (w > v) for w in pooled) for v in set(pooled)}
        places = [place[v] for v in pooled]
        sizes = [len(group) for group in self.groups]
        observed = _spread([sum(place[v] for v in group) for group in self.groups], sizes)
        statistic = (len(pooled) - 1) * observed / sum(p * p for p in places)
        df = len(sizes) - 1
        p: Value = upper_tail(float(statistic), df)
        listed = math.factorial(len(pooled)) // math.prod(math.factorial(n) for n in sizes) <= self.step.exact_up_to
        if listed:
            each = [_spread(sums, sizes) >= observed for sums in _assigned(places, sizes)]
            p = Fraction(sum(each), len(each))
        yield from self.give(CONTEXT, {"statistic": statistic, "parameter": df}, FRACTIONS)
        yield from self.give(CONTEXT, {"p.value": p}, LISTED if listed else SERIES)

    def for_r(self) -> RJob:
        """Return the values, each with its group."""
        values = tuple((v, "", i) for i, group in enumerate(self.groups, 1) for v in group)
        return RJob(
            kind="kruskal", count=len(self.groups), size=len(values), option=str(self.step.exact_up_to), values=values
        )


def _spread(sums: Sequence[int], sizes: Sequence[int]) -> Fraction:
    return sum((Fraction(s * s, n) for s, n in zip(sums, sizes, strict=True)), Fraction(0))


def _assigned(places: Sequence[int], sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the sums of the groups in every way to fill them."""
    if len(sizes) == 1:
        yield (sum(places),)
        return
    for chosen in combinations(range(len(places)), sizes[0]):
        left = [p for i, p in enumerate(places) if i not in chosen]
        for others in _assigned(left, sizes[1:]):
            yield (sum(places[i] for i in chosen), *others)


def samples(cohort: Cohort, step: KruskalWallis) -> Iterator[Sample]:
    """Yield the values of each group, then all together."""
    groups = [values_of(group, step.variable) for group in cohort.groups(step.by)]
    yield from groups
    place = replace(cohort.on(step.variable.variable), group1=step.by)
    yield GroupsSample(place, tuple(g.values for g in groups), step)
