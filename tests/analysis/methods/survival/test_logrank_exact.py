"""The log-rank test by all allocations, against allocations enumerated in R."""

import pytest

from analysis.methods.survival.logrank import logrank, logrank_exact
from tests.analysis.methods.survival_reference import SMALL_SAMPLES, name
from tests.each import each
from tests.reference_check import agrees

COLUMNS = ("statistic", "p_value", "p_less", "p_greater", "p_min_attainable", "n_allocations")


@each("case", SMALL_SAMPLES["exact_logrank"], ids=name)
def test_p_values_are_those_of_every_allocation_by_survdiff(case):
    result = logrank_exact(case["time"], case["status"], case["group"])
    agrees(
        [getattr(result, column) for column in COLUMNS],
        [case[column] for column in COLUMNS],
        method="logrank_exact",
        source="R combn() and survdiff() for each allocation",
        case=case["name"],
    )


def test_the_statistic_is_that_of_the_chi_square_test():
    case = SMALL_SAMPLES["exact_logrank"][0]
    exact = logrank_exact(case["time"], case["status"], case["group"])
    approximate = logrank(case["time"], case["status"], case["group"])
    difference = approximate.observed[0] - approximate.expected[0]
    assert exact.statistic == pytest.approx(difference, rel=1e-12)


def test_by_hand_the_two_early_deaths_of_four_are_one_allocation_in_six():
    # Scores 1-1/4, 1-1/4-1/3, -7/12, -7/12: only two of the six pairs have the largest |sum|, 7/6.
    result = logrank_exact([1, 2, 3, 4], [1, 1, 0, 0], ["A", "A", "B", "B"])
    assert result.statistic == pytest.approx(7 / 6, rel=1e-15)
    assert (result.p_greater, result.p_value, result.p_min_attainable) == (1 / 6, 2 / 6, 2 / 6)


def test_a_small_trial_cannot_reach_a_smaller_p_than_it_allows():
    # 7 v 3: the chi-square p is 0.00102, which no allocation can justify: 120 allocations, 1/120 at best.
    time = [488, 410, 300, 173, 161, 92, 90, 60, 31, 15]
    group = ["CR"] * 7 + ["NR"] * 3
    result = logrank_exact(time, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1], group)
    assert result.p_value == result.p_min_attainable == 1 / 120
    assert logrank(time, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1], group).p_value < 1 / 120


def test_without_events_there_is_no_test():
    result = logrank_exact([1, 2, 3], [0, 0, 0], ["A", "B", "B"])
    assert (result.p_value, result.reason) == (None, "no subject had the event")


def test_when_no_allocation_differs_p_is_1():
    assert logrank_exact([5, 5, 5], [1, 1, 1], ["A", "B", "B"]).p_value == 1


def test_too_many_allocations_are_refused_with_advice():
    with pytest.raises(ValueError, match="use logrank instead"):
        logrank_exact(range(1, 31), [1] * 30, [0, 1] * 15)


def test_three_groups_are_refused_with_advice():
    with pytest.raises(ValueError, match="compares two groups, not 3: use logrank"):
        logrank_exact([1, 2, 3], [1, 1, 1], ["A", "B", "C"])
