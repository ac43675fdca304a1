"""Quantiles of a survival curve and their limits, under each rule for a plateau."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from analysis.methods.survival.curve_estimates import PLATEAU_RULES, median, quantile
from analysis.methods.survival.kaplan_meier import BAND_TYPES, kaplan_meier
from tests.analysis.methods.survival_reference import (
    KAPLAN_MEIER,
    PUBLISHED,
    band_type,
    name,
    survival_data,
    triple,
)
from tests.analysis.methods.survival_strategies import quick
from tests.each import each
from tests.reference_check import agrees

CAMIS = PUBLISHED["km_n10_camis_plateau"]


@each("case", KAPLAN_MEIER, ids=name)
def test_quantiles_under_every_rule_and_band(case):
    times, events = survival_data(case)
    for fit in case["fits"]:
        km = kaplan_meier(times, events, fit["level"], band_type(fit["conf_type"]))
        for q in fit["quantiles"]:
            p, label = q["p"], f"{case['name']} {fit['conf_type']} {fit['level']} p={q['p']}"
            agrees(
                triple(quantile(km, p, "midpoint")),
                [q["estimate"], q["lower"], q["upper"]],
                method="quantile midpoint",
                source="R quantile(survfit(...), p)",
                case=label,
            )
            agrees(
                triple(quantile(km, p, "table")),
                q["table_rule"],
                method="quantile table",
                source="the rule of R print(survfit(...))",
                case=label,
            )
            for rule, source in (("left", "inf{t: S(t) <= 1 - p}"), ("right", "inf{t: S(t) < 1 - p}")):
                estimate = quantile(km, p, rule).estimate
                agrees(estimate, q[rule], method=f"quantile {rule}", source=f"R: {source}", case=label)


@each(
    ("rule", "expected"),
    [("midpoint", 102.5), ("table", 87.0), ("sas", None), ("left", 87.0), ("right", None)],
)
def test_a_curve_that_ends_on_its_median(rule, expected):
    # PSIAIMS/CAMIS r-sas_survival.qmd: R quantile() 102.5, SAS NE, lifelines 87; S stays at 0.5 from 87 to 118.
    result = median(kaplan_meier(CAMIS["time"], CAMIS["status"]), rule)
    agrees(result.estimate, expected, method=f"median {rule}", source=CAMIS["src"], case="plateau at 0.5")
    assert (result.reason is not None) == (expected is None)


def test_the_published_plateau_has_the_published_band():
    # CAMIS prints three decimals: 0.184 and 0.753.
    km = kaplan_meier(CAMIS["time"], CAMIS["status"])
    assert [round(km.surv[-1], 3), round(km.conf_low[-1], 3), round(km.conf_high[-1], 3)] == [
        CAMIS["S_end"],
        *CAMIS["ci_loglog"],
    ]


@each(("arm", "first", "last"), [("maintained", 0, 11), ("nonmaintained", 11, 23)])
def test_medians_of_the_aml_trial(arm, first, last):
    # cran/survival tests/doaml.Rout.save (log); log-log from lifelines, which agrees here.
    pooled = next(case for case in KAPLAN_MEIER if case["name"] == "aml_all")
    times, events = survival_data(pooled)
    published = PUBLISHED["km_aml"][arm]
    for conf_type, key in (("log", "ci_log"), ("log-log", "ci_loglog_lifelines")):
        result = median(kaplan_meier(times[first:last], events[first:last], conf_type=conf_type))
        expected = [published["median"], *published[key]]
        agrees(
            triple(result), expected, method="median", source=PUBLISHED["km_aml"]["src"], case=f"aml {arm} {conf_type}"
        )


def test_rounding_does_not_move_the_median():
    # S(3) is exactly 1/2. lifelines stores 0.5000000000000001 and answers 4; R answers 3.5.
    times = [1, 2, 3, 4, 5, 6]
    assert KaplanMeierFitter().fit(times).median_survival_time_ == 4
    assert median(kaplan_meier(times, [1] * 6)).estimate == 3.5
    assert median(kaplan_meier(times, [1] * 6), "sas").estimate == 3.5
    assert median(kaplan_meier(times, [1] * 6), "left").estimate == 3
    assert median(kaplan_meier(times, [1] * 6), "right").estimate == 4


def test_the_upper_limit_is_not_the_last_event_when_the_band_ends():
    # lifelines and statsmodels answer 11, the last event; the band has no value there and R says NA.
    case = next(case for case in KAPLAN_MEIER if case["name"] == "edge_all_same_time")
    result = median(kaplan_meier(*survival_data(case)))
    assert triple(result) == [4.0, None, None]
    assert "upper limit" in result.conf_high_reason


@each("rule", ["midpoint", "table", "sas", "left", "right"])
def test_without_events_the_median_is_not_estimable_and_says_why(rule):
    result = median(kaplan_meier([5, 6, 7], [0, 0, 0]), rule)
    assert triple(result) == [None, None, None]
    assert result.reason == "the survival curve does not come down to 0.5 within the follow-up"


UNDEFINED = (
    "the {} limit of the curve is not defined: the log-log band has no value where the curve is {}, as it is at each "
    "time observed"
)
REASONS = {
    # time, event, options of the curve and of the quantile; why there is no estimate, no lower and no upper limit
    "all dead on day 0": (
        [0, 0, 0], [1, 1, 1], {}, {}, (None, UNDEFINED.format("lower", "0"), UNDEFINED.format("upper", "0")),
    ),
    "all dead at once, one censored before": (
        [1, 2, 2], [0, 1, 1], {}, {}, (None, UNDEFINED.format("lower", "1 or 0"), UNDEFINED.format("upper", "1 or 0")),
    ),
    "all dead at once, one censored before, a band that is (1, 1) where the curve is 1": (
        [1, 2, 2], [0, 1, 1], {"conf_type": "plain"}, {},
        (
            None,
            "the lower limit of the curve does not come down to 0.5 before the curve is 0, where the plain band has no "
            "value",
            "the upper limit of the curve does not come down to 0.5 before the curve is 0, where the plain band has no "
            "value",
        ),
    ),
    "no event": (
        [5, 6, 7], [0, 0, 0], {}, {},
        (
            "the survival curve does not come down to 0.5 within the follow-up",
            UNDEFINED.format("lower", "1"), UNDEFINED.format("upper", "1"),
        ),
    ),
    "no event, a band that is (1, 1) where the curve is 1": (
        [5, 6, 7], [0, 0, 0], {"conf_type": "log"}, {},
        (
            "the survival curve does not come down to 0.5 within the follow-up",
            "the lower limit of the curve does not come down to 0.5 within the follow-up",
            "the upper limit of the curve does not come down to 0.5 within the follow-up",
        ),
    ),
    # S is 3/4, 2/4, 1/4, 0; R: survfit(..., conf.type = "log-log") has upper limits .961, .845, .665, NA
    "all die, one after the other": (
        [1, 2, 3, 4], [1, 1, 1, 1], {}, {},
        (
            None,
            None,
            "the upper limit of the curve does not come down to 0.5 before the curve is 0, where the log-log band has "
            "no value",
        ),
    ),
    # S is 3/4 and 2/4, where it ends: the rule of SAS gives no median, though the curve comes down to 0.5.
    "the curve ends on the plateau": (
        [1, 2, 3, 3], [1, 1, 0, 0], {}, {"rule": "sas"},
        (
            "the survival curve does not come down to less than 0.5, which it reaches",
            None,
            "the upper limit of the curve does not come down to 0.5 within the follow-up",
        ),
    ),
    "the reverse curve is called what it is": (
        [1, 2], [0, 0], {}, {"called": "the reverse Kaplan–Meier curve"},
        (
            "the reverse Kaplan–Meier curve does not come down to 0.5 within the follow-up",
            UNDEFINED.format("lower", "1"), UNDEFINED.format("upper", "1"),
        ),
    ),
}  # fmt: skip


def test_the_reason_given_is_the_reason():
    found = {}
    for case, (time, event, curve, asked, _) in REASONS.items():
        result = median(kaplan_meier(time, event, **curve), **asked)
        found[case] = (result.reason, result.conf_low_reason, result.conf_high_reason)
        values = (result.estimate, result.conf_low, result.conf_high)
        assert [v is None for v in values] == [why is not None for why in found[case]], case
    assert found == {case: expected for case, (*_, expected) in REASONS.items()}


@quick
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=8), st.sampled_from(PLATEAU_RULES))
def test_a_reason_is_true_of_the_curve(subjects, rule):
    for scale in BAND_TYPES:
        km = kaplan_meier(*zip(*subjects, strict=True), conf_type=scale)
        result = median(km, rule)
        told = zip(
            (km.surv, km.conf_low, km.conf_high),
            (result.reason, result.conf_low_reason, result.conf_high_reason),
            strict=True,
        )
        for curve, why in ((c, w) for c, w in told if w is not None):
            lowest = min((v for v in curve if not math.isnan(v)), default=math.nan)
            assert ("as it is at each time" in why) == math.isnan(lowest)
            assert ("which it reaches" in why) == (abs(lowest - 0.5) < 1e-8)
            assert ("before the curve is 0" in why) == (lowest > 0.5 + 1e-8 and math.isnan(curve[-1]))
            assert ("within the follow-up" in why) == (lowest > 0.5 + 1e-8 and not math.isnan(curve[-1]))


def test_a_reached_quantile_carries_its_level_and_band():
    result = quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1], 0.9, "plain"), 0.25, "left")
    assert (result.estimate, result.conf_level, result.conf_type, result.reason) == (1.0, 0.9, "plain", None)


@each("p", [0, 1, -0.5, 50, math.nan])
def test_a_fraction_outside_0_and_1_is_an_error(p):
    with pytest.raises(ValueError, match="p must be strictly between 0 and 1"):
        quantile(kaplan_meier([1, 2], [1, 1]), p)


def test_an_unknown_rule_is_an_error_that_lists_the_rules():
    with pytest.raises(ValueError, match="'midpoint', 'table', 'sas', 'left', 'right'"):
        median(kaplan_meier([1, 2], [1, 1]), "lifelines")
