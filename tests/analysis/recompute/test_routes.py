"""The second routes against values from R and from definitions, each with its source beside it."""

import math
import time
from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.recompute.competing_risks import CausesSample
from analysis.recompute.exact import arrangements
from analysis.recompute.exact.arrangements import MOST, Arrangements, TooManyError, generated, wins
from analysis.recompute.exact.beta import lower_limit, upper_limit
from analysis.recompute.exact.product_limit import band, curve, median_of
from analysis.recompute.rank_comparison import PairSample
from analysis.recompute.trial.cells import exact
from analysis.recompute.trial.sample import Place, Untried
from sap.methods.competing_risks import CompetingRisks
from sap.methods.rank_comparison import RankComparison
from tests.each import each


def numbers(*values: float) -> list[Fraction]:
    return [exact(v) for v in values]


@each(
    ("count", "size", "low", "high"),
    [
        # binom.test(3, 10)$conf.int
        (3, 10, 0.06673951117773447, 0.6524528500599972),
        # binom.test(7, 10)$conf.int
        (7, 10, 0.3475471499400028, 0.9332604888222655),
        # binom.test(0, 10)$conf.int
        (0, 10, 0.0, 0.3084971078187607),
        # binom.test(10, 10)$conf.int
        (10, 10, 0.6915028921812392, 1.0),
    ],
)
def test_clopper_pearson_limits_are_those_of_binom_test(count, size, low, high):
    assert lower_limit(count, size, 0.025) == pytest.approx(low, rel=1e-13, abs=0)
    assert upper_limit(count, size, 0.025) == pytest.approx(high, rel=1e-13, abs=0)


def test_the_one_sided_bound_at_no_event_has_a_closed_form():
    # (1 - p)^10 = 0.05
    assert upper_limit(0, 10, 0.05) == pytest.approx(1 - 0.05**0.1, rel=1e-14)


def test_a_large_trial_has_limits_too():
    # binom.test(1200, 3000)$conf.int
    assert lower_limit(1200, 3000, 0.025) == pytest.approx(0.3824075972687813, rel=1e-11)
    assert upper_limit(1200, 3000, 0.025) == pytest.approx(0.4177876847737991, rel=1e-11)


def test_the_product_limit_is_the_product_of_exact_fractions():
    points = curve(numbers(1, 2, 2, 3, 4), [True, True, False, False, True])
    assert [p.survival for p in points] == [Fraction(4, 5), Fraction(3, 5), Fraction(3, 5), Fraction(0)]
    assert [p.greenwood for p in points] == [Fraction(1, 20), Fraction(2, 15), Fraction(2, 15), None]
    assert [(p.n_risk, p.n_event, p.n_censor) for p in points] == [(5, 1, 0), (4, 1, 1), (2, 0, 1), (1, 1, 0)]


@each(
    ("conf_type", "low", "high"),
    [
        # summary(survfit(Surv(1:10, rep(1, 10)) ~ 1, conf.type = "log-log"), times = 3)
        ("log-log", 0.328716593279735, 0.891949041224844),
        # the same with conf.type = "log"
        ("log", 0.466533226139489, 1.0),
        # the same with conf.type = "plain"
        ("plain", 0.415974234910675, 0.984025765089325),
        # the same with conf.type = "logit"
        ("logit", 0.376318072654878, 0.900231684428323),
        # the same with conf.type = "arcsin"
        ("arcsine", 0.396612197707924, 0.928986815493393),
    ],
)
def test_the_band_is_that_of_survfit_on_every_scale(conf_type, low, high):
    third = curve(numbers(*range(1, 11)), [True] * 10)[2]
    assert band(third, conf_type, 0.95) == pytest.approx((low, high), rel=1e-14)


def test_there_is_no_interval_where_the_scale_is_infinite():
    censored, _, dead = curve(numbers(1, 2, 3), [False, True, True])
    assert band(censored, "log-log", 0.95) == (None, None)
    assert band(censored, "plain", 0.95) == (1.0, 1.0)
    assert band(dead, "plain", 0.95) == (None, None)


@each(
    ("rule", "inside", "ending"),
    [
        # quantile(survfit(Surv(1:10, rep(1, 10)) ~ 1), 0.5) is 5.5; the same of the next curve is 13.95
        ("midpoint", 5.5, 13.95),
        # print(survfit(...)) is 5.5 and 7.7
        ("table", 5.5, 7.7),
        ("left", 5, 7.7),
        ("right", 6, None),
        # PROC LIFETEST: not estimable when the curve ends on the plateau
        ("sas", 5.5, None),
    ],
)
def test_the_median_on_a_plateau_follows_the_rule(rule, inside, ending):
    falling = curve(numbers(*range(1, 11)), [True] * 10)
    halting = curve(numbers(1.2, 2.4, 3.9, 5.5, 7.7, 9.8, 11.1, 13.4, 16, 20.2), [True] * 5 + [False] * 5)
    assert median_of([(p.time, p.survival) for p in falling], rule) == inside
    found = median_of([(p.time, p.survival) for p in halting], rule)
    assert found == (None if ending is None else exact(ending))


def test_the_exact_p_keeps_the_ties_in_both_definitions():
    # coin::wilcox_test(value ~ group, distribution = "exact"): 0.0379; twice the smaller tail: 0.0291
    x, y = numbers(1, 0, 0, 0, 0, 1), numbers(0.5, 4, 2.5, 0.5, 0.5, 1.5, 1)
    test = Arrangements()
    assert float(test.p_value(x, y, "absolute_deviation")) == pytest.approx(65 / 1716)
    assert float(test.p_value(x, y, "twice_smaller_tail")) == pytest.approx(50 / 1716)


def test_seven_against_three_can_give_no_p_below_two_in_120():
    x, y = numbers(4, 5, 6, 7, 8, 9, 10), numbers(1, 2, 3)
    assert Arrangements().smallest_p(x, y, "absolute_deviation") == Fraction(2, 120)
    assert wins(x, y) == 21


@each("two_sided", ["absolute_deviation", "twice_smaller_tail"])
@each("y", [(1, 1, 2), (3, 3, 3, 9), (0, 5)])
def test_the_smallest_p_is_that_of_the_most_extreme_of_all_arrangements(two_sided, y):
    x = (2, 2, 5, 7)
    values = numbers(*x, *y)
    test = Arrangements()
    found = [
        test.p_value([values[i] for i in chosen], [v for i, v in enumerate(values) if i not in chosen], two_sided)
        for chosen in combinations(range(len(values)), len(x))
    ]
    assert test.smallest_p(numbers(*x), numbers(*y), two_sided) == min(found)


def test_the_smallest_p_of_two_arms_of_ninety_is_found_without_trying_each_of_some_thousand():
    x, y = numbers(*range(90)), numbers(*range(90, 180))
    assert Arrangements().smallest_p(x, y, "absolute_deviation") == Fraction(2, math.comb(180, 90))


def test_the_interval_is_that_of_wilcox_test_without_ties():
    # wilcox.test(c(1.1, 2.3, 3.6, 4.0, 5.9), c(0.2, 0.7, 1.8, 2.9), conf.int = TRUE)$conf.int: -0.7 5.2
    x, y = numbers(1.1, 2.3, 3.6, 4.0, 5.9), numbers(0.2, 0.7, 1.8, 2.9)
    low, high = Arrangements().interval(x, y, "absolute_deviation", Fraction(1, 20))
    assert (low, high) == (-0.7, 5.2)


def test_a_shift_that_is_rejected_at_exactly_the_level_is_outside():
    # wilcox.test(c(1.1, 2.2, 3.3), c(4.5, 5.7, 6.91), conf.int = TRUE, conf.level = 0.9)$conf.int: -5.81 -1.20
    x, y = numbers(1.1, 2.2, 3.3), numbers(4.5, 5.7, 6.91)
    assert Arrangements().interval(x, y, "absolute_deviation", Fraction(1, 10)) == pytest.approx((-5.81, -1.2))


def test_an_unattainable_level_gives_infinite_limits():
    x, y = numbers(1, 2), numbers(3, 4)
    assert Arrangements().interval(x, y, "absolute_deviation", Fraction(1, 20)) == (-math.inf, math.inf)


def test_groups_of_twenty_five_have_the_p_and_the_interval_of_wilcox_test():
    # x <- (0:24*37) %% 101 + 0.5; y <- (0:24*53) %% 103 - 12; wilcox.test(x, y, exact = TRUE, conf.int = TRUE)
    x, y = (
        [Fraction(37 * k % 101) + Fraction(1, 2) for k in range(25)],
        [Fraction(53 * k % 103 - 12) for k in range(25)],
    )
    test = Arrangements()
    assert math.comb(50, 25) > MOST
    assert float(test.p_value(x, y, "absolute_deviation")) == pytest.approx(0.044984532532831391, rel=1e-13)
    assert test.interval(x, y, "absolute_deviation", Fraction(1, 20)) == (0.5, 35.5)


@given(values=st.lists(st.integers(0, 6), min_size=2, max_size=11), share=st.floats(0, 1))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_generating_function_counts_what_is_listed(values, share):
    ordered = sorted(values)
    ranks = tuple(2 * ordered.index(v) + ordered.count(v) + 1 for v in ordered)
    size = 1 + round(share * (len(values) - 2))
    assert generated(ranks, size) == Counter(map(sum, combinations(ranks, size)))


def test_too_many_arrangements_are_never_a_pass(monkeypatch):
    values = [Fraction(k) for k in range(22)]
    monkeypatch.setattr(arrangements, "MOST_WORDS", 10_000)
    with pytest.raises(TooManyError):
        Arrangements().p_value(values[:11], values[11:], "absolute_deviation")
    step = RankComparison.model_validate({"method": "rank_comparison", "variable": "ADSL.AGE", "by": "G"})
    place = Place("A", "S", "G", "", "AGE")
    found = {
        (p.context, p.stat_name): p.value
        for p in PairSample(place, tuple(values[:11]), tuple(values[11:]), step).promises()
    }
    assert found["rank_test", "p.value"] == Untried("too many arrangements (10^5 or more)")
    assert found["shift", "conf.low"] == Untried("too many arrangements (10^5 or more)")
    assert found["rank_test", "statistic"] == 0
    assert found["effect", "prob.superiority"] == 0


def test_two_thousand_subjects_with_times_of_their_own_take_seconds():
    times = [Fraction(7 * i % 2003, 4) for i in range(1, 2001)]
    causes = tuple(("A", "B", None)[i % 3] for i in range(2000))
    step = CompetingRisks(method="competing_risks", data="X", causes=("A", "B"), landmarks=(100,))
    sample = CausesSample(Place("AN", "SAF", "", "", "X"), tuple(times), causes, step)
    started = time.process_time()
    points = curve(times, [c is not None for c in causes])
    found = {(p.variable_level, p.context, p.stat_name): p.value for p in sample.promises()}
    assert time.process_time() - started < 10
    # At each time the two incidences and the survival free of any event make one.
    last = f"day {float(points[-1].time):.15g}"
    reached = [found[f"{cause}, {last}", "incidence_curve", "estimate"] for cause in ("A", "B")]
    assert sum(reached) + points[-1].survival == 1
