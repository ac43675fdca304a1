"""The log-rank test with strata and weights, and Cox's regression, against R's survdiff, coxph and cox.zph."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.survival.cox import cox, p_of, profile_limits
from analysis.methods.survival.curve_estimates import restricted_mean, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier
from analysis.methods.survival.logrank import logrank
from analysis.methods.survival.two_curves import difference, ratio
from tests.reference_check import agrees

REFERENCE = Path(__file__).resolve().parents[3] / "reference"
CASES = json.loads((REFERENCE / "compare_times.json").read_text(encoding="utf-8"))["cases"]
FULL = json.loads((REFERENCE / "hazard_ratio_profile.json").read_text(encoding="utf-8"))["cases"]
SURVDIFF = "R survival 3.5.3 survdiff(Surv(time, status) ~ group + strata(stratum))"
COXPH = "R survival 3.5.3 coxph, eps 1e-12"


def pair(case):
    return np.array(case["group"], dtype=float)[:, None]


def test_the_stratified_test_is_that_of_survdiff():
    for i, case in enumerate(CASES):
        wanted = case["logrank_strata"]
        if wanted == "NA" or wanted["df"] == 0:  # survdiff has no answer, or chi-square 0 on nothing
            continue
        found = logrank(case["time"], case["status"], case["group"], stratum=case["stratum"])
        got = [found.statistic, found.df, found.p_value, *found.observed.tolist(), *found.expected.tolist()]
        expected = [wanted["chisq"], wanted["df"], wanted["p"], *wanted["obs"], *wanted["exp"]]
        agrees(got, expected, method="logrank strata", source=SURVDIFF, case=str(i))


def test_weights_of_fleming_and_harrington_are_those_of_the_pooled_curve_just_before():
    source = "R: sum over event times of S(t-)^rho (1-S(t-))^gamma (O-E), as compare_times.json states"
    for i, case in enumerate(CASES):
        for wanted in case.get("fh", []):
            rho, gamma = wanted["rho"], wanted["gamma"]
            found = logrank(case["time"], case["status"], case["group"], rho, gamma=gamma)
            agrees(
                [found.statistic], [wanted["chisq"]], method="logrank weights", source=source, case=f"{i} {rho} {gamma}"
            )


def test_the_hazard_ratio_is_that_of_coxph():
    for i, case in enumerate(CASES):
        if case["groups"] != 2:
            continue
        for name, more in (
            ("efron", {}),
            ("breslow", {"ties": "breslow"}),
            ("cox_strata", {"stratum": case["stratum"]}),
            ("cox_x", {}),
        ):
            wanted = case["cox"].get(name) or case[name]
            x = np.c_[pair(case), np.array(case["x"])] if name == "cox_x" else pair(case)
            found = cox(case["time"], case["status"], x, **more)
            # R warns of a coefficient that may be infinite, gives a standard error beyond thousands, or fails.
            there = isinstance(wanted, dict) and wanted["coef"] != "NA" and 0 < wanted["se"] < 1e4
            assert (found.reason is None) == there, (i, name)
            if not there:
                continue
            df = wanted["df"]
            got = [found.coef[0], math.sqrt(found.covariance[0, 0]), *found.limits(0.95), found.p_wald()]
            got += [found.loglik_null, found.loglik, p_of(found.score, df)]
            expected = [
                wanted["coef"],
                wanted["se"],
                *wanted["ci"],
                wanted["p_wald"],
                *wanted["loglik"],
                wanted["p_score"],
            ]
            agrees(got, expected, method="cox", source=COXPH, case=f"{i} {name}")
            ratio = p_of(2 * (found.loglik - found.loglik_null), df)
            agrees(ratio, wanted["p_lr"], method="cox likelihood ratio", source=COXPH, case=f"{i} {name}")


def test_profile_limits_are_where_the_likelihood_has_fallen_by_half_the_quantile():
    source = "R coxph with an offset, uniroot of 2(l(b^)-l(b)) - qchisq(.95,1); hazard_ratio_profile.R"
    for wanted in FULL:
        case = CASES[wanted["case"]]
        found = profile_limits(case["time"], case["status"], pair(case), 0.95)
        limits = [
            (got, of) for got, of in zip(found, (wanted["conf_low"], wanted["conf_high"]), strict=True) if of != "NA"
        ]
        agrees(
            [g for g, _ in limits],
            [w for _, w in limits],
            method="profile_limits",
            source=source,
            case=str(wanted["case"]),
        )


def test_the_check_of_proportional_hazards_is_that_of_cox_zph():
    # The values of compare_times.json are of a fit that stopped early: true to 1e-8.
    source = "R survival 3.5.3 cox.zph(coxph(…, eps 1e-14), transform='km'); hazard_ratio_profile.R"
    for wanted in FULL:
        case = CASES[wanted["case"]]
        found = float(cox(case["time"], case["status"], pair(case)).zph[0])
        if wanted["zph"] > 1e-20:
            agrees(found, wanted["zph"], method="cox zph", source=source, case=str(wanted["case"]))


def test_survival_at_a_landmark_and_restricted_means_are_those_of_r():
    for i, case in enumerate(CASES):
        if case["groups"] != 2 or "rmst" not in case:
            continue
        group = np.array(case["group"])
        curves = [
            kaplan_meier(np.array(case["time"])[group == g], np.array(case["status"])[group == g], 0.95, "plain")
            for g in (1, 0)
        ]
        at = case["landmark"]
        if isinstance(at, dict) and at["p"] not in {"NA", "NaN"}:
            found = difference(*(survival_at(c, [at["day"]])[0] for c in curves))
            got = [found.estimate, found.conf_low, found.conf_high, found.p_value]
            source = "R summary(survfit, times=)$std.err, Wald"
            agrees(
                got,
                [at["difference"], *at["ci"], at["p"]],
                method="difference at a landmark",
                source=source,
                case=str(i),
            )
        mean = case["rmst"]
        if not isinstance(mean, dict):
            continue
        pair = [restricted_mean(c, mean["tau"]) for c in curves]
        source = "R survRM2::rmst2"
        agrees(
            [e.estimate for e in pair],
            [mean["arm1"]["rmst"], mean["arm0"]["rmst"]],
            method="restricted_mean",
            source=source,
            case=str(i),
        )
        if mean["difference"][3] in {"NA", "NaN"}:
            continue
        for found, wanted, name in (
            (difference(*pair), mean["difference"], "difference of means"),
            (ratio(*pair), mean["ratio"], "ratio of means"),
        ):
            got = [found.estimate, found.conf_low, found.conf_high, found.p_value]
            agrees(got, wanted, method=name, source=source, case=str(i))


def test_two_areas_by_hand():
    # Events on days 1 and 3, and on day 2 with one subject censored at 4: areas up to 4 are 1 + 2/2 = 2 and 2 + 2/2 = 3, the
    # variances (2/2)² / 2 and (2/2)² / 2: 2 - 3 = -1 ± z.
    pair = [restricted_mean(kaplan_meier(t, e, 0.95, "plain"), 4) for t, e in (([1, 3], [1, 1]), ([2, 4], [1, 0]))]
    found = difference(*pair)
    assert [e.estimate for e in pair] == [2.0, 3.0]
    assert found.conf_high - found.estimate == pytest.approx(1.959963984540054, rel=1e-12)
    assert ratio(*pair).estimate == pytest.approx(2 / 3)


def test_on_the_day_a_curve_comes_to_0_the_difference_has_no_limits():
    # By hand: all had the event by day 4, against 1 of 2; Greenwood's 2/(2·0) of the first is not defined, as R's NaN.
    curves = [kaplan_meier(t, e, 0.95, "plain") for t, e in (([1, 4], [1, 1]), ([2, 5], [1, 0]))]
    found = difference(*(survival_at(c, 4)[0] for c in curves))
    assert found.estimate == -0.5
    assert (found.conf_low, found.conf_high, found.p_value) == (None, None, None)
    assert "not defined where a curve is 0" in found.interval_reason


def test_a_ratio_worked_by_hand():
    # Events of groups 1, 0, 1, 0 at days 1 to 4, two subjects left in each group in turn:
    # l(b) = b - log(2e^b + 2) - log(e^b + 2) + b - log(e^b + 1), whose slope is 0 where
    # 2 = 2e^b/(2e^b + 2) + e^b/(e^b + 2) + e^b/(e^b + 1); with r = e^b: 2 = 2r/(r + 1) + r/(r + 2), r² - r - 4 = 0.
    found = cox([1, 2, 3, 4], [1, 1, 1, 1], [[1.0], [0.0], [1.0], [0.0]])
    assert math.exp(found.coef[0]) == pytest.approx((1 + math.sqrt(17)) / 2, rel=1e-12)


@given(st.integers(0, 10_000))
def test_the_score_test_of_breslow_without_ties_is_the_log_rank_test(seed):
    draw = np.random.default_rng(seed)
    time, group = draw.permutation(16).astype(float) + 1, draw.permutation(16) % 2
    event = draw.random(16) < 0.7
    found, test = cox(time, event, group[:, None].astype(float), ties="breslow"), logrank(time, event, group)
    if found.reason is None:
        assert found.score == pytest.approx(test.statistic, rel=1e-9)


@given(st.integers(0, 10_000))
def test_the_ratio_turns_over_with_the_groups_and_does_not_see_the_unit_of_time(seed):
    draw = np.random.default_rng(seed)
    time, group = draw.integers(1, 12, 20).astype(float), draw.permutation(20) % 2
    event, stratum = draw.random(20) < 0.8, draw.integers(0, 2, 20)
    one = cox(time, event, group[:, None].astype(float), stratum=stratum)
    other = cox(time * 7, event, 1.0 - group[:, None], stratum=stratum)
    assert (one.reason is None) == (other.reason is None)
    if one.reason is None:
        assert one.coef[0] == pytest.approx(-other.coef[0], rel=1e-9, abs=1e-12)
        assert one.loglik == pytest.approx(other.loglik, rel=1e-12)


def test_without_events_in_one_group_there_is_no_estimate_but_one_limit():
    time, event, group = [1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]]
    found = cox(time, event, group)
    low, high = profile_limits(time, event, group, 0.95)
    assert "no maximum" in found.reason
    assert low == 0
    # By hand: l(b) rises to 0 as e^b falls to 0 through log(3!) - log((3 + 3r)(2 + 3r)(1 + 3r)), with r = e^b.
    r = high
    fallen = math.log((3 + 3 * r) * (2 + 3 * r) * (1 + 3 * r) / 6)
    assert 2 * fallen == pytest.approx(3.841458820694124, rel=1e-9)


@pytest.mark.parametrize(
    ("event", "covariates", "reason"),
    [
        ([0, 0, 0, 0], [[1.0], [0.0], [1.0], [0.0]], "no subject had the event"),
        ([1, 1, 1, 1], [[1.0], [1.0], [1.0], [1.0]], "cannot be told"),
        ([1, 1, 1, 1], [[1.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.0, 0.0]], "cannot be told"),
        ([1, 1, 0, 0], [[1.0], [1.0], [0.0], [0.0]], "no maximum"),
    ],
)
def test_what_cannot_be_estimated_has_a_reason(event, covariates, reason):
    assert reason in cox([1, 2, 3, 4], event, covariates).reason
