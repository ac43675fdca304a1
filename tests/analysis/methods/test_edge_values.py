"""Values exactly on the edge of a rule: the last observed time, equal limits, two values, a fall to zero."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import rankdata

from analysis.methods.ranks.rank_distribution import rank_distribution
from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.exact import exact_test, minimum_likelihood
from analysis.methods.rates.two_proportions import fisher_exact
from analysis.methods.states.switch import check_switch, split_at
from analysis.methods.states.time_dependent import simon_makuch
from analysis.methods.survival.bpcp import bpcp, bpcp_at
from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
from analysis.methods.survival.curve_estimates import quantile, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.logrank import logrank, logrank_exact
from analysis.methods.values.course import auc, replace_below_quantification
from analysis.methods.values.description import describe
from tests.each import each


def test_two_values_have_a_standard_deviation():
    # R: sd(c(1, 3))
    assert describe([1, 3]).sd == pytest.approx(1.4142135623730951, rel=1e-15)


@each("rule", ["zero", "half", "lloq", "missing"])
def test_a_value_at_its_limit_of_quantification_is_quantifiable(rule):
    assert replace_below_quantification([0.1, 3], [False, False], 0.1, rule).tolist() == [0.1, 3]


def test_a_value_of_zero_may_be_below_quantification():
    assert replace_below_quantification([0], [True], 0.1, "half").tolist() == [0.05]


def test_a_window_that_begins_within_a_fall_to_zero_begins_on_its_straight_line():
    # From 10 on day 0 to 0 on day 2 the line passes 5 on day 1, and (5 + 0) / 2 is left.
    assert auc([0, 2], [10, 0], 1, 2).value == pytest.approx(2.5, rel=1e-15)


def test_the_lower_and_upper_limit_of_the_minimum_likelihood_interval_part_accepted_from_rejected():
    # At every level, also where the limit lies near the estimate: inside the p-value is above 1 - level, outside not.
    # (Probabilities equal to 1e-7 are ties to the test, so the step is wider.)
    step = 1e-6
    for level in (0.05, 0.1, 0.3, 0.5, 0.8, 0.95):
        for x in range(11):
            interval = minimum_likelihood(x, 10, level)
            for limit, inwards in ((interval.conf_low, step), (interval.conf_high, -step)):
                if step < limit < 1 - step:
                    assert exact_test(x, 10, limit + inwards, "minimum-likelihood").p_value > 1 - level
                    assert exact_test(x, 10, limit - inwards, "minimum-likelihood").p_value <= 1 - level


def test_beta_product_limits_at_the_last_observed_time_still_have_an_estimate():
    curve = bpcp([1, 2, 3], [1, 0, 0])
    at, beyond = bpcp_at(curve, [3, 3.01])
    assert (at.estimate, at.reason) == (pytest.approx(2 / 3, rel=1e-15), None)
    assert (beyond.estimate, beyond.reason) == (None, "time 3.01 is after the last observed time, 3")


def test_incidence_counts_and_landmark_limits_by_hand():
    curves = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 0], conf_type="plain")
    assert (curves.n_risk.tolist(), curves.n_censor.tolist()) == ([4, 3, 2, 1], [0, 0, 0, 1])
    assert (curves.of(1).n_event.tolist(), curves.of(2).n_event.tolist()) == ([1, 0, 1, 0], [0, 1, 0, 0])
    before, at = incidence_at(curves, 1, [0.5, 1])
    assert (before.estimate, before.std_err) == (0, 0)
    # One of four: binomial, sqrt(1/4 * 3/4 / 4), and the lower limit would be below 0.
    std_err = math.sqrt(3 / 64)
    assert at.std_err == pytest.approx(std_err, rel=1e-14)
    assert (at.conf_low, at.conf_high) == (0, pytest.approx(0.25 + ndtri(0.975) * std_err, rel=1e-14))
    assert (at.conf_low_reason, at.conf_high_reason) == (None, None)


@each(("at", "value"), [(1, "1"), (3, "0")])
def test_a_curve_at_0_or_1_has_no_log_log_limits_and_both_say_why(at, value):
    # R survfit prints NA for both limits there.
    result = survival_at(kaplan_meier([1, 2, 3], [0, 1, 1]), at)[0]
    assert (result.conf_low, result.conf_high) == (None, None)
    assert result.conf_low_reason == f"the log-log band is not defined where the curve is {value}"
    assert result.conf_high_reason == result.conf_low_reason


def test_a_limit_that_reaches_the_level_and_has_no_value_after_it_has_no_end_of_plateau():
    curve = kaplan_meier([1, 2], [1, 1])
    result = quantile(curve, 1 - float(curve.conf_low[0]))
    assert (result.estimate, result.conf_low) == (2, None)
    assert result.conf_low_reason.startswith("the lower limit of the curve does not come down to")


def test_a_quantile_with_both_limits_gives_no_reasons():
    result = quantile(kaplan_meier([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 1, 1, 1, 0]), 0.5)
    assert None not in (result.estimate, result.conf_low, result.conf_high)
    assert (result.reason, result.conf_low_reason, result.conf_high_reason) == (None, None, None)


def test_when_all_fail_from_one_cause_the_end_is_certain_whatever_their_number():
    # The recursion of the variance leaves about 1e-9 there for 9, 10, 11 and many other numbers of subjects.
    for n in range(2, 40):
        curve = aalen_johansen(range(1, n + 1), [1] * n).of(1)
        assert (curve.incidence[-1], curve.std_err[-1]) == (1, 0)


def test_the_certain_tail_of_fishers_test_is_1_and_not_a_digit_more():
    # At the largest and the smallest x1 the margins allow; the probabilities there sum to 1 + 2e-16 to a computer.
    assert fisher_exact(2, 2, 0, 10).p_less == 1
    assert fisher_exact(0, 2, 2, 10).p_greater == 1


def test_an_incidence_of_zero_has_no_log_log_limits_and_both_say_why():
    curves = aalen_johansen([1, 2, 3], [1, 0, 1], causes=[2])
    result = incidence_at(curves, 2, 2)[0]
    assert (result.conf_low, result.conf_high) == (None, None)
    assert result.conf_low_reason == result.conf_high_reason
    assert result.conf_high_reason == "the log-log band is not defined where the incidence is 0"


def test_the_smallest_p_value_by_point_probability_may_lie_between_the_extremes():
    # With ties the rarest W need not be the smallest or the largest: every allocation is counted here.
    found = set()
    for pooled in ([0, 0, 0, 0, 1, 2], [0, 0, 1, 1, 1, 2], [0, 0, 1, 2, 2, 2], [0, 1, 1, 1, 2, 2], [0, 1, 1, 1, 1, 2]):
        midranks = rankdata(pooled)
        sums = [round(midranks[list(chosen)].sum() * 2) for chosen in combinations(range(6), 3)]
        values, counts = np.unique(sums, return_counts=True)
        by_value = {int(v): counts[counts <= c].sum() / len(sums) for v, c in zip(values, counts, strict=True)}
        smallest = min(by_value.values())
        distribution = rank_distribution(np.array(pooled, dtype=float), 3)
        assert distribution.smallest_p("point_probability") == pytest.approx(smallest, rel=1e-14, abs=0)
        found.add(smallest < min(by_value[int(values[0])], by_value[int(values[-1])]))
    assert found == {True, False}


def test_without_events_the_exact_log_rank_test_still_counts_its_allocations():
    # choose(5, 2) = 10
    result = logrank_exact([1, 2, 3, 4, 5], [0] * 5, ["a", "a", "b", "b", "b"])
    assert (result.groups, result.n_allocations, result.statistic, result.p_value) == (("a", "b"), 10, 0, None)


def test_rows_of_many_subjects_stay_in_the_order_of_time():
    n = 200
    rows = split_at(np.arange(2, n + 2), np.ones(n), np.ones(n))
    assert rows.subject.tolist() == np.repeat(np.arange(n), 2).tolist()
    assert rows.start.tolist() == [0, 1] * n
    assert rows.stop[1::2].tolist() == list(range(2, n + 2))
    assert (rows.event.tolist(), rows.exposed.tolist()) == ([False, True] * n, [False, True] * n)


def test_curves_by_a_state_that_changes_count_its_risk_events_and_censorings():
    # Subject 1 unexposed to 2 and then exposed to its event at 4; subjects 2 and 3 unexposed to 3 (censored) and 5 (event).
    curves = simon_makuch([0, 2, 0, 0], [2, 4, 3, 5], [0, 1, 0, 1], [0, 1, 0, 0])
    unexposed, exposed = curves.unexposed, curves.exposed
    assert unexposed.time.tolist() == [2, 3, 5]
    assert (unexposed.n_risk.tolist(), unexposed.n_event.tolist()) == ([3, 2, 1], [0, 0, 1])
    assert (unexposed.n_censor.tolist(), exposed.n_censor.tolist()) == ([1, 1, 0], [0])
    assert (exposed.time.tolist(), exposed.n_risk.tolist(), exposed.n_event.tolist()) == ([4], [1], [1])


def test_log_rank_tests_name_their_groups_and_give_no_reason_beside_a_result():
    data = [1, 2, 3, 4], [1, 1, 1, 1], ["b", "a", "b", "a"]
    for result in (logrank(*data), logrank_exact(*data)):
        assert (result.groups, result.reason) == (("a", "b"), None)
        assert result.p_value is not None


def test_who_never_switched_does_so_at_infinity():
    assert check_switch([None, 2], 2).tolist() == [math.inf, 2]


def test_the_level_of_a_shift_achieved_leaves_the_largest_rejected_p_value():
    # Whole numbers tie at every difference, so the p-value neither rises nor falls steadily: all places are tried.
    random = np.random.default_rng(7)
    for _ in range(25):
        x, y = random.integers(0, 8, 5).astype(float), random.integers(0, 8, 4).astype(float)
        shift = hodges_lehmann(x, y, 0.8)
        outside = [d for d in np.arange(-9, 9.1, 0.5) if not shift.conf_low <= d <= shift.conf_high]
        largest = max((rank_test(x - d, y).p_value for d in outside if np.ptp([*(x - d), *y])), default=0.0)
        assert shift.conf_level_achieved == pytest.approx(1 - largest, rel=1e-12)


def test_decimals_tie_as_recorded_however_far_from_zero_they_lie():
    whole = hodges_lehmann([3, 5, 9, 9], [1, 3, 4, 7], 0.7)
    far = hodges_lehmann([1e6 + v / 10 for v in (3, 5, 9, 9)], [1e6 + v / 10 for v in (1, 3, 4, 7)], 0.7)
    assert far.conf_level_achieved == whole.conf_level_achieved
    expected = [whole.estimate / 10, whole.conf_low / 10, whole.conf_high / 10]
    assert [far.estimate, far.conf_low, far.conf_high] == pytest.approx(expected, abs=1e-8)


def test_the_distribution_of_ranks_keeps_its_digits_beyond_64_bit_counts():
    # 80 choose 40 is about 1e23; of that many allocations one puts all of x first.
    distribution = rank_distribution(np.arange(80.0), 40)
    assert distribution.probability[0] == pytest.approx(1 / math.comb(80, 40), rel=1e-12, abs=0)
    assert distribution.probability.sum() == pytest.approx(1, rel=1e-12)
    # 500 v 700 are about 1e353 allocations, more than a float holds.
    assert rank_distribution(np.arange(1200.0), 500).less(175_000) == pytest.approx(0.5, abs=1e-4)


def test_a_survival_with_both_limits_gives_no_reasons():
    result = survival_at(kaplan_meier([1, 2, 3], [1, 1, 0]), 1)[0]
    assert None not in (result.conf_low, result.conf_high)
    assert (result.reason, result.conf_low_reason, result.conf_high_reason) == (None, None, None)


def test_labels_of_several_types_are_groups_in_a_fixed_order():
    assert logrank([1, 2, 3], [1, 1, 1], ["x", 1, 2.5]).groups == (2.5, 1, "x")


def test_what_happens_before_a_landmark_of_less_than_one_is_left_out():
    curves = simon_makuch([0, 0, 0], [0.4, 2, 3], [1, 1, 0], [0, 0, 0], landmark=0.5)
    assert (curves.unexposed.time.tolist(), curves.unexposed.n_events) == ([2, 3], 1)
