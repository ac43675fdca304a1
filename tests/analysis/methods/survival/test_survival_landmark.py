"""Survival and numbers at risk at landmark times."""

import math

import pytest

from analysis.methods.survival.curve_estimates import n_risk_at, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier
from tests.analysis.methods.survival_reference import KAPLAN_MEIER, band_type, name, survival_data, triple
from tests.each import each
from tests.reference_check import agrees

R_SUMMARY = "R summary(survfit(...), times, extend = TRUE)"


@each("case", KAPLAN_MEIER, ids=name)
def test_survival_at_landmarks_is_that_of_summary_survfit(case):
    times, events = survival_data(case)
    for fit in case["fits"]:
        km = kaplan_meier(times, events, fit["level"], band_type(fit["conf_type"]))
        landmark = fit["landmark"]
        columns = zip(*(landmark[k] for k in ("time", "surv", "lower", "upper", "std_err")), strict=True)
        for t, surv, lower, upper, std_err in columns:
            result = survival_at(km, t)[0]
            label = f"{case['name']} {fit['conf_type']} {fit['level']} t={t}"
            if t > max(times):
                # R extends the last value; here nobody was observed.
                assert triple(result) == [None, None, None]
                assert "after the last observed time" in result.reason
            else:
                agrees(
                    [*triple(result), result.std_err],
                    [surv, lower, upper, std_err],
                    method="survival_at",
                    source=R_SUMMARY,
                    case=label,
                )


@each("case", KAPLAN_MEIER, ids=name)
def test_at_risk_counts_are_those_of_summary_survfit(case):
    times, _ = survival_data(case)
    landmark = case["fits"][0]["landmark"]
    counts = n_risk_at(times, landmark["time"])
    agrees(counts, landmark["n_risk"], method="n_risk_at", source=R_SUMMARY, case=case["name"])


def test_a_death_on_the_day_of_the_landmark_is_still_at_risk():
    # As R and SAS count; lifelines' at-risk table counts after the instant and prints 1 at day 10.
    assert n_risk_at([10, 10, 20], [0, 10, 10.5, 20, 21]) == [3, 3, 1, 1, 0]


def test_the_last_observed_time_is_estimable_and_the_next_day_is_not():
    km = kaplan_meier([10, 20, 30], [1, 1, 0])
    at, after = survival_at(km, [30, 31])
    assert at.estimate == pytest.approx(1 / 3, rel=1e-15)
    assert after.estimate is None
    assert after.reason == "time 31 is after the last observed time, 30"


def test_a_landmark_in_months_meets_a_time_in_months():
    # 3 x 0.1 is not 0.3 to a computer.
    km = kaplan_meier([0.3, 0.6], [1, 0])
    assert survival_at(km, 3 * 0.1)[0].estimate == 0.5
    assert n_risk_at([0.3, 0.6], 3 * 0.1) == [2]
    assert survival_at(kaplan_meier([3 * 0.1, 0.6], [1, 0]), 0.3)[0].estimate == 0.5


def test_where_the_band_is_not_defined_the_limits_say_so():
    result = survival_at(kaplan_meier([1, 2, 3], [0, 1, 1]), 1)[0]
    assert triple(result) == [1.0, None, None]
    assert result.conf_low_reason == "the log-log band is not defined where the curve is 1"


def test_before_the_first_observed_time_everybody_is_event_free():
    assert triple(survival_at(kaplan_meier([5, 6], [1, 1]), 0)[0]) == [1.0, 1.0, 1.0]


@each("times", [-1, math.nan, [1, math.inf], []])
def test_bad_landmarks_are_errors(times):
    with pytest.raises(ValueError, match="times"):
        survival_at(kaplan_meier([1, 2], [1, 1]), times)
    with pytest.raises(ValueError, match="times"):
        n_risk_at([1, 2], times)
