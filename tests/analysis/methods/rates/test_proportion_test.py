"""Exact tests of a proportion against R, and against the interval each one matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import blaker, exact_test, minimum_likelihood
from analysis.methods.rates.intervals import BINOMIAL_METHODS, binomial_interval, mid_p
from tests.analysis.methods.exact_reference import BINOMIAL, binomial_name
from tests.each import each
from tests.reference_check import agrees

MATCHING = {
    "central": clopper_pearson,
    "minimum-likelihood": minimum_likelihood,
    "blaker": blaker,
    "mid-p": mid_p,
}
moderate = settings(max_examples=60, deadline=None, derandomize=True)
subjects = st.integers(1, 60)
levels = st.floats(0.6, 0.999)


@st.composite
def counts(draw):
    n = draw(subjects)
    return draw(st.integers(0, n)), n


@each("case", BINOMIAL, ids=binomial_name)
def test_p_values_are_those_of_binom_test(case):
    x, n = case["x"], case["n"]
    for row in case["tests"]:
        # 15 digits of 1/3 are not 1/3, and the p-value of a tie turns on it.
        p0 = {0.333333333333333: 1 / 3, 0.666666666666667: 2 / 3}.get(row["p0"], row["p0"])
        tests = {name: exact_test(x, n, p0, name) for name in MATCHING}
        likelihood, mid = tests["minimum-likelihood"], tests["mid-p"]
        rows = [
            ("exact_test minimum-likelihood", likelihood.p_value, "two_sided", "R binom.test(x, n, p0)$p.value"),
            ("exact_test less", likelihood.p_less, "less", "R binom.test(alternative='less')"),
            ("exact_test greater", likelihood.p_greater, "greater", "R binom.test(alternative='greater')"),
            ("exact_test central", tests["central"].p_value, "twice_min_tail", "R 2 * min(less, greater)"),
            ("exact_test blaker", tests["blaker"].p_value, "blaker", "R, Blaker's acceptability"),
            ("exact_test mid-p less", mid.p_less, "midp_less", "R pbinom(x, n, p0) - dbinom(x, n, p0) / 2"),
            ("exact_test mid-p greater", mid.p_greater, "midp_greater", "R, mirrored"),
        ]
        for method, actual, r_name, source in rows:
            agrees(actual, row[r_name], method=method, source=source, case=f"{x}/{n} against {row['p0']}")


@moderate
@given(counts(), levels, st.floats(0.001, 0.999), st.sampled_from(sorted(MATCHING)))
def test_a_proportion_outside_the_interval_is_rejected_by_its_test(count, level, p0, definition):
    interval = MATCHING[definition](*count, level)
    if not interval.conf_low <= p0 <= interval.conf_high:
        assert exact_test(*count, p0, definition).p_value <= (1 - level) * (1 + 1e-9)


@moderate
@given(counts(), levels, st.sampled_from(sorted(MATCHING)))
def test_the_limits_are_tight(count, level, definition):
    interval = MATCHING[definition](*count, level)
    for limit, inwards in ((interval.conf_low, 1), (interval.conf_high, -1)):
        if 0 < limit < 1:
            just_inside = limit + inwards * 1e-9 * min(limit, 1 - limit)
            assert exact_test(*count, just_inside, definition).p_value > (1 - level) * (1 - 1e-6)


@moderate
@given(counts(), levels)
def test_clopper_pearson_inverts_the_one_sided_binomial_tests(count, level):
    interval = clopper_pearson(*count, level)
    if count[0] > 0:
        assert exact_test(*count, interval.conf_low).p_greater == pytest.approx((1 - level) / 2, rel=1e-9)
    if count[0] < count[1]:
        assert exact_test(*count, interval.conf_high).p_less == pytest.approx((1 - level) / 2, rel=1e-9)


@moderate
@given(counts(), levels, st.sampled_from(BINOMIAL_METHODS))
def test_every_interval_contains_the_estimate_and_stays_within_0_and_1(count, level, method):
    interval = binomial_interval(*count, level, method)
    assert 0 <= interval.conf_low <= count[0] / count[1] <= interval.conf_high <= 1


@moderate
@given(counts(), levels, st.sampled_from(BINOMIAL_METHODS))
def test_every_interval_rises_with_x(count, level, method):
    x, n = count
    if x < n:
        lower, higher = binomial_interval(x, n, level, method), binomial_interval(x + 1, n, level, method)
        assert lower.conf_low <= higher.conf_low
        assert lower.conf_high <= higher.conf_high


@moderate
@given(counts(), levels, levels, st.sampled_from(BINOMIAL_METHODS))
def test_every_interval_nests_by_level(count, level, other, method):
    inner = binomial_interval(*count, min(level, other), method)
    outer = binomial_interval(*count, max(level, other), method)
    assert outer.conf_low <= inner.conf_low * (1 + 1e-12)
    assert outer.conf_high >= inner.conf_high * (1 - 1e-12)


@moderate
@given(counts(), levels, st.sampled_from(BINOMIAL_METHODS))
def test_exchanging_events_and_non_events_mirrors_the_interval(count, level, method):
    x, n = count
    interval, mirrored = binomial_interval(x, n, level, method), binomial_interval(n - x, n, level, method)
    assert mirrored.conf_low == pytest.approx(1 - interval.conf_high, abs=1e-12)
    assert mirrored.conf_high == pytest.approx(1 - interval.conf_low, abs=1e-12)


@moderate
@given(counts(), levels)
def test_blaker_lies_within_clopper_pearson(count, level):
    narrow, wide = blaker(*count, level), clopper_pearson(*count, level)
    assert wide.conf_low <= narrow.conf_low * (1 + 1e-12)
    assert narrow.conf_high <= wide.conf_high * (1 + 1e-12)


def test_a_certain_null_hypothesis_is_allowed():
    assert exact_test(0, 5, 0).p_value == 1
    assert exact_test(1, 5, 0).p_value == 0
    for definition in MATCHING:
        assert exact_test(4, 5, 1, definition).p_value == 0


def test_one_subject():
    assert exact_test(1, 1, 0.05).p_greater == pytest.approx(0.05)
    assert exact_test(1, 1, 0.05).p_value == pytest.approx(0.1)


@each("p0", [-0.1, 1.1, float("nan"), None])
def test_a_null_proportion_outside_0_and_1_is_an_error(p0):
    with pytest.raises(ValueError, match="p0 must be"):
        exact_test(3, 10, p0)


def test_an_unknown_definition_is_an_error_that_lists_the_choices():
    with pytest.raises(ValueError, match="'central', 'minimum-likelihood', 'blaker', 'mid-p'"):
        exact_test(3, 10, 0.5, "two.sided")
