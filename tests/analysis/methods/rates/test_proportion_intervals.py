"""Every interval for a proportion against R, and against published values."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import blaker, exact_test, minimum_likelihood
from analysis.methods.rates.intervals import agresti_coull, binomial_interval, jeffreys, mid_p, wilson
from tests.analysis.methods.exact_reference import BINOMIAL, PUBLISHED, binomial_name, decimals, limits
from tests.each import each
from tests.reference_check import agrees

every_case = each("case", BINOMIAL, ids=binomial_name)


def compare(case, method, r_name, source, compute):
    for ci in case["ci"]:
        label = f"{case['x']}/{case['n']} at {ci['level']}"
        agrees(compute(case["x"], case["n"], ci["level"]), ci[r_name], method=method, source=source, case=label)


@every_case
def test_clopper_pearson_is_that_of_binom_test(case):
    source = "R binom.test(x, n, conf.level=)"
    compare(case, "clopper_pearson", "clopper_pearson", source, lambda *a: limits(clopper_pearson(*a)))


@every_case
def test_one_sided_clopper_pearson_bounds_are_those_of_binom_test(case):
    source = "R binom.test(x, n, alternative='greater' for lower, 'less' for upper)"
    lower, upper = "clopper_pearson_lower_1sided", "clopper_pearson_upper_1sided"
    compare(case, "clopper_pearson lower", lower, source, lambda *a: clopper_pearson(*a, "lower").conf_low)
    compare(case, "clopper_pearson upper", upper, source, lambda *a: clopper_pearson(*a, "upper").conf_high)


@every_case
def test_wilson_is_the_score_interval(case):
    source = "R prop.test(x, n, correct=FALSE)"
    for ci in case["ci"]:
        # R's closed form leaves 2e-17 at x = 0, where the limit is 0.
        low, high = ci["wilson"]
        expected = [0 if case["x"] == 0 else low, high]
        label = f"{case['x']}/{case['n']} at {ci['level']}"
        actual = limits(wilson(case["x"], case["n"], ci["level"]))
        agrees(actual, expected, method="wilson", source=source, case=label)


@every_case
def test_corrected_wilson_is_newcombes(case):
    source = "R, Newcombe 1998 method 4, closed form"
    name = "wilson, continuity corrected"
    compare(case, name, "wilson_cc_newcombe", source, lambda *a: limits(wilson(*a, continuity=True)))


@every_case
def test_jeffreys_with_and_without_the_boundary_rule(case):
    source = "R qbeta(c(a/2, 1-a/2), x+.5, n-x+.5)"
    compare(case, "jeffreys", "jeffreys_bcd", source, lambda *a: limits(jeffreys(*a)))
    plain = "jeffreys, no boundary rule"
    compare(case, plain, "jeffreys", source, lambda *a: limits(jeffreys(*a, boundary_rule=False)))


@every_case
def test_agresti_coull_is_limited_to_0_and_1(case):
    source = "R closed form, clipped"
    compare(case, "agresti_coull", "agresti_coull_clipped", source, lambda *a: limits(agresti_coull(*a)))


@every_case
def test_mid_p_solves_its_defining_equations(case):
    source = "R bisection of the defining equation"
    compare(case, "mid_p", "midp", source, lambda *a: limits(mid_p(*a)))
    compare(case, "mid_p lower", "midp_lower_1sided", source, lambda *a: mid_p(*a, "lower").conf_low)
    compare(case, "mid_p upper", "midp_upper_1sided", source, lambda *a: mid_p(*a, "upper").conf_high)


@every_case
def test_blaker_is_the_hull_of_the_acceptable_p(case):
    source = "R, jump points and bisection"
    compare(case, "blaker", "blaker", source, lambda *a: limits(blaker(*a)))


@each("key", ["clopper_pearson_95", "mid_p_95", "wilson_95", "blaker_95"])
def test_published_intervals(key):
    method = {"clopper_pearson_95": clopper_pearson, "mid_p_95": mid_p, "wilson_95": wilson, "blaker_95": blaker}[key]
    for case in PUBLISHED[key]:
        if "one_sided_upper95" in case:
            bound = method(case["x"], case["n"], 0.95, "upper").conf_high
            assert bound == pytest.approx(case["one_sided_upper95"], abs=decimals(case["one_sided_upper95"]))
            continue
        for actual, expected in zip(limits(method(case["x"], case["n"])), case["ci"], strict=True):
            assert actual == pytest.approx(expected, abs=max(decimals(expected), 1e-15)), case


@each("case", PUBLISHED["newcombe_1998"], ids=binomial_name)
def test_newcombes_table_of_1998(case):
    x, n = case["x"], case["n"]
    computed = {"mid_p": mid_p(x, n), "wilson": wilson(x, n), "wilson_cc": wilson(x, n, continuity=True)}
    for name in case.keys() & computed.keys():
        assert limits(computed[name]) == pytest.approx(case[name], abs=5.1e-5)


def test_the_letters_ten_patients():
    # The two-sided 95% and the one-sided 95% upper bound at 0/10 differ: a label says which.
    two_sided, upper = clopper_pearson(0, 10), clopper_pearson(0, 10, sides="upper")
    assert (two_sided.conf_low, upper.conf_low) == (0, 0)
    assert two_sided.conf_high == pytest.approx(0.30849710781876083, rel=1e-12)
    assert upper.conf_high == pytest.approx(1 - 0.05**0.1, rel=1e-12)
    assert (two_sided.conf_type, upper.conf_type) == ("clopper-pearson", "clopper-pearson, one-sided upper")


def test_wilson_is_corrected_at_one_half_too():
    # R prop.test(3, 6, correct=TRUE) applies no correction at x = n/2 and gives 0.18762.
    assert wilson(3, 6, continuity=True).conf_low == pytest.approx(0.13947, abs=5e-6)


def test_blaker_is_within_clopper_pearson_where_the_minimum_likelihood_interval_differs_from_both():
    # R traps: x = 0, n = 5, 90%: minimum-likelihood 0.40075, Blaker 0.39344, Clopper-Pearson 0.45072.
    upper = [method(0, 5, 0.9).conf_high for method in (minimum_likelihood, blaker, clopper_pearson)]
    assert upper == pytest.approx([0.40075, 0.39344, 0.45072], abs=5e-6)


def test_minimum_likelihood_agrees_with_statsmodels_away_from_its_gap():
    # Its root search stops within about 1e-8.
    for x, n in [(0, 5), (3, 10), (7, 10), (4, 20), (15, 30)]:
        limits_of_statsmodels = proportion_confint(x, n, alpha=0.05, method="binom_test")
        assert limits(minimum_likelihood(x, n)) == pytest.approx(limits_of_statsmodels, abs=1e-7)


def test_minimum_likelihood_holds_every_p_its_test_accepts_where_statsmodels_stops_early():
    # The p-value of 1/30 falls below 5% at 0.163 and is above it again from 0.176 to 0.177; statsmodels stops at the first.
    accepted = 0.176
    assert exact_test(1, 30, accepted, "minimum-likelihood").p_value > 0.05
    assert proportion_confint(1, 30, alpha=0.05, method="binom_test")[1] < accepted
    assert minimum_likelihood(1, 30).conf_high > accepted


@each("method", [blaker, minimum_likelihood])
@each(("x", "level"), [(3, 0.95), (700, 0.9), (1000, 0.999), (1998, 0.5)])
def test_the_limits_of_many_subjects_are_where_the_test_turns(method, x, level):
    low, high = limits(method(x, 2001, level))
    name = method(x, 2001, level).conf_type
    inside, outside = (low + 1e-9, high - 1e-9), (low - 1e-9, high + 1e-9)
    assert all(exact_test(x, 2001, p, name).p_value > 1 - level for p in inside)
    assert all(exact_test(x, 2001, p, name).p_value <= 1 - level for p in outside)


def test_dispatch_gives_the_named_interval():
    assert binomial_interval(3, 10, 0.9, "mid-p") == mid_p(3, 10, 0.9)
    assert binomial_interval(3, 10) == clopper_pearson(3, 10)


@each("method", [clopper_pearson, wilson, jeffreys, agresti_coull, mid_p, blaker, minimum_likelihood])
@each(
    ("x", "n", "level", "message"),
    [
        (11, 10, 0.95, "must not exceed n"),
        (-1, 10, 0.95, "whole number"),
        (1.5, 10, 0.95, "whole number"),
        (float("nan"), 10, 0.95, "whole number"),
        (None, 10, 0.95, "must be a number"),
        (0, 0, 0.95, "at least 1"),
        (3, 10, 95, "strictly between 0 and 1"),
        (3, 10, 0, "strictly between 0 and 1"),
        (3, 10, 1, "strictly between 0 and 1"),
        (3, 10, float("nan"), "strictly between 0 and 1"),
        (3, 10, "0.95", "must be a number"),
    ],
)
def test_bad_input_is_a_clear_error(method, x, n, level, message):
    with pytest.raises(ValueError, match=message):
        method(x, n, level)


def test_unknown_names_are_errors_that_list_the_choices():
    with pytest.raises(ValueError, match="'clopper-pearson'"):
        binomial_interval(3, 10, 0.95, "wald")
    with pytest.raises(ValueError, match="'two-sided', 'lower', 'upper'"):
        clopper_pearson(3, 10, 0.95, "greater")
