"""The restricted mean survival time and its standard error."""

import math

import numpy as np
import pytest

from analysis.methods.survival.curve_estimates import restricted_mean
from analysis.methods.survival.kaplan_meier import kaplan_meier
from tests.analysis.methods.survival_reference import KAPLAN_MEIER, name, survival_data, triple
from tests.each import each
from tests.reference_check import agrees

R_CALL = "R survival 3.5.3 print(survfit(...), rmean = tau)"


@each("case", KAPLAN_MEIER, ids=name)
def test_restricted_mean_and_standard_error_are_those_of_survfit(case):
    km = kaplan_meier(*survival_data(case))
    for r in case["rmst"]:
        result = restricted_mean(km, r["tau"])
        agrees(
            [result.estimate, result.std_err],
            [r["rmean"], r["se"]],
            method="restricted_mean",
            source=R_CALL,
            case=f"{case['name']} tau={r['tau']}",
        )


@each("case", KAPLAN_MEIER, ids=name)
def test_beyond_the_last_time_it_is_not_estimable_unless_survival_is_0_or_the_plan_extends(case):
    km, r = kaplan_meier(*survival_data(case)), case["rmst_beyond_last"]
    extended = restricted_mean(km, r["tau"], extend=True)
    agrees(
        [extended.estimate, extended.std_err],
        [r["rmean"], r["se"]],
        method="restricted_mean extend",
        source=f"{R_CALL}, tau after the last observation",
        case=case["name"],
    )
    result = restricted_mean(km, r["tau"])
    if km.surv[-1] == 0:
        assert result == extended
    else:
        assert result.estimate is None
        assert "after the last observed time" in result.reason


def test_the_standard_error_is_that_of_the_mean_not_of_a_subject():
    # lifelines restricted_mean_survival_time(return_variance=True) on these data: 17.2446; R se(rmean): 1.35481.
    case = next(case for case in KAPLAN_MEIER if case["name"] == "phase1_os")
    result = restricted_mean(kaplan_meier(*survival_data(case)), 12)
    assert round(result.std_err, 5) == 1.35481


def test_without_censoring_it_is_the_mean_of_the_truncated_times():
    times = [1.0, 2.0, 4.0, 7.0, 9.0]
    result = restricted_mean(kaplan_meier(times, [1] * 5), 5)
    truncated = np.minimum(times, 5)
    assert result.estimate == pytest.approx(truncated.mean(), rel=1e-14)
    assert result.std_err == pytest.approx(truncated.std() / math.sqrt(5), rel=1e-14)


def test_the_limits_are_normal():
    result = restricted_mean(kaplan_meier([1, 2, 4], [1, 1, 1], 0.9), 3)
    z = 1.6448536269514722  # R: qnorm(0.95)
    expected = [result.estimate, result.estimate - z * result.std_err, result.estimate + z * result.std_err]
    assert triple(result) == pytest.approx(expected, rel=1e-14)


def test_before_the_first_event_everybody_has_lived_tau():
    result = restricted_mean(kaplan_meier([10, 20], [1, 1]), 5)
    assert triple(result) == [5.0, 5.0, 5.0]


@each("tau", [0, -1, math.nan, math.inf])
def test_a_horizon_that_is_not_above_0_is_an_error(tau):
    with pytest.raises(ValueError, match="tau must be a finite number above 0"):
        restricted_mean(kaplan_meier([1, 2], [1, 1]), tau)
