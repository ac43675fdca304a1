"""Reverse Kaplan-Meier follow-up, under both rules for a death and a censoring at the same time."""

import pytest

from analysis.methods.survival.curve_estimates import median, quantile, survival_at
from analysis.methods.survival.kaplan_meier import reverse_kaplan_meier
from tests.analysis.methods.survival_reference import KAPLAN_MEIER, name, survival_data, triple
from tests.each import each
from tests.reference_check import agrees

WITH_PRODLIM = [case for case in KAPLAN_MEIER if case["reverse_km"]["prodlim_reverse"]]


@each("case", KAPLAN_MEIER, ids=name)
def test_reverse_curve_is_that_of_survfit(case):
    curve = case["reverse_km"]["curve"]
    km = reverse_kaplan_meier(*survival_data(case))
    source = "R survfit(Surv(time, 1 - status) ~ 1)"
    agrees(km.time.tolist(), curve["time"], method="reverse_kaplan_meier time", source=source, case=case["name"])
    agrees(km.surv.tolist(), curve["surv"], method="reverse_kaplan_meier", source=source, case=case["name"])


@each("case", KAPLAN_MEIER, ids=name)
def test_follow_up_quantiles_are_those_of_survfit(case):
    for fit in case["reverse_km"]["by_conf_type"]:
        km = reverse_kaplan_meier(*survival_data(case), conf_type=fit["conf_type"])
        for q in fit["quantiles"]:
            label = f"{case['name']} {fit['conf_type']} p={q['p']}"
            source = "R quantile(survfit(Surv(time, 1 - status) ~ 1), p)"
            expected = [q["estimate"], q["lower"], q["upper"]]
            agrees(triple(quantile(km, q["p"])), expected, method="follow-up midpoint", source=source, case=label)
            result = triple(quantile(km, q["p"], "table"))
            agrees(result, q["table_rule"], method="follow-up table", source="R print(survfit(...))", case=label)
            for rule in ("left", "right"):
                value = quantile(km, q["p"], rule).estimate
                agrees(value, q[rule], method=f"follow-up {rule}", source="R: inf{t: ...}", case=label)


@each("case", WITH_PRODLIM, ids=name)
def test_removing_tied_deaths_gives_prodlims_curve(case):
    curve = case["reverse_km"]["prodlim_reverse"]
    km = reverse_kaplan_meier(*survival_data(case), ties="removed")
    values = [estimate.estimate for estimate in survival_at(km, curve["time"])]
    source = "R prodlim 2019.11.13 prodlim(Hist(time, status) ~ 1, reverse = TRUE)"
    agrees(values, curve["surv"], method="reverse_kaplan_meier removed", source=source, case=case["name"])


def test_the_rule_for_ties_matters():
    # One death and one censoring at 2: at risk of censoring there are 3 with the death and 2 without it.
    times, events = [1, 2, 2, 4], [0, 1, 0, 0]
    assert reverse_kaplan_meier(times, events).surv.tolist() == pytest.approx([3 / 4, 1 / 2, 0], rel=1e-15)
    removed = reverse_kaplan_meier(times, events, ties="removed")
    assert removed.surv.tolist() == pytest.approx([3 / 4, 3 / 8, 0], rel=1e-15)
    assert median(removed).estimate == 2


@each("ties", ["at-risk", "removed"])
def test_without_censoring_follow_up_is_not_estimable(ties):
    result = median(reverse_kaplan_meier([4, 4, 4], [1, 1, 1], ties=ties))
    assert triple(result) == [None, None, None]
    assert result.reason


@each("ties", ["at-risk", "removed"])
def test_with_censoring_only_it_is_the_curve_of_the_times(ties):
    km = reverse_kaplan_meier([1, 2, 3], [0, 0, 0], ties=ties)
    assert km.surv.tolist() == pytest.approx([2 / 3, 1 / 3, 0], abs=1e-15)
    assert median(km).estimate == 2


def test_an_unknown_rule_and_bad_data_are_errors():
    with pytest.raises(ValueError, match="'at-risk', 'removed'"):
        reverse_kaplan_meier([1, 2], [1, 0], ties="prodlim")
    with pytest.raises(ValueError, match="negative"):
        reverse_kaplan_meier([1, -2], [1, 0], ties="removed")
    with pytest.raises(ValueError, match="conf_level"):
        reverse_kaplan_meier([1, 2], [1, 0], 95, ties="removed")
