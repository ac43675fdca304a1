"""Where rounding or overflow would show: constants, certainties, very large and very small values."""

import math

import pytest

from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.two_proportions import fisher_exact
from analysis.methods.survival.curve_estimates import restricted_mean
from analysis.methods.survival.kaplan_meier import reverse_kaplan_meier
from analysis.methods.values.description import describe, geometric_cv
from tests.each import each


@each("value", [0.1, 5.0, 7.3, 1e-300, 1e150])
@each("n", [1, 3, 10])
def test_constants_are_described_exactly(value, n):
    described = describe([value] * n)
    assert (described.mean, described.median, described.geometric_mean) == (value, value, value)
    assert described.sd == (0 if n > 1 else None)
    summary = geometric_cv([value] * n)
    assert (summary.mean, summary.cv_percent) == (value, 0 if n > 1 else None)


def test_a_geometric_variation_beyond_the_largest_number_has_a_reason():
    summary = geometric_cv([1e-9, 1e12])
    assert summary.mean == pytest.approx(math.sqrt(1e3), rel=1e-12)
    assert summary.cv_percent is None
    assert summary.reason == "the coefficient of variation is larger than a computer can hold"


def test_one_very_large_value_does_not_tie_the_others():
    # By ranks 1e6 and 1e12 are the same: the largest.
    moderate, extreme = (hodges_lehmann([large, 1, 2, 3, 9], [4, 5, 6, 7, 8.5], 0.8) for large in (1e6, 1e12))
    assert extreme == moderate
    assert (extreme.conf_low, extreme.conf_high) == (-5, 5)
    # Of the choose(10, 5) = 252 allocations.
    assert extreme.conf_level_achieved == pytest.approx(1 - 38 / 252, rel=1e-12)


def test_differences_of_decimals_tie_as_recorded():
    # 0.3 - 0.1 and 0.5 - 0.3 are both 0.2 and differ in binary: the same interval as in tenths.
    in_units = hodges_lehmann([3, 5, 9], [1, 3, 4], 0.8)
    in_tenths = hodges_lehmann([0.3, 0.5, 0.9], [0.1, 0.3, 0.4], 0.8)
    assert 0.3 - 0.1 != 0.5 - 0.3
    assert in_tenths.conf_level_achieved == in_units.conf_level_achieved
    assert 10 * in_tenths.conf_low == pytest.approx(in_units.conf_low, rel=1e-12)
    assert 10 * in_tenths.conf_high == pytest.approx(in_units.conf_high, rel=1e-12)


def test_a_restricted_mean_where_ties_leave_nobody_at_risk():
    # Reverse curve: the censoring at 1 takes 1 of 3; at 2 and 3 only events, and at 3 nobody is left.
    curve = reverse_kaplan_meier([1, 2, 3], [0, 1, 1], ties="removed")
    assert curve.n_risk.tolist() == [3, 1, 0]
    result = restricted_mean(curve, 3)
    assert result.estimate == pytest.approx(1 + 2 * 2 / 3, rel=1e-14)
    # (area after 1)^2 d / (n (n - d)) = (4/3)^2 / 6
    assert result.std_err == pytest.approx(math.sqrt(16 / 9 / 6), rel=1e-14)


@each("n", range(1, 31))
def test_a_table_with_equal_groups_has_p_of_exactly_1(n):
    # No table is more probable than the middle one, so all are as extreme: never 0.9999999999999998.
    for x in range(n + 1):
        assert fisher_exact(x, n, x, n).p_value == 1
        assert fisher_exact(x, n, x, n, "central").p_value == 1
    assert (fisher_exact(n, n, 0, n).p_less, fisher_exact(0, n, n, n).p_greater) == (1, 1)
