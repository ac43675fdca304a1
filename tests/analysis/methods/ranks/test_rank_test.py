"""The exact Wilcoxon-Mann-Whitney test against R, coin and published values."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from analysis.methods.ranks.rank_test import normal_approximation, rank_test
from tests.analysis.methods.exact_reference import PUBLISHED, WILCOXON, wilcoxon_name
from tests.each import each
from tests.reference_check import agrees

every_case = each("case", WILCOXON, ids=wilcoxon_name)
moderate = settings(max_examples=60, deadline=None, derandomize=True)
whole_numbers = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=9)
DEFINITIONS = {
    "absolute_deviation": "two_sided_absdev",
    "twice_smaller_tail": "two_sided_twice_min",
    "point_probability": "two_sided_point_prob",
}


def tell_apart(x, y):
    return len(set(x) | set(y)) > 1


@every_case
def test_exact_p_values_are_those_of_the_permutation_distribution(case):
    expected, name = case["permutation"], case["name"]
    test = rank_test(case["x"], case["y"])
    assert test.has_ties == case["ties"]
    agrees(test.statistic, case["W"], method="rank_test W", source="R wilcox.test(x, y)$statistic", case=name)
    source = "R, Streitberg-Roehmel on midranks"
    agrees(test.p_less, expected["less"], method="rank_test less", source=source, case=name)
    agrees(test.p_greater, expected["greater"], method="rank_test greater", source=source, case=name)
    for definition, r_name in DEFINITIONS.items():
        p_value = rank_test(case["x"], case["y"], definition).p_value
        agrees(p_value, expected[r_name], method=f"rank_test {definition}", source=source + ", coin", case=name)


@every_case
def test_normal_approximations_are_those_of_wilcox_test(case):
    for continuity, r_name in ((True, "cc"), (False, "nocc")):
        approximation = normal_approximation(case["x"], case["y"], continuity)
        source = f"R wilcox.test(exact=FALSE, correct={str(continuity).upper()})"
        for side in ("two_sided", "less", "greater"):
            actual = getattr(approximation, {"two_sided": "p_value"}.get(side, f"p_{side}"))
            expected = case["asymptotic"][side][r_name]
            method = f"normal_approximation {side}"
            agrees(actual, expected, method=method, source=source, case=case["name"])


def test_hollander_and_wolfes_untied_example():
    published = PUBLISHED["wilcoxon_untied"]
    test = rank_test(published["x"], published["y"])
    assert test.statistic == published["W"]
    assert test.p_greater == pytest.approx(published["p_greater"], abs=5e-5)
    assert test.p_value == pytest.approx(published["p_two"], abs=5e-8)


def test_the_tied_example_where_coin_and_sas_agree():
    published = PUBLISHED["wilcoxon_tied"]
    test = rank_test(published["smoke"], published["non"])
    assert test.p_value == pytest.approx(0.00818096, abs=5e-9)
    with_correction = normal_approximation(published["smoke"], published["non"], continuity=True)
    without = normal_approximation(published["smoke"], published["non"], continuity=False)
    assert with_correction.p_value == pytest.approx(published["p_asym_cc"], abs=5e-3)
    assert without.p_value == pytest.approx(published["p_asym"], abs=5e-5)
    assert with_correction.method == "normal approximation with continuity correction"


def test_scipys_exact_method_ignores_these_ties_and_is_not_used():
    x, y = [1, 0, 0, 0, 0, 1], [0.5, 4, 2.5, 0.5, 0.5, 1.5, 1]
    assert mannwhitneyu(x, y, method="exact").pvalue == pytest.approx(0.0513, abs=5e-5)
    assert rank_test(x, y, "absolute_deviation").p_value == pytest.approx(0.0379, abs=5e-5)
    assert rank_test(x, y, "twice_smaller_tail").p_value == pytest.approx(0.0291, abs=5e-5)


def test_large_untied_samples_agree_with_scipy_which_is_right_there():
    generator = np.random.default_rng(20220811)
    x, y = generator.normal(0, 1, 25), generator.normal(0.6, 1, 35)
    expected = mannwhitneyu(x, y, method="exact").pvalue
    agrees(rank_test(x, y).p_value, expected, method="rank_test", source="scipy mannwhitneyu exact", case="25 v 35")


@each(("sizes", "published"), PUBLISHED["min_attainable_two_sided_p_exact_wilcoxon_N10"].items())
def test_smallest_attainable_p_with_ten_subjects(sizes, published):
    n1 = int(sizes.split("v")[0])
    assert rank_test(range(n1), range(n1, 10)).p_min_attainable == pytest.approx(published, abs=5.1e-5)


def test_seven_against_three_cannot_go_below_two_in_120():
    separated = rank_test([4, 5, 6, 7, 8, 9, 10], [1, 2, 3])
    assert separated.p_value == pytest.approx(2 / 120, rel=1e-14)
    assert separated.p_min_attainable == separated.p_value


@moderate
@given(whole_numbers, whole_numbers, st.sampled_from(sorted(DEFINITIONS)))
def test_p_does_not_change_under_a_monotone_transform(x, y, definition):
    if tell_apart(x, y):
        moved = rank_test(np.exp(np.array(x) / 3) - 7, np.exp(np.array(y) / 3) - 7, definition)
        assert moved == rank_test(x, y, definition)


@moderate
@given(whole_numbers, whole_numbers, st.sampled_from(sorted(DEFINITIONS)))
def test_exchanging_the_groups_exchanges_the_tails(x, y, definition):
    if tell_apart(x, y):
        test, swapped = rank_test(x, y, definition), rank_test(y, x, definition)
        assert swapped.statistic == len(x) * len(y) - test.statistic
        assert swapped.p_value == pytest.approx(test.p_value, rel=1e-12, abs=0)
        assert swapped.p_less == pytest.approx(test.p_greater, rel=1e-12, abs=0)
        assert swapped.p_min_attainable == pytest.approx(test.p_min_attainable, rel=1e-12, abs=0)


@moderate
@given(whole_numbers, whole_numbers, st.sampled_from(sorted(DEFINITIONS)))
def test_p_is_a_probability_never_below_the_attainable_minimum(x, y, definition):
    if tell_apart(x, y):
        test = rank_test(x, y, definition)
        assert 0 < test.p_min_attainable <= test.p_value * (1 + 1e-12) <= 1 + 1e-12
        assert test.p_less + test.p_greater >= 1 - 1e-12


@moderate
@given(st.lists(st.integers(0, 5).map(float), min_size=2, max_size=7), st.data())
def test_the_recursion_counts_what_enumeration_counts(pooled, data):
    from itertools import combinations

    n1 = data.draw(st.integers(1, len(pooled) - 1))
    if len(set(pooled)) == 1:
        return
    everyone = set(range(len(pooled)))
    allocations = [
        sum((pooled[i] > pooled[j]) + (pooled[i] == pooled[j]) / 2 for i in chosen for j in everyone - set(chosen))
        for chosen in combinations(range(len(pooled)), n1)
    ]
    test = rank_test(pooled[:n1], pooled[n1:])
    w, centre = test.statistic, n1 * (len(pooled) - n1) / 2
    assert test.p_less == pytest.approx(np.mean([a <= w for a in allocations]), rel=1e-12)
    assert test.p_value == pytest.approx(np.mean([abs(a - centre) >= abs(w - centre) for a in allocations]), rel=1e-12)


def test_sixty_subjects_with_ties_take_well_under_a_second():
    generator = np.random.default_rng(7)
    x, y = generator.integers(0, 20, 30), generator.integers(2, 22, 30)
    started = time.perf_counter()
    rank_test(x, y)
    assert time.perf_counter() - started < 1


@each("function", [rank_test, lambda x, y: normal_approximation(x, y, continuity=True)])
@each(
    ("x", "y", "message"),
    [
        ([], [1, 2], "x is empty"),
        ([1], [], "y is empty"),
        ([1, float("nan")], [2], r"x has missing or infinite values at positions \[1\]"),
        ([1, 2], [float("inf")], "y has missing or infinite"),
        ([1, None], [2], "x has missing"),
        ([2, 2], [2, 2, 2], "all values of x and y are equal"),
        (["a"], [1], "x must be numbers"),
        ([[1, 2]], [1], "one-dimensional"),
    ],
)
def test_bad_samples_are_errors(function, x, y, message):
    with pytest.raises(ValueError, match=message):
        function(x, y)


def test_an_unknown_definition_is_an_error_that_lists_the_choices():
    with pytest.raises(ValueError, match="'absolute_deviation', 'twice_smaller_tail', 'point_probability'"):
        rank_test([1, 2], [3], "two.sided")


def test_point_probability_of_samples_too_large_to_count_is_an_error():
    with pytest.raises(ValueError, match=r"^600 and 600 values are too many for point_probability: use absolute_dev"):
        rank_test(range(600), range(600, 1200), "point_probability")
