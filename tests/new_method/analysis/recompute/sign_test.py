"""The sign test by the second route: sequences of signs counted one by one, in exact fractions."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from sap.methods.sign_test import SignTest

from analysis.recompute.trial.cells import exact
from analysis.recompute.trial.described import values_of
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, NOTED, Promise, Sample, Value
from analysis.recompute.trial.world import Cohort
from analysis.results.ard import number_text

SIGNS = "sequences of signs, counted"


@dataclass(frozen=True)
class SignsSample(Sample):
    """Values, those of all subjects, and the number they are held against."""

    values: tuple[Fraction, ...]
    size: int
    step: SignTest

    def promises(self) -> Iterator[Promise]:
        """Yield the counts, the test, and the median with its interval."""
        versus, alpha = exact(self.step.versus), 1 - exact(self.step.conf_level)
        above, below = sum(v > versus for v in self.values), sum(v < versus for v in self.values)
        tied = len(self.values) - above - below
        counts: dict[str, Value] = {"N": self.size, "n.above": above, "n.below": below, "n.tied": tied}
        yield from self.give("sign_test", counts, COUNTED)
        p = min(Fraction(1), 2 * at_most(min(above, below), above + below)) if above + below else None
        yield from self.give("sign_test", {"p.value": p}, SIGNS)
        ordered = sorted(self.values)
        k = sum(2 * at_most(i, len(ordered)) <= alpha for i in range(len(ordered) // 2))
        median = statistics.median(ordered) if ordered else None
        yield from self.give("sign_median", {"estimate": median}, FRACTIONS)
        limits: dict[str, Value] = {"conf.low": ordered[k - 1] if k else None, "conf.high": ordered[-k] if k else None}
        yield from self.give("sign_median", limits, SIGNS)
        yield from self.give("sign_median", {"conf.level": self.step.conf_level}, NOTED)


def at_most(k: int, n: int) -> Fraction:
    """Return the share of sequences of n signs with at most k of one kind."""
    return Fraction(sum(comb(n, i) for i in range(k + 1)), 2**n)


def samples(cohort: Cohort, step: SignTest) -> Iterator[Sample]:
    """Yield the values of the subjects."""
    values = values_of(cohort, step.variable).values
    place = cohort.on(step.variable.variable, number_text(step.versus))
    yield SignsSample(place, values, len(cohort.subjects), step)
