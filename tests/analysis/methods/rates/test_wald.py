"""The Wald interval of a difference of two proportions, against R and by hand."""

import math

import pytest

from analysis.methods.rates.wald import wald_difference
from tests.each import each
from tests.reference_check import agrees

R_VALUES = {
    (44, 84, 8, 86, 0.95): (0.43078626799557, 0.307596841425152, 0.553975694565988),
    (1, 84, 0, 86, 0.95): (0.0119047619047619, -0.0112888405052397, 0.0350983643147635),
    (0, 84, 2, 86, 0.95): (-0.0232558139534884, -0.0551091596571597, 0.00859753175018296),
    (7, 10, 3, 7, 0.95): (0.271428571428571, -0.192323189772266, 0.735180332629409),
    (7, 10, 3, 7, 0.9): (0.271428571428571, -0.11776417518985, 0.660621318046993),
}
"""R 4.2.2: p <- prop.test(c(x1, x2), c(n1, n2), correct = FALSE, conf.level = level), p$estimate and p$conf.int."""


def limits(found):
    return found.estimate, found.interval.conf_low, found.interval.conf_high


@each("case", R_VALUES, ids=str)
def test_it_is_the_interval_of_prop_test_without_correction(case):
    x1, n1, x2, n2, level = case
    source = "R prop.test(correct = FALSE)"
    agrees(limits(wald_difference(x1, n1, x2, n2, level)), R_VALUES[case], method="wald_difference", source=source)


def test_a_rounded_quantile_takes_the_place_of_that_of_the_level():
    # By hand: 1/2 - 1/4 = 1/4, and 1.96 times the root of 1/4/4 + 3/16/4.
    half = 1.96 * math.sqrt(0.0625 + 0.046875)
    assert limits(wald_difference(2, 4, 1, 4, quantile=1.96)) == pytest.approx((0.25, 0.25 - half, 0.25 + half), 1e-14)


def test_where_nobody_has_the_event_the_limits_are_the_difference():
    assert limits(wald_difference(0, 84, 0, 86)) == (0, 0, 0)


def test_the_limits_stay_inside_the_possible_differences():
    assert wald_difference(1, 2, 0, 1).interval.conf_high == 1
    assert wald_difference(0, 1, 1, 2).interval.conf_low == -1


@each("quantile", [0, -1.96])
def test_a_quantile_must_be_above_zero(quantile):
    with pytest.raises(ValueError, match="quantile must be above 0"):
        wald_difference(1, 2, 1, 2, quantile=quantile)
