"""A result carries what is needed to read it: level, kind, sizes, window, rule."""

import numpy as np
import pytest

from analysis.methods.ranks.rank_effect import rank_effect
from analysis.methods.ranks.rank_test import normal_approximation, rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.rates.exact import blaker, exact_test, minimum_likelihood
from analysis.methods.rates.intervals import agresti_coull, coverage, jeffreys, mid_p, wilson
from analysis.methods.rates.posterior import beta_posterior
from analysis.methods.rates.two_proportions import difference_interval, fisher_exact, odds_ratio
from analysis.methods.states.time_dependent import simon_makuch
from analysis.methods.survival.bpcp import bpcp, bpcp_at
from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
from analysis.methods.survival.curve_estimates import median, quantile, restricted_mean, survival_at
from analysis.methods.survival.kaplan_meier import kaplan_meier, reverse_kaplan_meier
from analysis.methods.values.course import auc
from analysis.methods.values.description import describe, geometric_cv
from tests.each import each

NAN = float("nan")


@each(
    ("method", "label"),
    [
        (clopper_pearson, "clopper-pearson"),
        (wilson, "wilson"),
        (lambda *a: wilson(*a, continuity=True), "wilson, continuity corrected"),
        (jeffreys, "jeffreys"),
        (lambda *a: jeffreys(*a, boundary_rule=False), "jeffreys, no boundary rule"),
        (agresti_coull, "agresti-coull"),
        (mid_p, "mid-p"),
        (blaker, "blaker"),
        (minimum_likelihood, "minimum-likelihood"),
    ],
)
def test_an_interval_of_a_proportion_says_its_level_and_method(method, label):
    for x in (0, 3, 10):
        interval = method(x, 10, 0.9)
        assert (interval.conf_level, interval.conf_type) == (0.9, label)
    assert method(3, 10) == method(3, 10, 0.95)


@each(
    ("method", "label", "space"),
    [
        (lambda s: clopper_pearson(3, 10, 0.9, s), "clopper-pearson", (0, 1)),
        (lambda s: mid_p(3, 10, 0.9, s), "mid-p", (0, 1)),
        (lambda s: odds_ratio(3, 5, 2, 6, 0.9, sides=s).interval, "exact conditional", (0, float("inf"))),
        (
            lambda s: difference_interval(3, 5, 2, 6, 0.9, sides=s).interval,
            "exact unconditional (santner-snell)",
            (-1, 1),
        ),
    ],
    ids=["clopper-pearson", "mid-p", "odds ratio", "difference"],
)
def test_a_one_sided_bound_says_its_side_and_leaves_the_other_side_open(method, label, space):
    both, lower, upper = method("two-sided"), method("lower"), method("upper")
    assert (both.conf_level, lower.conf_level, upper.conf_level) == (0.9, 0.9, 0.9)
    assert both.conf_type == label
    assert (lower.conf_type, lower.conf_high) == (f"{label}, one-sided lower", space[1])
    assert (upper.conf_type, upper.conf_low) == (f"{label}, one-sided upper", space[0])


def test_a_table_without_information_still_labels_its_interval():
    everyone = odds_ratio(3, 3, 2, 2, 0.9)
    assert (everyone.estimate, everyone.interval.conf_low, everyone.interval.conf_high) == (None, 0, float("inf"))
    assert (everyone.interval.conf_level, everyone.interval.conf_type) == (0.9, "exact conditional")
    assert everyone.reason.startswith("all or none of the subjects have the event")


def test_coverage_says_where_of_what_and_at_which_level():
    at_90 = coverage(10, [0.2, 0.4], 0.9, "wilson")
    assert (at_90.p.tolist(), at_90.conf_level, at_90.conf_type) == ([0.2, 0.4], 0.9, "wilson")
    default = coverage(10, [0.2])
    assert (default.conf_level, default.conf_type) == (0.95, "clopper-pearson")
    assert default.coverage[0] == coverage(10, [0.2], 0.95, "clopper-pearson").coverage[0]


def test_an_exact_test_repeats_its_question():
    test = exact_test(3, 10, 0.4, "blaker")
    assert (test.x, test.n, test.p0, test.definition) == (3, 10, 0.4, "blaker")
    assert exact_test(3, 10, 0.4).definition == "central"
    assert fisher_exact(1, 3, 2, 4, "mid-p").definition == "mid-p"
    assert fisher_exact(1, 3, 2, 4).definition == "minimum-likelihood"


def test_a_posterior_says_its_threshold_and_its_level():
    posterior = beta_posterior(3, 10, 1, 1, 0.25, conf_level=0.8)
    assert (posterior.threshold, posterior.interval.conf_level) == (0.25, 0.8)
    assert beta_posterior(3, 10, 1, 1, 0.25).interval.conf_level == 0.95


def test_rank_methods_say_sizes_level_and_definition():
    x, y = [1.5, 2, 7], [3, 4]
    test = rank_test(x, y, "twice_smaller_tail")
    assert (test.n1, test.n2, test.statistic, test.two_sided) == (3, 2, 2, "twice_smaller_tail")
    for continuity, word in ((True, "with"), (False, "without")):
        normal = normal_approximation(x, y, continuity)
        assert (normal.n1, normal.n2, normal.statistic, normal.continuity) == (3, 2, 2, continuity)
        assert normal.method == f"normal approximation {word} continuity correction"
    effect = rank_effect(x, y, 0.9)
    assert effect.prob_superiority_interval.conf_level == 0.9
    assert effect.rank_biserial_interval.conf_level == 0.9
    assert effect.prob_superiority_interval.conf_type == effect.rank_biserial_interval.conf_type
    assert "newcombe" in effect.rank_biserial_interval.conf_type.lower()
    shift = hodges_lehmann(x, y, 0.8, "point_probability")
    assert (shift.conf_level, shift.conf_type) == (0.8, "exact, inverting the two-sided rank test (point probability)")


def test_a_summary_of_nobody_still_counts_the_missing():
    assert (describe([NAN, NAN], "sas5").quantile, describe([NAN, NAN]).n_missing) == ("sas5", 2)
    nobody, not_positive, single = geometric_cv([NAN]), geometric_cv([0, 1, NAN]), geometric_cv([5, NAN, NAN])
    assert (nobody.n, nobody.n_missing, nobody.mean) == (0, 1, None)
    assert (not_positive.n, not_positive.n_missing, not_positive.mean) == (2, 1, None)
    assert (single.n, single.n_missing, single.cv_percent) == (1, 2, None)


def test_an_area_says_its_window_and_rule_with_and_without_a_value():
    whole, short = auc([0, 7], [1, 2], 1, 6, "linear"), auc([0, 7], [1, 2], 1, 8, "linear")
    assert (whole.start, whole.end, whole.rule, whole.reason) == (1, 6, "linear", None)
    assert (short.start, short.end, short.rule, short.value) == (1, 8, "linear", None)


def test_everything_read_from_a_survival_curve_has_the_level_and_scale_of_the_curve():
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1], 0.9, "log")
    assert (curve.conf_level, curve.conf_type, curve.n, curve.n_events) == (0.9, "log", 4, 3)
    read = [*survival_at(curve, [0.5, 2, 4, 9]), quantile(curve, 0.25), median(curve)]
    assert {(one.conf_level, one.conf_type) for one in read} == {(0.9, "log")}
    means = [restricted_mean(curve, 2), restricted_mean(kaplan_meier([1, 2], [1, 0], 0.9), 5)]
    assert {(one.conf_level, one.conf_type) for one in means} == {(0.9, "plain")}
    for ties in ("at-risk", "removed"):
        follow_up = reverse_kaplan_meier([1, 1, 3], [1, 0, 0], 0.9, "plain", ties)
        assert (follow_up.conf_level, follow_up.conf_type, follow_up.n, follow_up.n_events) == (0.9, "plain", 3, 2)
    default = reverse_kaplan_meier([1, 1, 3], [1, 0, 0])
    assert (default.conf_level, default.conf_type) == (0.95, "log-log")


def test_everything_read_from_an_incidence_curve_has_its_level_and_scale():
    curves = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 0], 0.9, "log")
    assert (curves.conf_level, curves.conf_type, curves.n) == (0.9, "log", 4)
    read = incidence_at(curves, 1, [0.5, 1, 4, 9])
    assert {(one.conf_level, one.conf_type) for one in read} == {(0.9, "log")}


def test_everything_read_from_beta_product_limits_has_their_level():
    read = bpcp_at(bpcp([1, 2, 3], [1, 0, 1], 0.9), [0.5, 2, 9])
    assert {(one.conf_level, one.conf_type) for one in read} == {(0.9, "beta product")}


def test_curves_by_a_state_that_changes_have_the_level_and_scale_asked_for():
    rows = [0, 0, 2], [2, 5, 4], [0, 1, 1], [0, 0, 1]
    curves = simon_makuch(*rows, conf_level=0.9, conf_type="plain")
    for curve, size in ((curves.unexposed, 2), (curves.exposed, 1)):
        assert (curve.conf_level, curve.conf_type, curve.n) == (0.9, "plain", size)
    default = simon_makuch(*rows)
    assert (default.landmark, default.unexposed.conf_level, default.unexposed.conf_type) == (0, 0.95, "log-log")
    assert (default.unexposed_reason, default.exposed_reason) == (None, None)


def test_results_cannot_be_overwritten():
    curve, curves = kaplan_meier([1, 2], [1, 0]), aalen_johansen([1, 2], [1, 0])
    for array in (curve.surv, curve.n_risk, curves.time, curves.of(1).incidence):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = np.zeros(1)[0]
