"""Aalen-Johansen cumulative incidence and its standard error against R's survfit and etm."""

import math

import numpy as np
import pytest

from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
from analysis.methods.survival.kaplan_meier import kaplan_meier
from tests.analysis.methods.survival_reference import COMPETING_RISKS, triple
from tests.each import each
from tests.reference_check import agrees

CAUSES = [(case, cause) for case in COMPETING_RISKS for cause in case["causes"]]
R_FIT = "R survival 3.5.3 survfit(Surv(time, factor(event)) ~ 1)"


def case_and_cause(value):
    return value.get("name") or f"cause {value['cause']}"


def curve_at_reference_times(case, expected, conf_type="log-log"):
    data = case["data"]
    curves = aalen_johansen(data["time"], data["event"], conf_type=conf_type, causes=[expected["cause"]])
    rows = np.searchsorted(curves.time, expected["time"])
    return curves, curves.of(expected["cause"]), rows


@each(("case", "expected"), CAUSES, ids=case_and_cause)
def test_incidence_and_standard_error(case, expected):
    curves, curve, rows = curve_at_reference_times(case, expected)
    label = f"{case['name']} cause {expected['cause']}"
    agrees(curves.n_risk[rows].tolist(), expected["n_risk"], method="aalen_johansen n_risk", source=R_FIT, case=label)
    agrees(curve.incidence[rows].tolist(), expected["cif"], method="aalen_johansen", source=R_FIT, case=label)
    std_err = curve.std_err[rows]
    agrees(std_err.tolist(), expected["se_survfit"], method="aalen_johansen std_err", source=R_FIT, case=label)
    source = "R etm 1.1.1 summary(etm)$var"
    agrees((std_err**2).tolist(), expected["var_etm"], method="aalen_johansen variance", source=source, case=label)


@each(("case", "expected"), CAUSES, ids=case_and_cause)
def test_bands(case, expected):
    for fit in expected["ci_survfit"]:
        _, curve, rows = curve_at_reference_times(case, expected, fit["conf_type"])
        source = f'{R_FIT}, conf.type = "{fit["conf_type"]}"'
        label = f"{case['name']} cause {expected['cause']}"
        method = f"aalen_johansen band {fit['conf_type']}"
        agrees(curve.conf_low[rows].tolist(), fit["lower"], method=method, source=source, case=label)
        agrees(curve.conf_high[rows].tolist(), fit["upper"], method=method, source=source, case=label)


@each(("case", "expected"), CAUSES, ids=case_and_cause)
def test_one_minus_kaplan_meier_overstates_incidence(case, expected):
    data = case["data"]
    km = kaplan_meier(data["time"], np.asarray(data["event"]) == expected["cause"])
    naive = 1 - km.surv[np.searchsorted(km.time, expected["time"])]
    label = f"{case['name']} cause {expected['cause']}"
    agrees(naive.tolist(), expected["naive_1_minus_km"], method="1 - Kaplan-Meier", source="R survfit", case=label)
    _, curve, rows = curve_at_reference_times(case, expected)
    assert (naive >= curve.incidence[rows] - 1e-12).all()


def test_tied_causes_have_one_answer():
    # lifelines moves tied causes by random amounts: 200 fits gave four values, 0.4722 to 0.4889; exactly 0.48.
    time, cause = [1, 1, 1, 2, 2, 3, 3, 4, 5, 5], [1, 2, 0, 1, 2, 1, 0, 2, 1, 0]
    curves = aalen_johansen(time, cause)
    # By hand: 1/10, + 8/10 * 1/7, + 4/7 * 1/5, + (4/7 * 4/5 * 2/3) * 1/2.
    by_hand = 1 / 10 + 8 / 10 / 7 + 4 / 7 / 5 + 4 / 7 * 4 / 5 * 2 / 3 / 2
    assert curves.of(1).incidence[-1] == pytest.approx(by_hand, rel=1e-14)
    assert aalen_johansen(time, cause).of(1).incidence.tolist() == curves.of(1).incidence.tolist()


def test_the_variance_exists_where_everyone_left_fails():
    # statsmodels and lifelines: NaN. R survfit and etm: 0.03125 at the last time of random_03.
    case = next(case for case in COMPETING_RISKS if case["name"] == "random_03")
    curve = aalen_johansen(case["data"]["time"], case["data"]["event"]).of(1)
    assert curve.std_err[-1] ** 2 == pytest.approx(0.03125, rel=1e-14)


def test_a_cause_that_did_not_happen_has_incidence_0_when_asked_for():
    curves = aalen_johansen([1, 2, 3], [1, 0, 1], causes=[1, 2])
    assert curves.of(2).incidence.tolist() == [0, 0, 0]
    assert curves.of(2).std_err.tolist() == [0, 0, 0]
    result = incidence_at(curves, 2, 2)[0]
    assert triple(result) == [0.0, None, None]
    assert result.conf_low_reason == "the log-log band is not defined where the incidence is 0"


def test_when_all_fail_from_one_cause_its_incidence_is_1_without_error():
    # The sum of the seven steps is 1.0000000000000002 to a computer, and a log-log band of that is nonsense.
    curve = aalen_johansen(range(1, 8), [1] * 7).of(1)
    assert (curve.incidence[-1], curve.std_err[-1]) == (1.0, 0.0)
    assert math.isnan(curve.conf_low[-1])


def test_a_cause_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match=r"There is no cause 3; the causes are \[1\]"):
        aalen_johansen([1, 2], [1, 0]).of(3)


def test_landmarks():
    curves = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 0])
    before, at, last, after = incidence_at(curves, 1, [0.5, 1, 4, 4.5])
    assert triple(before) == [0.0, 0.0, 0.0]
    assert (at.estimate, last.estimate) == (0.25, 0.5)
    assert after.reason == "time 4.5 is after the last observed time, 4"


def test_with_everybody_censored_nothing_has_happened():
    curves = aalen_johansen([1, 2], [0, 0])
    assert curves.causes == ()
    assert curves.event_free.tolist() == [1, 1]


@each(
    ("time", "cause", "message"),
    [
        ([], [], "time is empty"),
        ([1, -1], [1, 0], "negative"),
        ([1, 2], [1], "cause has 1 values where 2 are needed"),
        ([1, 2], [1, 0.5], r"code 1, 2, ...; it is not at positions \[1\]"),
        ([1, 2], [1, -1], r"positions \[1\]"),
        ([1, 2], [math.nan, 1], r"positions \[0\]"),
        ([1, 2], ["relapse", "death"], "cause must be numbers"),
    ],
)
def test_bad_data_are_named(time, cause, message):
    with pytest.raises(ValueError, match=message):
        aalen_johansen(time, cause)


def test_bad_levels_and_bands_are_errors():
    with pytest.raises(ValueError, match="conf_level"):
        aalen_johansen([1, 2], [1, 0], 95)
    with pytest.raises(ValueError, match="'log-log', 'log', 'plain'"):
        aalen_johansen([1, 2], [1, 0], conf_type="logit")
