"""The exact unconditional interval for a difference of proportions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.two_proportions import difference_interval
from tests.analysis.methods.exact_reference import PUBLISHED, decimals, limits
from tests.each import each
from tests.reference_check import agrees

moderate = settings(max_examples=25, deadline=None, derandomize=True)


@st.composite
def tables(draw):
    n1, n2 = draw(st.integers(1, 10)), draw(st.integers(1, 10))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


def largest_tail(x1, n1, x2, n2, delta):
    """P(difference >= observed), the largest over a fine grid of the nuisance proportion."""
    p2 = np.linspace(max(0, -delta), min(1, 1 - delta), 4001)
    group1 = binom.pmf(np.arange(n1 + 1)[:, None], n1, np.clip(p2 + delta, 0, 1))
    group2 = binom.pmf(np.arange(n2 + 1)[:, None], n2, p2)
    at_least = np.arange(n1 + 1)[:, None] * n2 - np.arange(n2 + 1) * n1 >= x1 * n2 - x2 * n1
    return np.einsum("im,jm,ij->m", group1, group2, at_least.astype(float)).max()


@each("case", PUBLISHED["difference_95"], ids=["40of78v5of17", "3of4v1of2"])
def test_published_intervals_in_percent(case):
    interval = difference_interval(case["x1"], case["n1"], case["x2"], case["n2"]).interval
    table = f"{case['x1']}/{case['n1']} v {case['x2']}/{case['n2']}"
    for actual, expected, limit in zip(limits(interval), case["percent"], ("lower", "upper"), strict=True):
        printed = decimals(expected) / abs(expected)
        label = f"{table} {limit}"
        agrees(100 * actual, expected, printed, method="difference_interval percent", source=case["src"], case=label)


@moderate
@given(tables(), st.floats(0.7, 0.99))
def test_each_limit_puts_half_of_alpha_in_the_worst_tail(table, level):
    x1, n1, x2, n2 = table
    interval = difference_interval(*table, level).interval
    if interval.conf_low > -1:
        assert largest_tail(*table, interval.conf_low) == pytest.approx((1 - level) / 2, rel=1e-4)
    if interval.conf_high < 1:
        assert largest_tail(x2, n2, x1, n1, -interval.conf_high) == pytest.approx((1 - level) / 2, rel=1e-4)


@moderate
@given(tables(), st.floats(0.7, 0.99))
def test_the_interval_contains_the_estimate_nests_and_mirrors(table, level):
    x1, n1, x2, n2 = table
    difference = difference_interval(*table, level)
    interval, wider = difference.interval, difference_interval(*table, (1 + level) / 2).interval
    assert -1 <= wider.conf_low <= interval.conf_low <= difference.estimate
    assert difference.estimate <= interval.conf_high <= wider.conf_high <= 1
    mirrored = difference_interval(x2, n2, x1, n1, level).interval
    assert limits(mirrored) == [-interval.conf_high, -interval.conf_low]


def test_coverage_is_at_least_the_level_whatever_the_proportions():
    n1, n2, level = 7, 3, 0.95
    intervals = {
        (a, b): difference_interval(a, n1, b, n2, level).interval for a in range(n1 + 1) for b in range(n2 + 1)
    }
    for p1 in np.linspace(0, 1, 11):
        for p2 in np.linspace(0, 1, 11):
            covered = sum(
                binom.pmf(a, n1, p1) * binom.pmf(b, n2, p2)
                for (a, b), interval in intervals.items()
                if interval.conf_low - 1e-12 <= p1 - p2 <= interval.conf_high + 1e-12
            )
            assert covered >= level - 1e-12


def test_one_certain_group_leaves_the_interval_of_the_other():
    # With 7/10 v 0/1 the upper limit is reached at p2 = 0, where group 1 could be certain: 1 - 0.025.
    assert difference_interval(7, 10, 0, 1).interval.conf_high == pytest.approx(0.975, abs=1e-9)
    # 1/2 v 0/1: the upper limit solves p1^2 (1 - p2) = 0.975 at p2 = 0.
    assert difference_interval(1, 2, 0, 1).interval.conf_high == pytest.approx(0.975**0.5, rel=1e-12)


def test_one_sided_bounds_spend_alpha_on_one_side():
    two_sided = difference_interval(7, 10, 1, 5, 0.9).interval
    lower = difference_interval(7, 10, 1, 5, 0.95, sides="lower").interval
    upper = difference_interval(7, 10, 1, 5, 0.95, sides="upper").interval
    assert (lower.conf_low, lower.conf_high) == (pytest.approx(two_sided.conf_low, abs=1e-12), 1)
    assert (upper.conf_low, upper.conf_high) == (-1, pytest.approx(two_sided.conf_high, abs=1e-12))
    assert clopper_pearson(7, 10, 0.95, "lower").conf_type.endswith("one-sided lower")
    assert lower.conf_type.endswith("one-sided lower")


@each("table", [(1, 0, 1, 2), (0, 0, 1, 2), (3, 2, 1, 2), (1, 2, 1.5, 2)])
def test_bad_tables_are_errors(table):
    with pytest.raises(ValueError, match="must"):
        difference_interval(*table)
