"""Transplantation as censoring and as a landmark."""

import math

import pytest

from analysis.methods.states.switch import censor_at, landmark_subset
from analysis.methods.survival.kaplan_meier import kaplan_meier
from tests.each import each
from tests.reference_check import agrees


def test_follow_up_ends_at_the_switch():
    result = censor_at([10, 20, 30, 40], [1, 1, 0, 1], [None, 5, 25, 40])
    assert result.time.tolist() == [10, 5, 25, 40]
    assert result.event.tolist() == [True, False, False, True]
    assert result.switched.tolist() == [False, True, True, False]


def test_follow_up_and_curve_censored_at_the_switch_by_hand():
    # Switches: before the death at 20, on the day of the death at 30, after the end at 40, at 15 before the end at 50.
    result = censor_at([10, 20, 30, 40, 50], [1, 1, 1, 0, 1], [None, 12, 30, 45, 15])
    by_hand = {"time": [10, 12, 30, 40, 15], "event": [1, 0, 1, 0, 0], "switched": [0, 1, 0, 0, 1]}
    for column, expected in by_hand.items():
        got = getattr(result, column).astype(float)
        agrees(got, expected, method=f"censor_at {column}", source="by hand", case="five subjects")
    # At 10 one of 5, at 30 one of 2: 4/5 and 2/5.
    curve = kaplan_meier(result.time, result.event)
    agrees(
        curve.surv, [0.8, 0.8, 0.8, 0.4, 0.4], 1e-14, method="censor_at curve", source="by hand", case="five subjects"
    )


def test_a_death_on_the_day_of_the_switch_counts():
    assert censor_at([40], [1], [40]).event.tolist() == [True]
    assert censor_at([0.3], [1], [3 * 0.1]).event.tolist() == [True]
    assert censor_at([3 * 0.1], [1], [0.3]).event.tolist() == [True]


def test_a_switch_after_follow_up_changes_nothing():
    result = censor_at([10, 20], [1, 0], [11, math.nan])
    assert (result.time.tolist(), result.event.tolist()) == ([10, 20], [True, False])


def test_the_censored_data_make_a_curve():
    result = censor_at([10, 20, 30], [1, 1, 1], [math.nan, 15, math.nan])
    km = kaplan_meier(result.time, result.event)
    assert km.surv.tolist() == pytest.approx([2 / 3, 2 / 3, 0], rel=1e-15)


@each(
    ("switch", "message"),
    [([5], "switch_time has 1 values where 2 are needed"), ([5, -1], r"switch_time is negative at positions \[1\]")],
)
def test_bad_switches_are_errors(switch, message):
    with pytest.raises(ValueError, match=message):
        censor_at([10, 20], [1, 0], switch)


def test_at_a_landmark_groups_are_fixed_by_the_past():
    time, event = [5, 30, 40, 90, 100, 30], [1, 1, 0, 1, 0, 0]
    exposure = [3, None, 20, 45, 30, None]
    subset = landmark_subset(time, event, exposure, 30)
    # Deaths and censorings at day 30 are not at risk after it; exposure on day 30 is exposure, on day 45 is not.
    assert subset.position.tolist() == [2, 3, 4]
    assert subset.time.tolist() == [10, 60, 70]
    assert subset.event.tolist() == [False, True, False]
    assert subset.exposed.tolist() == [True, False, True]
    assert (subset.n_event_before, subset.n_censor_before) == (2, 1)


def test_landmark_groups_and_their_curves_by_hand():
    # Landmark 30. Left out: the deaths at 20 and 30, the censoring at 25. Exposed by day 30: subjects 3 and 5.
    time, event = [20, 25, 60, 30, 90, 50, 80], [1, 0, 1, 1, 0, 1, 0]
    exposure = [10, None, 30, 5, 29, 31, None]
    subset = landmark_subset(time, event, exposure, 30)
    by_hand = {"position": [2, 4, 5, 6], "time": [30, 60, 20, 50], "event": [1, 0, 1, 0], "exposed": [1, 1, 0, 0]}
    for column, expected in by_hand.items():
        got = getattr(subset, column).astype(float)
        agrees(got, expected, method=f"landmark_subset {column}", source="by hand", case="seven subjects")
    left_out = [subset.n_event_before, subset.n_censor_before]
    agrees(left_out, [2, 1], method="landmark_subset left out", source="by hand", case="seven subjects")
    curve = kaplan_meier(subset.time[subset.exposed], subset.event[subset.exposed])
    agrees(curve.surv, [0.5, 0.5], method="landmark_subset curve", source="by hand", case="exposed")


def test_nobody_beyond_the_landmark_is_an_empty_subset():
    subset = landmark_subset([5, 6], [1, 0], [None, None], 10)
    assert subset.time.size == 0
    assert (subset.n_event_before, subset.n_censor_before) == (1, 1)


@each("landmark", [0, -5, math.nan, math.inf])
def test_a_landmark_that_is_not_above_0_is_an_error(landmark):
    with pytest.raises(ValueError, match="landmark must be a finite number above 0"):
        landmark_subset([5, 6], [1, 0], [None, None], landmark)


def test_a_bad_exposure_is_named_as_such():
    with pytest.raises(ValueError, match="exposure_time is negative"):
        landmark_subset([5, 6], [1, 0], [None, -1], 3)
