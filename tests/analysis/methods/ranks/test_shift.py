"""The Hodges-Lehmann shift and its exact interval."""

import itertools
import math
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import Shifts, hodges_lehmann
from tests.analysis.methods.exact_reference import PUBLISHED, WILCOXON, limits, wilcoxon_name
from tests.each import each
from tests.reference_check import agrees

every_case = each("case", WILCOXON, ids=wilcoxon_name)
moderate = settings(max_examples=40, deadline=None, derandomize=True)
tied = st.lists(st.integers(0, 15).map(float), min_size=2, max_size=7)
untied = st.lists(st.integers(0, 10**6), min_size=4, max_size=14, unique=True)
levels = st.floats(0.8, 0.99)


# Where p equals 1 - level the R code of wilcoxon.json compared 0.1 with 1 - 0.90, which is 0.09999999999999998. Here
# the same hull with whole numbers, R: combn(rank(c(x - d, y)), n1, sum), kept when 10 * count > 1 * choose(N, n1).
P_EQUALS_ALPHA = {
    ("noties_05", 0.9): [-2320, 5510],
    ("ties_02", 0.9): [-3.5, 2],
    ("ties_06", 0.9): [-4.5, 3],
}


def tell_apart(x, y):
    return len(set(x) | set(y)) > 1


@every_case
def test_the_interval_inverts_the_permutation_test(case):
    for ci in case["ci"]:
        shift = hodges_lehmann(case["x"], case["y"], ci["level"])
        label = f"{case['name']} at {ci['level']}"
        source = "R median(outer(x, y, '-'))"
        agrees(shift.estimate, case["hodges_lehmann"], method="hodges_lehmann", source=source, case=label)
        of_file = [ci["permutation_inversion"]["lower"], ci["permutation_inversion"]["upper"]]
        expected = P_EQUALS_ALPHA.get((case["name"], ci["level"]), of_file)
        source = "R, hull of the shifts with exact p > alpha"
        agrees(limits(shift), expected, method="hodges_lehmann interval", source=source, case=label)


@every_case
def test_without_ties_it_is_the_order_statistic_interval_of_wilcox_test(case):
    for ci in case["ci"]:
        expected = ci["order_statistic"]
        if case["ties"] or not expected["achievable"]:
            continue
        shift = hodges_lehmann(case["x"], case["y"], ci["level"])
        label, source = f"{case['name']} at {ci['level']}", "R wilcox.test(x, y, conf.int=TRUE)"
        limits_of_r = [expected["lower"], expected["upper"]]
        agrees(limits(shift), limits_of_r, method="hodges_lehmann order statistic", source=source, case=label)
        achieved = shift.conf_level_achieved
        agrees(achieved, expected["achieved"], method="conf_level_achieved", source="R 1-2*pwilcox(k-1)", case=label)


def test_published_examples():
    published = PUBLISHED["wilcoxon_untied"]
    shift = hodges_lehmann(published["y"], published["x"])
    assert shift.estimate == pytest.approx(published["HL_y_minus_x"], abs=1e-12)
    assert limits(shift) == pytest.approx(published["ci"], abs=1e-12)
    published = PUBLISHED["wilcoxon_tied"]
    shift = hodges_lehmann(published["smoke"], published["non"])
    assert shift.estimate == pytest.approx(published["HL"], abs=1e-12)
    low, high = published["ci_exact"]
    assert shift.conf_high == pytest.approx(high, abs=1e-12)
    # R coin begins at -0.76 although its own test does not reject -0.765 (p = 0.05003): the hull begins at -0.77.
    assert rank_test(np.round(np.add(published["smoke"], 0.765), 3), published["non"]).p_value > 0.05
    assert shift.conf_low == pytest.approx(low - 0.01, abs=1e-12)


def test_a_level_that_cannot_be_attained_gives_infinite_limits():
    # R wilcox.test gives the range of the differences and a warning; 2 v 2 attains 0.667 at most.
    shift = hodges_lehmann([1, 2], [3, 5], 0.95)
    assert limits(shift) == [-math.inf, math.inf]
    assert shift.conf_level_achieved == 1


def test_decimals_tie_as_they_were_recorded():
    # 0.1 - 0.6 and 0.6 - 1.1 are both -0.5, though not in binary: unmerged they would lower the achieved level.
    in_units = hodges_lehmann([7, 11, 1, 1, 6], [3, 6, 2, 11], 0.85)
    in_tenths = hodges_lehmann([0.7, 1.1, 0.1, 0.1, 0.6], [0.3, 0.6, 0.2, 1.1], 0.85)
    assert [10 * limit for limit in limits(in_tenths)] == pytest.approx(limits(in_units), rel=1e-12)
    assert in_tenths.conf_level_achieved == in_units.conf_level_achieved == pytest.approx(1 - 8 / 126)


def exact_p(x, y, two_sided="absolute_deviation"):
    """Return the share of all allocations as far out as this one, as a fraction: each listed, W counted by pairs."""
    pooled = [Fraction(v) for v in (*x, *y)]

    def won(first):
        rest = [v for i, v in enumerate(pooled) if i not in first]
        return sum(2 * (pooled[i] > v) + (pooled[i] == v) for i in first for v in rest)

    every = [won(set(chosen)) for chosen in itertools.combinations(range(len(pooled)), len(x))]
    at, centre = every[0], len(x) * len(y)
    if two_sided == "absolute_deviation":
        return Fraction(sum(abs(w - centre) >= abs(at - centre) for w in every), len(every))
    tail = min(sum(w <= at for w in every), sum(w >= at for w in every))
    return min(Fraction(1), Fraction(2 * tail, len(every)))


def exact_hull(x, y, alpha, two_sided):
    """Return the ends of the shifts whose exact p exceeds alpha, all of them tried."""
    at = sorted({a - b for a in x for b in y})
    middle = [(a + b) / 2 for a, b in itertools.pairwise(at)]
    kept = [d for d in [at[0] - 1, *at, *middle, at[-1] + 1] if exact_p([v - d for v in x], y, two_sided) > alpha]
    low = max((d for d in at if d <= min(kept)), default=-math.inf)
    high = min((d for d in at if d >= max(kept)), default=math.inf)
    return [low, high]


def test_a_p_that_equals_alpha_is_rejected_whatever_the_decimals_of_the_level():
    # By hand, 3 v 3 without ties: only the first and the last of 20 allocations are as far out as complete separation,
    # p = 2/20 = 1/10, so beyond the differences 1 - 6 and 5 - 2 every shift is rejected at 90%, and none at 91%.
    x, y = [1, 3, 5], [2, 4, 6]
    assert limits(hodges_lehmann(x, y, 0.90)) == [-5, 3]
    assert hodges_lehmann(x, y, 0.90).conf_level_achieved == 0.9
    assert limits(hodges_lehmann(x, y, 0.91)) == [-math.inf, math.inf]
    wrong = []
    pooled = [3, 0, 11, 1, 7, 7, 20, 5, 13]
    for n1, n2 in itertools.product(range(1, 5), range(1, 6)):
        x, y = pooled[:n1], pooled[n1 : n1 + n2]
        total = math.comb(n1 + n2, n1)
        for count, two_sided in itertools.product(range(2, total), ("absolute_deviation", "twice_smaller_tail")):
            alpha = Fraction(count, total)
            level = float(1 - alpha)
            # Only a level that a plan can write as a decimal equals one minus such a share.
            if Fraction(repr(level)) != 1 - alpha or count > total / 2 or count % 2:
                continue
            found = limits(hodges_lehmann(x, y, level, two_sided))
            if found != exact_hull(x, y, alpha, two_sided):
                wrong.append((x, y, level, two_sided, found))
    assert wrong == []


def test_a_p_beyond_64_bits_that_equals_alpha_is_counted():
    # By hand, 20 v 380 with one value that differs: it is one of the 20 with probability 20/400 = 0.05, and W is as far
    # from its mean only then. Moved by less than 7, all x lie below or above y but for that one.
    x, y = [7.0, *[0.0] * 19], [0.0] * 380
    assert rank_test(x, y).p_value == pytest.approx(0.05, rel=1e-12)
    assert hodges_lehmann(x, y, 0.95).conf_low == hodges_lehmann(x, y, 0.95).conf_high == 0
    shifted = Shifts(np.array(x), np.array(y), np.array([-1.0, 0.0, 1.0]), 1e-9, "absolute_deviation")
    assert isinstance(shifted.p_value(1), float)
    assert not shifted.exceeds(1, Fraction(1, 20))
    assert shifted.exceeds(1, Fraction(1, 20) - Fraction(1, 10**12))
    assert not shifted.exceeds(1, Fraction(1, 20) + Fraction(1, 10**12))


def test_two_constants_apart():
    shift = hodges_lehmann([5, 5, 5, 5], [2, 2, 2], 0.9)
    assert (shift.estimate, *limits(shift)) == (3, 3, 3)


@moderate
@given(tied, tied, st.integers(-5, 5), st.sampled_from([0.25, 1.0, 3.0]), levels)
def test_equivariant_to_shift_and_scale(x, y, move, scale, level):
    if not tell_apart(x, y) or not tell_apart(np.add(x, move), y):
        return
    plain = hodges_lehmann(x, y, level)
    moved = hodges_lehmann(np.add(x, move) * scale, np.multiply(y, scale), level)
    expected = [(value + move) * scale for value in (plain.estimate, *limits(plain))]
    assert [moved.estimate, *limits(moved)] == pytest.approx(expected, abs=1e-9)
    assert moved.conf_level_achieved == pytest.approx(plain.conf_level_achieved, abs=1e-12)


@moderate
@given(tied, tied, st.sampled_from(["absolute_deviation", "twice_smaller_tail", "point_probability"]), levels)
def test_turning_the_sign_of_the_data_turns_the_interval_round(x, y, two_sided, level):
    if tell_apart(x, y):
        plain = hodges_lehmann(x, y, level, two_sided)
        turned = hodges_lehmann(np.negative(x), np.negative(y), level, two_sided)
        assert [turned.estimate, *limits(turned)] == [-plain.estimate, -plain.conf_high, -plain.conf_low]
        assert turned.conf_level_achieved == plain.conf_level_achieved


@moderate
@given(tied, tied, levels)
def test_exchanging_the_groups_turns_the_sign(x, y, level):
    if tell_apart(x, y):
        shift, swapped = hodges_lehmann(x, y, level), hodges_lehmann(y, x, level)
        assert [swapped.estimate, *limits(swapped)] == [-shift.estimate, -shift.conf_high, -shift.conf_low]


@moderate
@given(tied, tied, levels, levels)
def test_contains_the_estimate_and_nests_by_level(x, y, level, other):
    if tell_apart(x, y):
        inner, outer = (hodges_lehmann(x, y, f(level, other)) for f in (min, max))
        assert outer.conf_low <= inner.conf_low <= inner.estimate <= inner.conf_high <= outer.conf_high
        assert inner.conf_level_achieved >= min(level, other) - 1e-12


@moderate
@given(tied, tied, levels, st.integers(-20, 20))
def test_a_shift_outside_the_interval_is_rejected_by_the_test(x, y, level, shift):
    if tell_apart(x, y) and tell_apart(np.subtract(x, shift), y):
        interval = hodges_lehmann(x, y, level)
        if not interval.conf_low <= shift <= interval.conf_high:
            assert exact_p(np.subtract(x, shift).tolist(), y) <= 1 - Fraction(repr(level))


@moderate
@given(untied, st.data(), levels)
def test_without_ties_both_limits_are_differences_of_the_same_rank(pooled, data, level):
    n1 = data.draw(st.integers(2, len(pooled) - 2))
    x, y = np.array(pooled[:n1]), np.array(pooled[n1:])
    differences = np.sort(np.subtract.outer(x, y).ravel())
    interval = hodges_lehmann(x, y, level)
    if math.isfinite(interval.conf_low):
        below = int((differences < interval.conf_low).sum())
        above = int((differences > interval.conf_high).sum())
        assert below == above or len(set(differences.tolist())) < differences.size


def test_sixty_subjects_with_ties_take_seconds_at_most():
    generator = np.random.default_rng(7)
    x, y = np.round(generator.normal(0, 2, 30), 1), np.round(generator.normal(1, 2, 30), 1)
    started = time.perf_counter()
    hodges_lehmann(x, y)
    assert time.perf_counter() - started < 5


@each(
    ("x", "y", "level", "message"),
    [
        ([], [1], 0.95, "x is empty"),
        ([1, float("nan")], [2], 0.95, "missing or infinite"),
        ([2, 2], [2], 0.95, "all values of x and y are equal"),
        ([1, 2], [3], 1.0, "conf_level"),
    ],
)
def test_bad_input_is_an_error(x, y, level, message):
    with pytest.raises(ValueError, match=message):
        hodges_lehmann(x, y, level)
