"""A proportion by the second route: its limits by bisection on exact tail sums."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.recompute.exact.beta import lower_limit, upper_limit
from analysis.recompute.trial.cells import equals, exact
from analysis.recompute.trial.sample import COUNTED, FRACTIONS, NOTED, Promise, RJob, Sample, share
from analysis.recompute.trial.world import Cohort
from sap.methods.binomial import Binomial

BISECTED = "bisection on the exact binomial tail sum"


@dataclass(frozen=True)
class BinomialSample(Sample):
    """Subjects with an event among all, and the interval that was planned."""

    count: int
    size: int
    step: Binomial

    def promises(self) -> Iterator[Promise]:
        """Yield the proportion and its limits."""
        k, n, level = self.count, self.size, self.step.conf_level
        tail = float(1 - exact(level))
        yield from self.give("proportion", {"n": k, "N": n}, COUNTED)
        yield from self.give("proportion", {"estimate": share(k, n)}, FRACTIONS)
        low, high = (lower_limit(k, n, tail / 2), upper_limit(k, n, tail / 2)) if n else (None, None)
        yield from self.give("proportion", {"conf.low": low, "conf.high": high}, BISECTED)
        yield from self.give("proportion", {"conf.level": level}, NOTED)
        if self.step.upper_bound:
            bound = upper_limit(k, n, tail) if n else None
            yield from self.give("proportion_upper_bound", {"conf.high": bound}, BISECTED)
            yield from self.give("proportion_upper_bound", {"conf.level": level}, NOTED)

    def for_r(self) -> RJob:
        """Return the counts."""
        return RJob(
            kind="binomial",
            count=self.count,
            size=self.size,
            conf_level=self.step.conf_level,
            upper_bound=int(self.step.upper_bound),
        )


def samples(cohort: Cohort, step: Binomial) -> Iterator[Sample]:
    """Yield who had the event among all subjects."""
    cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
    count = sum(any(equals(c, e) for e in step.event) for c in cells)
    yield BinomialSample(cohort.on(step.variable.variable, " / ".join(step.event)), count, len(cells), step)
