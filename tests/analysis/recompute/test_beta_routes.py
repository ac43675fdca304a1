"""The second route to the beta distribution: values of R, the binomial identity, and a case worked by hand."""

import math
from fractions import Fraction

import pytest

from analysis.recompute.exact.beta import above, below, quantile
from tests.each import each

WHOLE = [(1, 1), (5, 6), (1, 11), (11, 1), (30, 3)]


@each(
    ("a", "b", "rate", "expected"),
    [
        # R: pbeta(.3, 2.5, 7.5), pbeta(.97, 30.3, .4), pbeta(.02, .5, 60.5)
        (2.5, 7.5, 0.3, 0.67894348586618181),
        (30.3, 0.4, 0.97, 0.13480853438364213),
        (0.5, 60.5, 0.02, 0.88130555448982706),
    ],
)
def test_the_series_is_pbeta(a, b, rate, expected):
    assert below(a, b, rate) == pytest.approx(expected, rel=1e-13, abs=0)


# R: qbeta(c(.025, .5, .975), .5, 9.5)
def test_halving_gives_qbeta():
    expected = [5.3064053418492867e-05, 0.024281187474235282, 0.23761009863290306]
    assert [quantile(0.5, 9.5, share) for share in (0.025, 0.5, 0.975)] == pytest.approx(expected, rel=1e-11)


@each(("a", "b"), WHOLE)
@each("rate", [Fraction(1, 20), Fraction(3, 10), Fraction(9, 10)])
def test_the_binomial_identity_and_the_series_agree(a, b, rate):
    exact = above(Fraction(a), Fraction(b), rate)
    assert isinstance(exact, Fraction)
    assert float(exact) == pytest.approx(1 - below(a, b, float(rate)), abs=1e-14)


@each("rate", [Fraction(0), Fraction(1, 3), Fraction(3, 10), Fraction(1)])
def test_the_sum_over_one_denominator_is_the_sum_of_the_terms(rate):
    for a in range(1, 8):
        for trials in range(a, a + 6):
            terms = [math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(a)]
            assert above(Fraction(a), Fraction(trials + 1 - a), rate) == sum(terms)


def test_no_event_in_one_subject_by_hand():
    # Beta(1, 2) has the distribution function 1 - (1 - p)^2.
    assert above(Fraction(1), Fraction(2), Fraction(3, 10)) == Fraction(49, 100)
    assert quantile(1, 2, 0.5) == pytest.approx(1 - math.sqrt(0.5), rel=1e-14)


def test_nothing_lies_outside_the_unit_interval():
    assert [below(2, 3, rate) for rate in (0, 1)] == [0, 1]
