"""Posterior of a proportion under a beta prior, against R's qbeta and pbeta."""

import pytest

from analysis.methods.rates.intervals import jeffreys
from analysis.methods.rates.posterior import beta_posterior, reaches
from tests.analysis.methods.exact_reference import limits
from tests.each import each
from tests.reference_check import agrees

# R: c(qbeta(.5, a+x, b+n-x), pbeta(t, a+x, b+n-x, lower.tail=FALSE), qbeta(c(.025, .975), a+x, b+n-x))
POSTERIORS = [
    ((7, 10, 1, 1, 0.5), (0.6761955374148125, 0.8867187500000000, 0.3902574404275787, 0.8907365561809019)),
    (
        (0, 10, 0.5, 0.5, 0.2),
        (2.194016676871745e-02, 3.238741167528188e-02, 4.789043315758193e-05, 2.171962675092105e-01),
    ),
    ((10, 10, 1, 1, 0.9), (0.9389309106617063, 0.6861894039099998, 0.7150858470818455, 0.9977010277861857)),
    ((3, 10, 2.5, 7.5, 0.3), (0.2673795927925531, 0.3751151790294493, 0.1082327682086040, 0.4842337871557322)),
    ((1, 1, 1, 1, 0.5), (0.7071067811865476, 0.7500000000000000, 0.1581138830084190, 0.9874208829065749)),
]


@each(("arguments", "expected"), POSTERIORS)
def test_quantiles_and_tail_are_those_of_the_beta_distribution(arguments, expected):
    posterior = beta_posterior(*arguments)
    actual = [posterior.median, posterior.prob_above, *limits(posterior.interval)]
    agrees(actual, list(expected), method="beta_posterior", source="R qbeta, pbeta", case=str(arguments))


def test_parameters_and_moments():
    posterior = beta_posterior(3, 10, 2.5, 7.5, 0.3)
    assert (posterior.a, posterior.b) == (5.5, 14.5)
    assert posterior.mean == pytest.approx(0.275, rel=1e-15)
    assert posterior.sd == pytest.approx((5.5 * 14.5 / (20**2 * 21)) ** 0.5, rel=1e-12)
    assert posterior.interval.conf_type == "equal-tailed credible, prior Beta(2.5, 7.5)"


def test_jeffreys_prior_gives_the_jeffreys_interval():
    interval = beta_posterior(3, 10, 0.5, 0.5, 0.3).interval
    assert limits(interval) == pytest.approx(limits(jeffreys(3, 10)), rel=1e-12)


def test_no_rate_is_certain_though_floating_point_cannot_tell():
    """R: pbeta(.3, 41, 1, lower.tail = FALSE) is 1, and by hand 1 - 0.3 ** 41 = 1 - 3.6e-22; with n = 400, 0.7 ** 401 is
    6e-63. Of Beta(0.001, 10.001) the lower 2.5% quantile is about 0.025 ** 1000, which no double holds."""
    assert 0 < 1 - beta_posterior(40, 40, 1, 1, 0.3).prob_above < 2e-15
    assert 0 < beta_posterior(0, 400, 1, 1, 0.3).prob_above < 1e-60
    assert 0 < beta_posterior(0, 4000, 1, 1, 0.5).prob_above <= 1e-300  # 0.5 ** 4001
    assert 0 < beta_posterior(0, 10, 0.001, 0.001, 0.3).interval.conf_low <= 1e-300
    assert 0 < 1 - beta_posterior(10, 10, 0.001, 0.001, 0.3).interval.conf_high < 2e-15


def test_thresholds_at_the_edges():
    assert beta_posterior(3, 10, 1, 1, 0).prob_above == 1
    assert beta_posterior(3, 10, 1, 1, 1).prob_above == 0


@each(
    ("arguments", "message"),
    [
        ((3, 10, 0, 1, 0.5), "a must be a finite number above 0"),
        ((3, 10, 1, -1, 0.5), "b must be a finite number above 0"),
        ((3, 10, 1, float("nan"), 0.5), "b must be"),
        ((3, 10, 1, 1, 1.5), "threshold must be a probability"),
        ((11, 10, 1, 1, 0.5), "x must not exceed n"),
    ],
)
def test_bad_input_is_an_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        beta_posterior(*arguments)


def test_a_probability_that_equals_the_planned_one_reaches_it():
    # By hand: P(p > 0.2 | Beta(2, 1)) = 1 - 0.2^2 = 0.96, whatever the last digit of either float.
    assert reaches(beta_posterior(1, 1, 1, 1, 0.2).prob_above, 0.96)
    assert reaches(0.9 - 1e-13, 0.9)
    assert not reaches(0.9 - 1e-11, 0.9)
