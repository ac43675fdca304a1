"""What must hold of time-to-event methods whatever the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.methods.states.switch import split_at
from analysis.methods.states.time_dependent import simon_makuch
from analysis.methods.survival.bpcp import bpcp
from analysis.methods.survival.competing_risks import INCIDENCE_BANDS, aalen_johansen
from analysis.methods.survival.curve_estimates import PLATEAU_RULES, n_risk_at, quantile, restricted_mean, survival_at
from analysis.methods.survival.kaplan_meier import BAND_TYPES, kaplan_meier, reverse_kaplan_meier
from tests.analysis.methods.survival_strategies import FAILURES, LEVELS, SUBJECTS, TIMES, columns, quick


def inside(low, estimate, high):
    """Whether limits, where defined, hold the estimate, up to rounding."""
    low_ok = np.isnan(low) | (low <= estimate + 1e-12)
    return bool((low_ok & (np.isnan(high) | (high >= estimate - 1e-12))).all())


@quick
@given(st.lists(TIMES, min_size=1, max_size=25), st.floats(0.5, 0.999))
def test_beta_product_limits_are_clopper_pearson_without_censoring(times, level):
    curve = bpcp(times, [1] * len(times), level)
    for start, low, high in zip(curve.time, curve.conf_low, curve.conf_high, strict=True):
        alive = round(float(curve.surv[curve.time == start][0]) * len(times))
        exact = clopper_pearson(alive, len(times), level)
        assert low == pytest.approx(exact.conf_low, rel=1e-9, abs=1e-300)
        assert high == pytest.approx(exact.conf_high, rel=1e-9)


@quick
@given(SUBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(subjects, random):
    shuffled = list(subjects)
    random.shuffle(shuffled)
    a, b = kaplan_meier(*columns(subjects)), kaplan_meier(*columns(shuffled))
    for column in ("time", "n_risk", "n_event", "n_censor", "surv"):
        assert getattr(a, column).tolist() == getattr(b, column).tolist()


@quick
@given(SUBJECTS)
def test_at_one_time_events_come_before_censorings_in_whatever_row_they_stand(subjects):
    # Each tie split by hand, its censorings an instant after its events, is the same curve in either order of rows.
    later = [(time if event else time + 1e-4, event) for time, event in subjects]
    curves = [
        kaplan_meier(*columns(rows)) for rows in (subjects, sorted(subjects), sorted(subjects, reverse=True), later)
    ]
    times_of_events = sorted({time for time, event in subjects if event})
    for curve in curves:
        at_events = curve.n_event > 0
        assert curve.time[at_events].tolist() == times_of_events
        for column in ("n_risk", "n_event", "surv", "std_err"):
            expected = getattr(curves[0], column)[curves[0].n_event > 0]
            np.testing.assert_array_equal(getattr(curve, column)[at_events], expected)
        assert (curve.n_censor.sum(), curve.surv[-1]) == (curves[0].n_censor.sum(), curves[0].surv[-1])


@quick
@given(FAILURES, LEVELS, st.sampled_from(INCIDENCE_BANDS))
def test_bands_of_the_incidence_nest_by_level(failures, levels, conf_type):
    narrow, wide = (aalen_johansen(*columns(failures), level, conf_type, causes=[1, 2, 3]) for level in levels)
    for inner, outer in zip(narrow.causes, wide.causes, strict=True):
        defined = ~np.isnan(inner.conf_low)
        assert (defined == ~np.isnan(outer.conf_low)).all()
        assert (outer.conf_low[defined] <= inner.conf_low[defined]).all()
        assert (inner.conf_high[defined] <= outer.conf_high[defined]).all()
        assert inside(inner.conf_low, inner.incidence, inner.conf_high)


@quick
@given(SUBJECTS)
def test_float_noise_between_ties_does_not_matter(subjects):
    times, events = columns(subjects)
    noisy = [time * (1 + 1e-13 * (i % 2)) for i, time in enumerate(times)]
    a, b = kaplan_meier(times, events), kaplan_meier(noisy, events)
    assert a.surv.tolist() == b.surv.tolist()
    assert a.n_risk.tolist() == b.n_risk.tolist()


@quick
@given(SUBJECTS)
def test_splitting_a_subjects_rows_does_not_matter(subjects):
    times, events = columns(subjects)
    split = split_at(times, events, [time / 2 for time in times])
    unexposed = np.zeros(split.start.size)
    curve = simon_makuch(split.start, split.stop, split.event, unexposed).unexposed
    km = kaplan_meier(times, events)
    rows = np.searchsorted(curve.time, km.time - 1e-9)
    assert curve.surv[rows].tolist() == pytest.approx(km.surv.tolist(), abs=1e-14)
    assert curve.n_risk[rows].tolist() == km.n_risk.tolist()


@quick
@given(SUBJECTS, LEVELS, st.sampled_from(BAND_TYPES))
def test_bands_hold_the_curve_and_nest_by_level(subjects, levels, band):
    narrow, wide = (kaplan_meier(*columns(subjects), level, band) for level in levels)
    for km in (narrow, wide):
        assert inside(km.conf_low, km.surv, km.conf_high)
        assert (np.nan_to_num(km.conf_low) >= 0).all()
        assert (np.nan_to_num(km.conf_high) <= 1 + 1e-15).all()
    assert inside(wide.conf_low, narrow.conf_low, wide.conf_high)
    assert inside(wide.conf_low, narrow.conf_high, wide.conf_high)


@quick
@given(SUBJECTS, LEVELS)
def test_beta_product_limits_hold_the_curve_and_nest_by_level(subjects, levels):
    narrow, wide = (bpcp(*columns(subjects), level) for level in levels)
    assert inside(narrow.conf_low, narrow.surv, narrow.conf_high)
    assert inside(wide.conf_low, narrow.conf_low, wide.conf_high)
    assert inside(wide.conf_low, narrow.conf_high, wide.conf_high)


@quick
@given(SUBJECTS)
def test_without_censoring_the_curve_is_the_share_still_event_free(subjects):
    times, _ = columns(subjects)
    km = kaplan_meier(times, [1] * len(times))
    alive = [float(np.mean(np.asarray(times) > t + 1e-9)) for t in km.time]
    assert km.surv.tolist() == pytest.approx(alive, abs=1e-14)


@quick
@given(SUBJECTS, st.sampled_from(PLATEAU_RULES), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_quantiles_do_not_fall_and_lie_within_their_limits(subjects, rule, p, q):
    km = kaplan_meier(*columns(subjects))
    first, second = quantile(km, min(p, q), rule), quantile(km, max(p, q), rule)
    if second.estimate is not None:
        assert first.estimate is not None
        assert first.estimate <= second.estimate
    for result in (first, second):
        if result.estimate is not None and result.conf_low is not None:
            assert result.conf_low <= result.estimate
        if result.estimate is not None and result.conf_high is not None:
            assert result.estimate <= result.conf_high


@quick
@given(SUBJECTS)
def test_rules_agree_off_a_plateau_and_the_midpoint_lies_between(subjects):
    km = kaplan_meier(*columns(subjects))
    left, middle, right = (quantile(km, 0.5, rule).estimate for rule in ("left", "midpoint", "right"))
    if right is not None:
        assert left <= middle <= right
    if left is None:
        assert middle is None


@quick
@given(SUBJECTS)
def test_the_at_risk_table_is_the_curves_own(subjects):
    times, events = columns(subjects)
    km = kaplan_meier(times, events)
    assert n_risk_at(times, km.time) == km.n_risk.tolist()
    assert [estimate.estimate for estimate in survival_at(km, km.time)] == km.surv.tolist()


@quick
@given(SUBJECTS)
def test_follow_up_ignores_events_where_there_are_no_ties(subjects):
    times = [float(i) + time / 1000 for i, (time, _) in enumerate(subjects)]
    events = [event for _, event in subjects]
    at_risk, removed = (reverse_kaplan_meier(times, events, ties=ties) for ties in ("at-risk", "removed"))
    assert at_risk.surv.tolist() == pytest.approx(removed.surv.tolist(), abs=1e-14)


@quick
@given(SUBJECTS, st.floats(0.1, 20))
def test_the_restricted_mean_lies_between_0_and_tau_and_grows_with_it(subjects, tau):
    km = kaplan_meier(*columns(subjects))
    short, long = (restricted_mean(km, t, extend=True) for t in (tau / 2, tau))
    assert 0 <= short.estimate <= tau / 2 + 1e-12
    assert short.estimate <= long.estimate + 1e-12
    assert long.conf_low <= long.estimate <= long.conf_high


@quick
@given(FAILURES)
def test_incidences_and_the_event_free_probability_add_up_to_1(failures):
    curves = aalen_johansen(*columns(failures))
    total = curves.event_free + sum(curve.incidence for curve in curves.causes)
    assert np.abs(total - 1).max() <= 1e-12
    for curve in curves.causes:
        assert (np.diff(curve.incidence) >= 0).all()
        assert inside(curve.conf_low, curve.incidence, curve.conf_high)


@quick
@given(FAILURES)
def test_merging_causes_adds_their_incidences_and_one_cause_is_one_minus_kaplan_meier(failures):
    times, causes = columns(failures)
    apart = aalen_johansen(times, causes, causes=[1, 2, 3])
    together = aalen_johansen(times, np.asarray(causes) > 0, causes=[1]).of(1)
    added = sum(curve.incidence for curve in apart.causes)
    assert together.incidence == pytest.approx(added, abs=1e-12)
    km = kaplan_meier(times, np.asarray(causes) > 0)
    assert together.incidence == pytest.approx(1 - km.surv, abs=1e-12)
    known = ~np.isnan(km.std_err)
    assert together.std_err[known] == pytest.approx(km.std_err[known], abs=1e-12)
