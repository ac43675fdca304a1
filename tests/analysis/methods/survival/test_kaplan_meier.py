"""The Kaplan-Meier curve, Greenwood's standard error and the five bands against R's survfit."""

import math

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from analysis.methods.survival.kaplan_meier import kaplan_meier
from tests.analysis.methods.survival_reference import KAPLAN_MEIER, PUBLISHED, band_type, name, survival_data
from tests.each import each
from tests.reference_check import agrees

FITS = [(case, fit) for case in KAPLAN_MEIER for fit in case["fits"]]


@each("case", KAPLAN_MEIER, ids=name)
def test_counts_curve_and_greenwood_are_those_of_survfit(case):
    km = kaplan_meier(*survival_data(case))
    # R: f <- survfit(Surv(time, status) ~ 1); f$time, f$n.risk, ..., f$surv * f$std.err
    for column in ("time", "n_risk", "n_event", "n_censor", "surv", "std_err"):
        agrees(
            getattr(km, column).tolist(),
            case["table"][column],
            method=f"kaplan_meier {column}",
            source="R survival 3.5.3 survfit(Surv(time, status) ~ 1)",
            case=case["name"],
        )
    assert (km.n, km.n_events) == (case["n"], case["events"])


@each(("case", "fit"), FITS, ids=lambda x: x.get("name") or f"{x['conf_type']}-{x['level']}")
def test_band_is_that_of_survfit(case, fit):
    km = kaplan_meier(*survival_data(case), fit["level"], band_type(fit["conf_type"]))
    source = f'R survfit(..., conf.type = "{fit["conf_type"]}", conf.int = {fit["level"]})'
    for limit, expected in ((km.conf_low, fit["lower"]), (km.conf_high, fit["upper"])):
        agrees(limit.tolist(), expected, method=f"band {km.conf_type}", source=source, case=case["name"])


def test_band_of_a_published_curve():
    # scipy test_survival.py, computed there by R survfit.
    published = PUBLISHED["km_n10_scipy"]
    for scale, prefix in (("log-log", "loglog"), ("plain", "plain")):
        km = kaplan_meier(published["time"], published["status"], conf_type=scale)
        for limit, side in ((km.conf_low, "low"), (km.conf_high, "high")):
            for time, expected in published[f"{prefix}_{side}_at"].items():
                value = float(limit[km.time == int(time)][0])
                agrees(value, expected, method=f"band {scale}", source=published["src"], case=f"n=10 t={time}")


def test_log_log_is_the_default_as_in_sas():
    times, events = survival_data(KAPLAN_MEIER[0])
    assert kaplan_meier(times, events).conf_type == "log-log"
    assert kaplan_meier(times, events).conf_level == 0.95


def test_times_equal_up_to_float_noise_are_one_instant():
    # R merges 0.1 + 0.2 with 0.3 (timefix): S(0.3) = 2/3. lifelines sees two instants.
    times, events = [0.1 + 0.2, 0.3, 0.3, 0.5, 0.5, 0.6], [1, 1, 0, 0, 1, 0]
    km = kaplan_meier(times, events)
    assert km.time.tolist() == [0.3, 0.5, 0.6]
    assert km.n_event.tolist() == [2, 1, 0]
    assert km.surv[0] == pytest.approx(2 / 3, rel=1e-15)
    assert KaplanMeierFitter().fit(times, events).survival_function_.shape[0] == 5  # with its row at 0


def test_there_is_no_band_where_survival_is_0_or_1():
    # lifelines prints (1, 1) and (0, 0) there; R NA.
    km = kaplan_meier([1, 2, 3], [0, 1, 1])
    assert km.surv.tolist() == [1.0, 0.5, 0.0]
    assert np.isnan(km.conf_low).tolist() == [True, False, True]
    assert np.isnan(km.conf_high).tolist() == [True, False, True]
    assert math.isnan(km.std_err[2])
    assert KaplanMeierFitter().fit([1, 2, 3], [0, 1, 1]).confidence_interval_.iloc[1].tolist() == [1.0, 1.0]


def test_a_death_at_the_origin_counts():
    km = kaplan_meier([0, 0, 1], [1, 0, 1])
    assert km.time.tolist() == [0, 1]
    assert km.n_risk.tolist() == [3, 1]
    assert km.surv[0] == pytest.approx(2 / 3, rel=1e-15)


def test_one_censored_subject_is_a_curve_at_1():
    km = kaplan_meier([3], [0])
    assert (km.surv.tolist(), km.std_err.tolist(), km.n_events) == ([1.0], [0.0], 0)


def test_booleans_and_numpy_arrays_are_welcome():
    a = kaplan_meier(np.array([1, 2, 3]), np.array([True, False, True]))
    b = kaplan_meier([1.0, 2.0, 3.0], [1, 0, 1])
    assert a.surv.tolist() == b.surv.tolist()


def test_the_arrays_are_read_only():
    km = kaplan_meier([1, 2], [1, 1])
    with pytest.raises(ValueError, match="read-only"):
        km.surv[0] = 0.9


@each(
    ("time", "event", "message"),
    [
        ([], [], "time is empty"),
        ([1, math.nan], [1, 0], r"time has missing or infinite values at positions \[1\]"),
        ([1, None], [1, 0], "missing"),
        ([1, math.inf], [1, 0], "infinite"),
        ([1, -2], [1, 0], r"time is negative at positions \[1\]"),
        (["a", "b"], [1, 0], "time must be numbers"),
        ([[1, 2]], [1, 0], "one-dimensional"),
        ([1, 2], [1], "event has 1 values where 2 are needed"),
        ([1, 2], [1, 2], r"event must be 1 \(event\) or 0 \(censored\).*\[1\]"),
        ([1, 2], [1, math.nan], r"positions \[1\]"),
    ],
)
def test_bad_data_are_named(time, event, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event)


@each("level", [0, 1, 95, -0.1, math.nan])
def test_a_level_outside_0_and_1_is_an_error(level):
    with pytest.raises(ValueError, match="conf_level"):
        kaplan_meier([1, 2], [1, 0], level)


def test_an_unknown_band_is_an_error_that_lists_the_bands():
    with pytest.raises(ValueError, match="'log-log', 'log', 'plain', 'logit', 'arcsine'"):
        kaplan_meier([1, 2], [1, 0], conf_type="loglog")


def test_a_fit_leaves_the_warnings_of_numpy_as_they_were():
    """lifelines sets np.seterr(invalid="ignore", divide="ignore") for the whole process."""
    with np.errstate(divide="raise", invalid="warn"):
        before = np.geterr()
        kaplan_meier([1, 2, 3], [1, 0, 1])
        assert np.geterr() == before
