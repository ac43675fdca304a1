"""The beta product confidence procedure: published limits, its equations in R, and Clopper-Pearson."""

import math

import numpy as np
import pytest

from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.survival.bpcp import bpcp, bpcp_at
from tests.analysis.methods.survival_reference import PUBLISHED, SMALL_SAMPLES, triple
from tests.each import each
from tests.reference_check import agrees


def test_the_published_example():
    published = PUBLISHED["bpcp_n4"]
    curve = bpcp(published["time"], published["status"])
    for row, (start, _, low, high) in enumerate(published["rows"]):
        assert curve.time[row] == start
        # The vignette prints 9 decimals of the lower limits and 7 of the upper ones.
        agrees(round(curve.conf_low[row], 9), low, method="bpcp", source=published["src"], case=f"lower at {start}")
        agrees(round(curve.conf_high[row], 7), high, method="bpcp", source=published["src"], case=f"upper at {start}")


@each("case", SMALL_SAMPLES["beta_product"], ids=lambda case: f"{case['name']}-{case['level']}")
def test_limits_are_those_of_the_equations_in_r(case):
    curve = bpcp(case["time"], case["status"], case["level"])
    source = "R: Fay & Brittain 2016, product of betas by two moments, qbeta()"
    for column, key in (("time", "start"), ("surv", "surv"), ("conf_low", "lower"), ("conf_high", "upper")):
        agrees(getattr(curve, column).tolist(), case[key], method="bpcp", source=source, case=case["name"])


@each("level", [0.8, 0.95, 0.999])
@each("n", [1, 2, 10, 37, 500])
def test_without_censoring_the_limits_are_clopper_and_pearsons(n, level):
    curve = bpcp(range(1, n + 1), [1] * n, level)
    alive = range(n, -1, -1)
    expected = [clopper_pearson(x, n, level) for x in alive]
    source = "Clopper-Pearson of survivors among all"
    agrees(curve.conf_low.tolist(), [ci.conf_low for ci in expected], method="bpcp", source=source, case=f"n={n}")
    agrees(curve.conf_high.tolist(), [ci.conf_high for ci in expected], method="bpcp", source=source, case=f"n={n}")


def test_tied_deaths_without_censoring_are_clopper_and_pearsons_too():
    curve = bpcp([2, 2, 2, 5, 5, 9], [1] * 6)
    expected = [clopper_pearson(x, 6) for x in (6, 3, 1, 0)]
    agrees(curve.conf_low.tolist(), [ci.conf_low for ci in expected], method="bpcp", source="CP", case="ties")
    agrees(curve.conf_high.tolist(), [ci.conf_high for ci in expected], method="bpcp", source="CP", case="ties")


def test_with_nobody_dead_there_is_still_a_lower_limit():
    # The Greenwood bands have none. After censorings at 2 and 5 one subject is left: qbeta(0.025, 1, 1) = 0.025.
    curve = bpcp([2, 5, 9], [0, 0, 0])
    assert curve.conf_low.tolist() == pytest.approx([0.025 ** (1 / 3), 0.025**0.5, 0.025, 0], rel=1e-12)
    assert curve.conf_high.tolist() == [1, 1, 1, 1]


def test_limits_are_read_from_the_interval_that_holds_the_landmark():
    curve = bpcp([3, 7, 8, 14], [1, 1, 1, 1])
    before, at, after = bpcp_at(curve, [2.9, 3, 6.9])
    assert (before.estimate, at.estimate) == (1.0, 0.75)
    assert triple(at) == triple(after)
    assert at.conf_type == "beta product"


def test_after_the_last_time_survival_is_not_estimable_but_still_bounded():
    curve = bpcp([3, 7], [1, 0])
    result = bpcp_at(curve, 8)[0]
    assert result.estimate is None
    assert result.reason == "time 8 is after the last observed time, 7"
    assert (result.conf_low, result.conf_high) == (0.0, curve.conf_high[-1])


def test_a_death_at_the_origin_leaves_no_interval_before_it():
    curve = bpcp([0, 4], [1, 1])
    assert curve.time.tolist() == [0, 4]
    assert curve.surv.tolist() == [0.5, 0]


def test_large_samples_lose_no_digits():
    # 1 death in 10000: limits for 9999 survivors; R: binom.test(9999, 10000)$conf.int
    curve = bpcp([1.0] + [2.0] * 9999, [1] + [1] * 9999)
    agrees(
        [curve.conf_low[1], curve.conf_high[1]],
        [0.99944296300205293, 0.99999746822240654],
        method="bpcp",
        source="R binom.test(9999, 10000)$conf.int",
        case="n=10000",
    )
    assert np.all(np.diff(curve.conf_low) <= 0)


def test_the_upper_limit_does_not_rise_with_a_death():
    # 100 of 1000 die, 899 are censored, the last one dies: the matched beta variable spreads beyond the product,
    # qbeta(0.975, ., .) = 0.931 after qbeta(0.975, 901, 100) = 0.918; R's bpcp keeps the smaller.
    time = [*range(1, 101), *[200] * 899, 300]
    curve = bpcp(time, [1] * 100 + [0] * 899 + [1])
    agrees(
        [curve.conf_high[100], curve.conf_high[-1]],
        [0.91789466564442002] * 2,
        method="bpcp",
        source="R binom.test(900, 1000)$conf.int[2], kept by cummin()",
        case="monotonic",
    )


@each("level", [0, 1, 95, math.nan])
def test_a_level_outside_0_and_1_is_an_error(level):
    with pytest.raises(ValueError, match="conf_level"):
        bpcp([1, 2], [1, 0], level)


def test_bad_data_and_landmarks_are_errors():
    with pytest.raises(ValueError, match="time is empty"):
        bpcp([], [])
    with pytest.raises(ValueError, match="times is negative"):
        bpcp_at(bpcp([1, 2], [1, 0]), -1)
