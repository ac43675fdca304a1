"""Two groups by the second route: every arrangement of the values counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.recompute.exact.arrangements import Arrangements, TooManyError, effect_limits, middle_shift, wins
from analysis.recompute.trial.cells import exact
from analysis.recompute.trial.compared import two_groups
from analysis.recompute.trial.described import values_of
from analysis.recompute.trial.sample import NOTED, Promise, RJob, Sample, Untried, Value
from analysis.recompute.trial.world import Cohort
from sap.methods.rank_comparison import RankComparison

COUNTED_OUT = "every arrangement of the labels counted, listed where they are few"
INVERTED = "every shift between two differences tested, from both ends inwards, with every arrangement counted"
PAIRS = "pairs counted"
SOLVED = "Newcombe's method 5 equation, by bisection"


@dataclass(frozen=True)
class PairSample(Sample):
    """Values of two groups."""

    first: tuple[Fraction, ...]
    second: tuple[Fraction, ...]
    step: RankComparison

    def promises(self) -> Iterator[Promise]:
        """Yield the test, the shift and the sizes of the effect."""
        first, second, step = self.first, self.second, self.step
        # Values that are all equal compare nothing: R's wilcox.test gives NaN.
        both = bool(first and second) and len({*first, *second}) > 1
        test, sided, alpha = Arrangements(), step.two_sided, 1 - exact(step.conf_level)

        def tried(make: Callable[[], tuple[Value, ...]], values: int = 1) -> tuple[Value, ...]:
            try:
                return make() if both else (None,) * values
            except TooManyError as error:
                return (Untried(str(error)),) * values

        (p,) = tried(lambda: (test.p_value(first, second, sided),))
        (least,) = tried(lambda: (test.smallest_p(first, second, sided),))
        low, high = tried(lambda: test.interval(first, second, sided, alpha), 2)
        won = wins(first, second) if both else None
        yield from self.give("rank_test", {"statistic": won}, PAIRS)
        yield from self.give("rank_test", {"p.value": p, "p.value.min": least}, COUNTED_OUT)
        yield from self.give("shift", {"estimate": middle_shift(first, second) if both else None}, PAIRS)
        yield from self.give("shift", {"conf.low": low, "conf.high": high}, INVERTED)
        yield from self.give("shift", {"conf.level": step.conf_level}, NOTED)
        yield from self._effects(won / (len(first) * len(second)) if won is not None else None)

    def _effects(self, superiority: Fraction | None) -> Iterator[Promise]:
        level = self.step.conf_level
        for name, scale, start in (("rank.biserial", 2, -1), ("prob.superiority", 1, 0)):
            shown: tuple[Value, Value, Value] = None, None, None
            if superiority is not None:
                low, high = effect_limits(superiority, len(self.first), len(self.second), level)
                shown = scale * superiority + start, scale * low + start, scale * high + start
            yield from self.give("effect", {name: shown[0]}, PAIRS)
            yield from self.give("effect", {f"{name}.conf.low": shown[1], f"{name}.conf.high": shown[2]}, SOLVED)
        yield from self.give("effect", {"conf.level": level}, NOTED)

    def for_r(self) -> RJob:
        """Return the values, each with its group."""
        return RJob(
            kind="pair",
            count=len(self.first),
            size=len(self.first) + len(self.second),
            conf_level=self.step.conf_level,
            option=self.step.two_sided,
            values=tuple((v, "", group) for group, of in enumerate((self.first, self.second), 1) for v in of),
        )


def samples(cohort: Cohort, step: RankComparison) -> Iterator[Sample]:
    """Yield the values of each group, and both together."""
    groups = [values_of(group, step.variable) for group in two_groups(cohort, step)]
    yield from groups
    place = replace(cohort.on(step.variable.variable), group1=step.by)
    yield PairSample(place, groups[0].values, groups[1].values, step)
