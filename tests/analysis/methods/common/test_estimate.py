"""An estimate is a number or a reason, never NaN."""

import math

import pytest

from analysis.methods.common import Estimate
from tests.each import each


def test_a_number_needs_no_reason():
    assert Estimate(estimate=0.5, conf_low=0.1, conf_high=0.9).estimable


def test_what_is_not_estimable_says_why():
    assert not Estimate(estimate=None, reason="no events").estimable
    with pytest.raises(ValueError, match="Give a reason"):
        Estimate(estimate=None)
    with pytest.raises(ValueError, match="Give a reason"):
        Estimate(estimate=0.5, reason="no events")


@each("field", ["estimate", "conf_low", "conf_high", "std_err"])
def test_nan_is_refused(field):
    with pytest.raises(ValueError, match="never NaN"):
        Estimate(**{"estimate": 0.5, field: math.nan})
