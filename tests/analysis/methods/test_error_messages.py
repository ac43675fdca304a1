"""Every refusal says first which input is wrong, by the name the caller gave it."""

import math

import pytest

from analysis.methods.common import Estimate
from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import exact_test
from analysis.methods.rates.intervals import binomial_interval, coverage, mid_p, wilson
from analysis.methods.rates.posterior import beta_posterior
from analysis.methods.rates.two_proportions import difference_interval, fisher_exact, odds_ratio
from analysis.methods.states.switch import censor_at, landmark_subset, split_at
from analysis.methods.states.time_dependent import mantel_byar, simon_makuch
from analysis.methods.survival.bpcp import bpcp, bpcp_at
from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
from analysis.methods.survival.curve_estimates import n_risk_at, quantile, restricted_mean, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier, reverse_kaplan_meier
from analysis.methods.survival.logrank import logrank
from analysis.methods.values.course import auc, last_quantifiable, peak, replace_below_quantification
from analysis.methods.values.description import count, describe, geometric_cv
from tests.each import each

NAN = float("nan")
CURVE = kaplan_meier([1, 2, 3], [1, 0, 1])
INCIDENCE = aalen_johansen([1, 2, 3], [1, 2, 0])
BETA_PRODUCT = bpcp([1, 2, 3], [1, 0, 1])


def says(call, beginning):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value).startswith(beginning)


@each(
    ("call", "beginning"),
    [
        (lambda: wilson(1.5, 10), "x must be a whole number"),
        (lambda: wilson(0, 2.5), "n must be a whole number"),
        (lambda: wilson(0, 0), "n must be at least 1: a proportion of no subjects does not exist."),
        (lambda: clopper_pearson(3, 10, "0.95"), "conf_level must be a number"),
        (lambda: clopper_pearson(3, 10, sides="greater"), "sides must be one of 'two-sided', 'lower', 'upper', not"),
        (lambda: mid_p(3, 10, sides="greater"), "sides must be one of 'two-sided', 'lower', 'upper', not"),
        (lambda: binomial_interval(3, 10, 0.95, "wald"), "method must be one of"),
        (lambda: coverage(10, [0.5, 1.1]), "p must hold probabilities between 0 and 1, none missing."),
        (lambda: coverage(10, ["half"]), "p must be numbers"),
        (lambda: exact_test(3, 10, 1.5), "p0 must be a probability"),
        (lambda: exact_test(3, 10, 0.5, "two-sided"), "definition must be one of 'central'"),
        (lambda: beta_posterior(3, 10, 0, 1, 0.5), "a must be a finite number above 0"),
        (lambda: beta_posterior(3, 10, 1, -1, 0.5), "b must be a finite number above 0"),
        (lambda: beta_posterior(3, 10, 1, 1, 2), "threshold must be a probability"),
        (lambda: fisher_exact(1, 3, 2, 4, "chi-square"), "definition must be one of"),
        (lambda: odds_ratio(1, 3, 2, 4, sides="greater"), "sides must be one of 'two-sided', 'lower', 'upper', not"),
        (lambda: difference_interval(1, 3, 2, 4, sides="less"), "sides must be one of 'two-sided', 'lower', 'upper'"),
    ],
)
def test_of_proportions(call, beginning):
    says(call, beginning)


@each(
    ("call", "beginning"),
    [
        (lambda: describe(["a"]), "values must be numbers"),
        (lambda: describe([]), "values is empty: there are no subjects to describe."),
        (lambda: describe([1, math.inf, 2, -math.inf]), "values has infinite values at positions [1, 3]."),
        (lambda: describe([1], "type7"), "quantile must be one of 'r1', 'r2'"),
        (lambda: count(1.5, 10), "n must be a whole number"),
        (lambda: count(1, -2), "denominator must be a whole number"),
        (lambda: geometric_cv(["a"]), "values must be numbers"),
        (lambda: geometric_cv([]), "values must hold at least one subject and no infinite value."),
        (lambda: peak(["a"], [1]), "days must be numbers"),
        (lambda: peak([1], ["a"]), "values must be numbers"),
        (lambda: peak([], []), "days is empty: a course needs at least one measurement."),
        (lambda: peak([1, NAN], [1, 2]), "a day is missing or infinite: [nan]."),
        (lambda: last_quantifiable([1, 2], ["Y", "N"]), "below must be True or False for every measurement."),
        (lambda: auc([0, 7], [1, 2], 0, 7, "log"), "rule must be one of 'linear-up/log-down', 'linear'"),
        (lambda: auc([0, 7], [1, 2], 3, 3), "the window must run from an earlier to a later day, not from 3 to 3."),
        (lambda: auc([0, 7, 7], [1, 2, 3], 0, 7), "days must differ: two values on one day"),
        (lambda: rank_test(["a"], [1]), "x must be numbers"),
        (lambda: rank_test([1], ["a"]), "y must be numbers"),
        (lambda: rank_test([2, 2], [2]), "all values of x and y are equal: their ranks cannot tell the groups apart."),
        (lambda: rank_test([1, 2], [3], "doubled"), "two_sided must be one of 'absolute_deviation'"),
        (lambda: hodges_lehmann([1, 2], [3], 0.95, "doubled"), "two_sided must be one of 'absolute_deviation'"),
        (lambda: Estimate(estimate=NAN), "An estimate or limit that does not exist is None with a reason, never NaN."),
        (lambda: Estimate(estimate=None), "Give a reason when there is no estimate, and only then."),
    ],
)
def test_of_measurements(call, beginning):
    says(call, beginning)


@each(
    ("value", "below", "lloq", "rule", "beginning"),
    [
        (["a"], [False], 0.1, "half", "values must be numbers"),
        ([1], [False], 0.1, "third", "rule must be one of 'zero', 'half', 'lloq', 'missing', not"),
        ([1], [False], [[0.1]], "half", "lloq must be one number or one for each of the 1 values."),
        ([1, 2], [False, False], [0.1, None], "half", "lloq must be finite and above 0."),
        ([NAN], [False], 0.1, "half", "a quantifiable value is missing or infinite: [nan]."),
        ([-1], [True], 0.1, "half", "a value is negative: [-1.0]."),
        ([0.05], [False], 0.1, "half", "a value under its lloq is not marked as below quantification: [0.05]."),
        ([0.1], [True], 0.1, "half", "a value at or above its lloq is marked as below quantification: [0.1]."),
    ],
)
def test_of_values_below_quantification(value, below, lloq, rule, beginning):
    says(lambda: replace_below_quantification(value, below, lloq, rule), beginning)


@each(
    ("call", "beginning"),
    [
        (lambda: kaplan_meier(["a"], [1]), "time must be numbers"),
        (lambda: kaplan_meier([], []), "time is empty: a group needs at least one value."),
        (lambda: kaplan_meier([1], ["a"]), "event must be numbers"),
        (lambda: kaplan_meier([0, 0.5, -2], [1, 1, 1]), "time is negative at positions [2]"),
        (lambda: kaplan_meier([1, 2], [1]), "event has 1 values where 2 are needed"),
        (
            lambda: kaplan_meier([1, 2, 3], [0, 1, 2]),
            "event must be 1 (event) or 0 (censored); it is not at positions [2]",
        ),
        (lambda: kaplan_meier([1, 2], [1, 0], 0.95, "loglog"), "conf_type must be one of 'log-log', 'log', 'plain'"),
        (lambda: survival_at(CURVE, -1), "times is negative at positions [0]"),
        (lambda: n_risk_at([1, NAN], [1]), "time has missing or infinite values at positions [1]"),
        (lambda: n_risk_at([1, 2], [NAN]), "times has missing or infinite values at positions [0]"),
        (lambda: quantile(CURVE, 1), "p must be strictly between 0 and 1"),
        (lambda: quantile(CURVE, 0), "p must be strictly between 0 and 1"),
        (lambda: quantile(CURVE, 0.5, "middle"), "rule must be one of 'midpoint', 'table', 'sas', 'left', 'right'"),
        (lambda: restricted_mean(CURVE, "12"), "tau must be a number"),
        (lambda: restricted_mean(CURVE, 0), "tau must be a finite number above 0"),
        (lambda: reverse_kaplan_meier([1], [1], ties="first"), "ties must be one of 'at-risk', 'removed'"),
        (lambda: bpcp_at(BETA_PRODUCT, -1), "times is negative at positions [0]"),
        (lambda: incidence_at(INCIDENCE, 1, -1), "times is negative at positions [0]"),
        (
            lambda: aalen_johansen([1], [1], conf_type="logit"),
            "conf_type must be one of 'log-log', 'log', 'plain', not",
        ),
        (lambda: aalen_johansen([1], ["relapse"]), "cause must be numbers"),
        (lambda: censor_at([1, 2], [1, 0], ["a", "b"]), "switch_time must be numbers"),
        (lambda: censor_at([1, 2], [1, 0], [1]), "switch_time has 1 values where 2 are needed"),
        (lambda: split_at([1, 2, 3], [1, 0, 0], [NAN, -1, 0]), "switch_time is negative at positions [1]"),
        (lambda: landmark_subset([1, 2], [1, 0], [1], 1), "exposure_time has 1 values where 2 are needed"),
        (lambda: landmark_subset([1, 2], [1, 0], [1, 1], 0), "landmark must be a finite number above 0"),
        (lambda: logrank([1, 2], [1, 1], ["a", "b"], math.inf), "rho must be a finite number"),
        (lambda: mantel_byar(["a"], [1], [1], [0]), "start must be numbers"),
        (lambda: mantel_byar([0], ["a"], [1], [0]), "stop must be numbers"),
        (lambda: mantel_byar([0], [1], [2], [0]), "event must be 1"),
        (lambda: mantel_byar([0], [1], [1], [2]), "exposed must be 1"),
        (lambda: simon_makuch([0], [1], [1], [0], landmark=-1), "landmark is negative"),
    ],
)
def test_of_times_to_event(call, beginning):
    says(call, beginning)
