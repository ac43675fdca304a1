"""Kinetics of a course: peak, area, last quantifiable day, values below quantification, geometric summary."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.values.course import auc, last_quantifiable, peak, replace_below_quantification
from analysis.methods.values.description import geometric_cv
from tests.each import each
from tests.reference_check import agrees

moderate = settings(max_examples=60, deadline=None, derandomize=True)
NAN = float("nan")


@st.composite
def courses(draw):
    days = draw(st.lists(st.integers(0, 60), min_size=2, max_size=10, unique=True))
    values = draw(st.lists(st.floats(0.01, 1e4), min_size=len(days), max_size=len(days)))
    return sorted(days), values


def test_peak_is_the_first_of_equal_highest_values_in_time_not_in_row_order():
    highest = peak([12, 6, 18], [40, 40, 3])
    assert (highest.value, highest.day) == (40, 6)


def test_peak_ignores_missing_values_and_is_none_without_any():
    assert peak([1, 2, 3], [NAN, 5, 2]).day == 2
    assert (peak([1, 2], [NAN, NAN]).value, peak([1, 2], [NAN, NAN]).day) == (None, None)
    assert peak([4], [0]).value == 0


@each(
    ("case", "days", "values", "highest", "day"),
    [
        ("inner", [1, 7, 14, 28], [0.5, 31.2, 12, 0.1], 31.2, 7),
        ("two equal", [14, 7, 28], [9, 9, 2], 9, 7),
        ("one missing", [3, 7, 14], [NAN, 4, 6], 6, 14),
        ("all zero", [0, 7], [0, 0], 0, 0),
        ("all missing", [0, 7], [NAN, NAN], None, None),
    ],
)
def test_peak_and_time_to_peak_by_hand(case, days, values, highest, day):
    found = peak(days, values)
    agrees([found.value, found.day], [highest, day], method="peak", source="by hand", case=case)


@each(
    ("case", "values", "rule", "expected"),
    [
        # Days 0, 7, 14: a plateau has no logarithm of a fall and is a rectangle.
        ("plateau", [4, 4, 4], "linear-up/log-down", 56),
        ("plateau and fall", [4, 4, 2], "linear-up/log-down", 28 + 14 / math.log(2)),
        ("plateau and fall, linear", [4, 4, 2], "linear", 28 + 21),
        ("nothing", [0, 0, 0], "linear-up/log-down", 0),
        ("0 to 0 and rise", [0, 0, 6], "linear-up/log-down", 21),
        ("fall to 0 and 0 to 0", [6, 0, 0], "linear-up/log-down", 21),
    ],
)
def test_areas_over_plateaus_by_hand(case, values, rule, expected):
    area = auc([0, 7, 14], values, 0, 14, rule)
    agrees(area.value, expected, 1e-14, method="auc", source="by hand", case=case)


@each(
    ("rule", "replaced", "expected"),
    [
        # Rise over 7 days: a trapezoid; fall 10 to 5: 35 / ln 2; fall 5 to c over 14 days: 14 (5 - c) / ln(5 / c).
        ("zero", 0, 35 + 35 / math.log(2) + 35),
        ("half", 0.05, 35.175 + 35 / math.log(2) + 14 * 4.95 / math.log(100)),
        ("lloq", 0.1, 35.35 + 35 / math.log(2) + 14 * 4.9 / math.log(50)),
        # Without values at both ends the window from 0 to 28 is not spanned.
        ("missing", None, None),
    ],
)
def test_area_after_each_rule_for_values_below_quantification_by_hand(rule, replaced, expected):
    values = replace_below_quantification([NAN, 10, 5, NAN], [True, False, False, True], 0.1, rule)
    by_hand = [replaced, 10, 5, replaced]
    agrees(values, by_hand, method="replace_below_quantification", source="by hand", case=rule)
    area = auc([0, 7, 14, 28], values, 0, 28)
    agrees(area.value, expected, 1e-14, method="auc", source="by hand", case=f"below quantification: {rule}")


@each(
    ("case", "days", "below", "expected"),
    [
        ("fall", [1, 7, 14, 28], [False, False, True, True], 7),
        ("any order", [28, 1, 14], [False, True, True], 28),
        ("back again", [1, 7, 14], [False, True, False], 14),
        ("never", [1, 7], [True, True], None),
    ],
)
def test_last_quantifiable_day_by_hand(case, days, below, expected):
    day = last_quantifiable(days, below)
    agrees(day, expected, method="last_quantifiable", source="by hand", case=case)


def test_last_quantifiable_day():
    assert last_quantifiable([28, 7, 14], [True, False, False]) == 14
    assert last_quantifiable([7, 14], [True, True]) is None
    assert last_quantifiable([7], [False]) == 7


@each(("rule", "expected"), [("zero", 0), ("half", 0.05), ("lloq", 0.1)])
def test_values_below_quantification_follow_the_planned_rule(rule, expected):
    assert replace_below_quantification([3, NAN, 0.02], [False, True, True], 0.1, rule).tolist() == [
        3,
        expected,
        expected,
    ]


def test_each_value_has_its_own_limit_and_missing_stays_missing():
    replaced = replace_below_quantification([3, NAN, NAN], [False, True, True], [0.1, 0.1, 0.5], "half")
    assert replaced.tolist() == [3, 0.05, 0.25]
    replaced = replace_below_quantification([3, NAN], [False, True], 0.1, "missing")
    assert replaced[0] == 3
    assert math.isnan(replaced[1])


def test_area_by_hand():
    # Rising 0 to 10 over 7 days: 35. Falling 10 to 5 over 7 days: 7 * 5 / ln 2. Falling 5 to 0: a straight line, 17.5.
    area = auc([0, 7, 14, 21], [0, 10, 5, 0], 0, 21)
    assert area.value == pytest.approx(35 + 35 / math.log(2) + 17.5, rel=1e-14)
    assert auc([0, 7, 14, 21], [0, 10, 5, 0], 0, 21, "linear").value == pytest.approx(35 + 52.5 + 17.5, rel=1e-14)


def test_area_of_an_exponential_decay_is_exact():
    days = np.array([0, 1, 3, 7, 14, 28])
    area = auc(days, 80 * np.exp(-0.1 * days), 2, 20)
    expected = 800 * (math.exp(-0.2) - math.exp(-2))
    agrees(
        area.value, expected, method="auc", source="integral of 80 exp(-t/10) from 2 to 20", case="window between days"
    )


def test_area_outside_the_measured_days_is_none_with_a_reason():
    area = auc([0, 7, 14], [0, 10, 5], 0, 28)
    assert area.value is None
    assert area.reason == "measured on days 0 to 14, the window is days 0 to 28"
    assert auc([3, 28], [1, 2], 0, 28).value is None
    assert auc([0, 28], [NAN, NAN], 0, 28).reason.startswith("measured on no day")


@moderate
@given(courses(), st.sampled_from(["linear-up/log-down", "linear"]), st.floats(0.1, 10))
def test_area_adds_over_windows_scales_with_values_and_ignores_row_order(course, rule, factor):
    days, values = course
    middle = (days[0] + days[-1]) / 2
    whole = auc(days, values, days[0], days[-1], rule).value
    parts = auc(days, values, days[0], middle, rule).value + auc(days, values, middle, days[-1], rule).value
    assert parts == pytest.approx(whole, rel=1e-9)
    assert auc(days, np.multiply(values, factor), days[0], days[-1], rule).value == pytest.approx(
        factor * whole, rel=1e-9
    )
    assert auc(days[::-1], values[::-1], days[0], days[-1], rule).value == whole


@moderate
@given(courses())
def test_log_down_is_never_above_the_linear_area(course):
    days, values = course
    linear = auc(days, values, days[0], days[-1], "linear").value
    assert auc(days, values, days[0], days[-1]).value <= linear * (1 + 1e-12)


def test_geometric_summary_is_that_of_r():
    # R: c(exp(mean(log(x))), 100 * sqrt(exp(var(log(x))) - 1))
    ages = geometric_cv([18, 23, 31, 38, 43, 44, 51, 55, 60, 73])
    expected = [40.31320935876198, 45.77160117346478]
    agrees(
        [ages.mean, ages.cv_percent], expected, method="geometric_cv", source="R sqrt(exp(var(log(x)))-1)", case="ages"
    )
    tied = geometric_cv([2.5, 7, 1, 9.25, 4, 4, 3.3, None])
    expected = [3.644917241184149, 82.842810736563408]
    agrees(
        [tied.mean, tied.cv_percent], expected, method="geometric_cv", source="R sqrt(exp(var(log(x)))-1)", case="tied"
    )
    assert (tied.n, tied.n_missing, tied.reason) == (7, 1, None)


def test_geometric_summary_that_cannot_be_estimated_says_why():
    assert geometric_cv([5]).mean == pytest.approx(5, rel=1e-15)
    assert (geometric_cv([5]).cv_percent, geometric_cv([5]).reason) == (None, "one value has no variation")
    assert geometric_cv([0, 1]).reason == "a value is zero or negative and has no logarithm"
    assert geometric_cv([NAN]).reason == "no value is present"
    assert geometric_cv([2, 2, 2]).cv_percent == 0


@each(
    ("call", "message"),
    [
        (lambda: peak([], []), "days is empty"),
        (lambda: peak([1, 2], [1]), "of one length"),
        (lambda: peak([1, NAN], [1, 2]), "a day is missing"),
        (lambda: peak([1, 2], [1, -2]), r"a value is negative or infinite: \[-2.0\]"),
        (lambda: auc([0, 7], [1, 2], 7, 0), "earlier to a later day"),
        (lambda: auc([0, 7], [1, 2], 0, NAN), "earlier to a later day"),
        (lambda: auc([0, 7, 7], [1, 2, 3], 0, 7), "days must differ"),
        (lambda: auc([0, 7], [1, 2], 0, 7, "log"), "'linear-up/log-down', 'linear'"),
        (lambda: last_quantifiable([1, 2], [True]), "one flag for each"),
        (lambda: last_quantifiable([1, 2], ["Y", "N"]), "True or False"),
        (lambda: last_quantifiable([], []), "days is empty"),
        (lambda: replace_below_quantification([1, NAN], [False, False], 0.1, "half"), "missing or infinite"),
        (lambda: replace_below_quantification([0.01], [False], 0.1, "half"), "not marked as below"),
        (lambda: replace_below_quantification([1], [True], 0.1, "half"), "is marked as below"),
        (lambda: replace_below_quantification([-1], [True], 0.1, "half"), "negative"),
        (lambda: replace_below_quantification([1], [False], 0, "half"), "lloq must be finite and above 0"),
        (lambda: replace_below_quantification([1, 2], [False, False], [0.1], "half"), "one for each"),
        (lambda: replace_below_quantification([1], [False], 0.1, "third"), "'zero', 'half', 'lloq', 'missing'"),
        (lambda: geometric_cv([]), "at least one subject"),
        (lambda: geometric_cv([1, math.inf]), "no infinite value"),
    ],
)
def test_bad_input_is_an_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@each("cut", [0.25, 1, 1.9])
def test_windows_that_cut_a_fall_to_zero_add_up(cut):
    """The fall from 10 on day 0 to 0 on day 2 is a straight line: area 10, and 7.5 up to day 1."""
    parts = auc([0, 2], [10, 0], 0, cut).value + auc([0, 2], [10, 0], cut, 2).value
    assert parts == pytest.approx(10, rel=1e-12)
    assert auc([0, 2], [10, 0], 0, 1).value == pytest.approx(7.5, rel=1e-12)
