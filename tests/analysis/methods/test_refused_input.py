"""What is not a number, a flag or a label is refused with a ValueError, never guessed at and never another error."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.methods.ranks.rank_test import normal_approximation, rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.intervals import jeffreys, wilson
from analysis.methods.rates.posterior import beta_posterior
from analysis.methods.rates.two_proportions import fisher_exact
from analysis.methods.states.switch import censor_at
from analysis.methods.survival.competing_risks import aalen_johansen
from analysis.methods.survival.curve_estimates import quantile, restricted_mean
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.logrank import logrank
from analysis.methods.values.course import auc, last_quantifiable, peak, replace_below_quantification
from analysis.methods.values.description import count, describe, geometric_cv
from tests.each import each

CURVE = kaplan_meier([1, 2, 3], [1, 0, 1])
HUGE = 10**400


def two_groups(rho):
    return logrank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "b", "a", "b"], rho=rho)


@each(
    ("call", "message"),
    [
        (lambda: quantile(CURVE, None), "^p must be a number, not None"),
        (lambda: quantile(CURVE, "0.5"), "^p must be a number, not '0.5'"),
        (lambda: two_groups(None), "^rho must be a number, not None"),
        (lambda: two_groups("1"), "^rho must be a number, not '1'"),
        (lambda: two_groups([1]), r"^rho must be a number, not \[1\]"),
        (lambda: two_groups(math.inf), "^rho must be a finite number"),
        (lambda: auc([0, 28], [1, 2], None, 28), "^start must be a number, not None"),
        (lambda: auc([0, 28], [1, 2], 0, "28"), "^end must be a number, not '28'"),
        (lambda: wilson(True, 10), "^x must be a number, not True"),
        (lambda: clopper_pearson(1, True), "^n must be a number, not True"),
        (lambda: count(False, 10), "^n must be a number, not False"),
    ],
)
def test_what_is_not_a_number(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@each(
    ("call", "message"),
    [
        (lambda: clopper_pearson(1, HUGE), "^n must be a number a computer can hold"),
        (lambda: clopper_pearson(1, 2, HUGE), "^conf_level must be a number a computer can hold"),
        (lambda: beta_posterior(1, 2, HUGE, 1, 0.5), "^a must be a number a computer can hold"),
        (lambda: quantile(CURVE, HUGE), "^p must be a number a computer can hold"),
        (lambda: describe([1, HUGE]), "^values must be numbers"),
        (lambda: kaplan_meier([1, HUGE], [1, 0]), "^time must be numbers"),
        (lambda: fisher_exact(1, 2**31, 1, 2), r"^n must be below 2\^31, not 2147483648"),
        (lambda: hodges_lehmann([1e308, 1], [-1e308]), "^x and y hold values too large to be subtracted"),
        (lambda: describe([1e308] * 3), r"^values are too large to be squared, at positions \[0, 1, 2\]"),
    ],
)
def test_numbers_too_large_to_compute_with(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@each(
    ("call", "message"),
    [
        (lambda: describe([b"1.5"]), "^values must be numbers"),
        (lambda: describe([1, b"1.5", None]), "^values must be numbers"),
        (lambda: describe([[1, 2], [3]]), "^values must be one-dimensional"),
        (lambda: peak([1, 2], [1, pd.NA]), "^values must be numbers"),
        (lambda: replace_below_quantification([1], [False], pd.NA, "half"), "^lloq must be numbers"),
        (lambda: replace_below_quantification([1], [False], "0.1", "half"), "^lloq must be numbers"),
    ],
)
def test_values_that_are_not_a_row_of_numbers(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@each("name", [pd.NA, None, 1, ["left"]])
def test_a_rule_is_a_name(name):
    with pytest.raises(ValueError, match=r"^rule must be one of 'midpoint'"):
        quantile(CURVE, 0.5, name)


@each("value", ["no", [], None, 1, 0.0])
def test_an_option_is_true_or_false(value):
    with pytest.raises(ValueError, match=r"^continuity must be True or False"):
        wilson(3, 10, continuity=value)
    with pytest.raises(ValueError, match=r"^continuity must be True or False"):
        normal_approximation([1, 2], [3, 4], continuity=value)
    with pytest.raises(ValueError, match=r"^boundary_rule must be True or False"):
        jeffreys(3, 10, boundary_rule=value)
    with pytest.raises(ValueError, match=r"^extend must be True or False"):
        restricted_mean(CURVE, 2, extend=value)


def test_an_option_may_come_from_an_array():
    assert wilson(3, 10, continuity=np.True_) == wilson(3, 10, continuity=True)
    result = normal_approximation([1, 2], [3, 4], continuity=np.False_)
    assert result.continuity is False


@each("causes", [["a"], None, [0], [-1], [1.5], [2**31], [HUGE], 2, "12"])
def test_causes_asked_for_are_codes(causes):
    with pytest.raises(ValueError, match=r"^causes must be"):
        aalen_johansen([1, 2], [1, 0], causes=causes)


def test_a_cause_code_has_at_most_31_bits():
    largest = 2**31 - 1
    assert aalen_johansen([1, 2], [largest, 0]).of(largest).incidence.tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match=r"^cause must be 0 \(censored\) or a code 1, 2, .*positions \[1\]"):
        aalen_johansen([1, 2], [1, 2**31])


@each("labels", [[1, [2]], [{1}, {2}], [1j, 2j]])
def test_labels_that_cannot_be_compared(labels):
    with pytest.raises(ValueError, match=r"^group must hold plain labels"):
        logrank([1, 2], [1, 1], labels)


def test_what_a_mask_hides_is_missing():
    values = np.ma.masked_array([1.0, 999.0, 3.0], mask=[False, True, False])
    described = describe(values)
    assert (described.n, described.n_missing, described.maximum) == (2, 1, 3)
    assert peak([1, 2, 3], values).value == 3
    whole = np.ma.masked_array([1, 999, 3], mask=[False, True, False])
    assert geometric_cv(whole).n_missing == 1
    assert censor_at([5, 5, 5], [1, 1, 1], np.ma.masked_less(whole, 2)).switched.tolist() == [False, False, True]
    with pytest.raises(ValueError, match=r"^x has missing or infinite values at positions \[1\]"):
        rank_test(values, [1, 2])
    with pytest.raises(ValueError, match=r"^event must be 1 .* it is not at positions \[0\]"):
        kaplan_meier([1, 2], np.ma.masked_array([1, 0], mask=[True, False]))
    with pytest.raises(ValueError, match=r"^below must be True or False .* positions \[0\]"):
        last_quantifiable([1, 2], np.ma.masked_array([True, False], mask=[True, False]))
    with pytest.raises(ValueError, match=r"^lloq must be finite"):
        replace_below_quantification([1, 2], [False, False], np.ma.masked_array([1, 1], mask=[True, False]), "half")
    with pytest.raises(ValueError, match=r"^group is missing at positions \[1\]"):
        logrank([1, 2, 3], [1, 1, 1], np.ma.masked_array(["a", "b", "c"], mask=[False, True, False]))


def test_a_mask_without_effect_changes_nothing():
    groups = np.ma.masked_array(["a", "b", "a"], mask=False)
    assert logrank([1, 2, 3], [1, 1, 1], groups).groups == ("a", "b")


def test_flags_may_be_0_and_1():
    assert last_quantifiable([7, 14, 28], [0, 0, 1]) == 14
    assert last_quantifiable([7, 14, 28], [0.0, 1.0, np.True_]) == 7
    assert replace_below_quantification([3, math.nan], [0, 1], 0.1, "half").tolist() == [3, 0.05]


@each("below", [[0, 2], [None, True], ["", "Y"]])
def test_flags_are_nothing_else(below):
    with pytest.raises(ValueError, match=r"^below must be True or False for every measurement"):
        last_quantifiable([7, 14], below)
