"""The area under a course, subject by subject: worked by hand, by R, and by the second route."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.data.derive import areas
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.derived import derive as recomputed
from sap.model.derivations import AreaUnderCurve
from sap.model.part import Window
from tests.analysis.data.test_derive import adsl, kinetics
from tests.each import each


def spec(start=0, end=14, **keys):
    stated = {"id": "AUC", "kind": "area", "text": "x", "parameter": "CARTPCT", "window": Window(start=start, end=end)}
    return AreaUnderCurve.model_validate(stated | keys)


def found(records, transplanted=None, **keys):
    (row,) = areas(adsl(**{"1": transplanted}), records, spec(**keys)).to_dict("records")
    return row


def area(records, **keys):
    return found(records, **keys)["AUC"]


def test_rising_values_are_joined_by_straight_lines_and_falling_ones_by_logarithms():
    # 7 (0 + 10) / 2 = 35 up; down 7 (10 - 5) / ln 2 = 50.494…
    assert area(kinetics((0, None), (7, 10.0), (14, 5.0))) == pytest.approx(35 + 35 / math.log(2))


def test_linear_joins_all_by_straight_lines():
    assert area(kinetics((0, 0.2), (7, 10.0), (14, 5.0)), rule="linear") == pytest.approx(35.7 + 52.5)


def test_a_course_of_the_study_by_r():
    # Subject 05. R: t <- c(0,1,4,6,8,10,12,14); v <- c(0,0,.22,.82,3.1,1.71,1.37,.95); a <- head(v,-1); b <- tail(v,-1)
    # sum(diff(t) * ifelse(b < a, (a-b)/log(a/b), (a+b)/2)) is 15.324863678511
    days = [0, 1, 4, 6, 8, 10, 12, 14]
    values = [None, None, 0.22, 0.82, 3.1, 1.71, 1.37, 0.95]
    up = 3 * 0.22 / 2 + (0.22 + 0.82) + (0.82 + 3.1)
    down = sum(2 * (a - b) / math.log(a / b) for a, b in [(3.1, 1.71), (1.71, 1.37), (1.37, 0.95)])
    assert area(kinetics(*zip(days, values, strict=True))) == pytest.approx(up + down, rel=1e-12)
    assert up + down == pytest.approx(15.324863678511, rel=1e-12)


def test_a_window_that_ends_between_two_days_is_cut_by_the_same_rule():
    # From 8 to 2 over two days: 4 after one, and so (8 - 4) / ln 2 for the first.
    assert area(kinetics((0, 8.0), (2, 2.0)), start=0, end=1) == pytest.approx(4 / math.log(2))
    assert area(kinetics((0, 8.0), (2, 2.0)), start=0, end=1, rule="linear") == pytest.approx(6.5)


@each(
    ("records", "keys", "why"),
    [
        (kinetics((0, 1.0), (10, 2.0)), {}, "measured on days 0 to 10, the window is days 0 to 14"),
        (kinetics((1, 1.0), (14, 2.0)), {}, "measured on days 1 to 14, the window is days 0 to 14"),
        (kinetics((-3, 1.0), (14, 2.0)), {}, "measured on days 14 to 14, the window is days 0 to 14"),
        (kinetics((0, 1.0), subject="2"), {}, "measured on no day, the window is days 0 to 14"),
        (kinetics((0, None), (14, None)), {"below_quantification": "missing"}, "measured on no day, the window is"),
    ],
)
def test_a_subject_whose_measurements_do_not_span_the_window_has_none_and_is_told_why(records, keys, why):
    row = found(records, **keys)
    assert math.isnan(row["AUC"])
    assert row["AUCREAS"].startswith(why)


def test_what_was_measured_from_the_day_of_another_treatment_on_does_not_count():
    row = found(kinetics((0, 1.0), (10, 2.0), (14, 9.0)), transplanted=14, before="HSCTDT")
    assert row["AUCREAS"] == "measured on days 0 to 10, the window is days 0 to 14 (before HSCTDT)"
    assert (
        found(kinetics((0, 1.0)), before="HSCTDT")["AUCREAS"] == "measured on days 0 to 0, the window is days 0 to 14"
    )
    # Transplanted later than anything measured: that is not why the window is not spanned.
    late = found(kinetics((0, 1.0), (10, 2.0)), transplanted=100, before="HSCTDT")
    assert late["AUCREAS"] == "measured on days 0 to 10, the window is days 0 to 14"
    assert area(kinetics((0, 1.0), (10, 2.0), (14, 9.0)), transplanted=15, before="HSCTDT") == 15 + 4 * 5.5


def test_of_several_values_on_one_day_the_highest_counts_as_for_the_peak():
    assert area(kinetics((0, 1.0), (7, 2.0), (7, 5.0), (7, 3.0), (14, 5.0))) == 7 * 3 + 7 * 5


@each(("rule", "expected"), [("zero", 0.0), ("half", 0.7), ("lloq", 1.4)])
def test_a_subject_always_below_quantification_has_the_area_the_rule_says(rule, expected):
    assert area(kinetics((0, None), (14, None)), below_quantification=rule) == pytest.approx(expected)


def test_every_infused_subject_has_a_row_and_nobody_else():
    subjects = adsl(**{"1": None, "2": None, "3": None})
    subjects.loc[2, "TRTSDT"] = pd.NaT
    made = areas(subjects, kinetics((0, 1.0), (14, 1.0)), spec())
    assert made["USUBJID"].tolist() == ["1", "2"]
    assert made["AUCREAS"].tolist() == ["", "measured on no day, the window is days 0 to 14"]


def test_nobody_has_no_row_and_the_columns_all_the_same():
    made = areas(adsl().iloc[:0], kinetics().iloc[:0], spec())
    assert made.empty
    assert list(made.columns) == ["USUBJID", "AUC", "AUCREAS"]


@each("window", [{"start": 0}, {"end": 14}, {"start": 3, "end": 3}, {}])
def test_a_window_without_two_days_is_refused(window):
    with pytest.raises(ValidationError, match="a first and a later last day"):
        spec(**window) if {"start", "end"} <= window.keys() else AreaUnderCurve.model_validate(
            {"id": "AUC", "kind": "area", "text": "x", "parameter": "CARTPCT", "window": window}
        )


def test_every_subject_of_the_study_has_an_area_and_it_grows_with_the_peak_of_its_window(study):
    made = study.derived
    assert (made["AUC14"]["AUCREAS"] == "").all()
    peak = made["EXPAN"].set_index("USUBJID")
    early = peak[peak["TPEAK"] <= 14]
    by_subject = made["AUC14"].set_index("USUBJID")["AUC"]
    assert (by_subject[early.index] < 14 * early["PEAK"]).all()
    assert (by_subject > 0).all()


def second(derivation, records):
    """Return what the second route, which needs no plan for an area, makes of the records."""
    (subject,) = to_records(adsl()).of("1")
    return recomputed(None, derivation, subject, lambda _: to_records(records).of("1"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.integers(-3, 20), st.one_of(st.none(), st.floats(0.1, 90).map(lambda v: round(v, 2))), max_size=9
    ),
    st.sampled_from(["linear-up/log-down", "linear"]),
    st.sampled_from(["zero", "half", "lloq", "missing"]),
    st.integers(-1, 6),
    st.integers(7, 15),
)
def test_both_routes_give_the_same_area_and_the_same_reason(course, rule, below, start, end):
    records = kinetics(*course.items(), *(day for day in course.items() if day[0] % 3 == 0)).assign(PARAMCD="CARTPCT")
    derivation = spec(start, end, rule=rule, below_quantification=below)
    one, other = (
        found(records, start=start, end=end, rule=rule, below_quantification=below),
        second(derivation, records),
    )
    assert one["AUCREAS"] == (other["AUCREAS"] or "")
    assert (other["AUC"] is None) == bool(np.isnan(one["AUC"]))
    if other["AUC"] is not None:
        assert one["AUC"] == pytest.approx(float(other["AUC"]), rel=1e-11, abs=1e-12)


def test_without_dates_the_study_days_tell_when_a_value_was_measured(plan):
    """Study day 1 is the day of treatment: days 1, 8 and 15 are 0, 7 and 14 days after it."""
    records = kinetics((0, 0.2), (7, 10.0), (14, 5.0))
    by_date = area(records, rule="linear")
    by_study_day = records.drop(columns="ADT").assign(PARAMCD="CARTPCT", ADY=[1.0, 8.0, 15.0])
    assert area(by_study_day, rule="linear", days="ADY") == by_date == pytest.approx(35.7 + 52.5)
    (subject,) = to_records(adsl(**{"1": None})).of("1")
    again = recomputed(plan, spec(rule="linear", days="ADY"), subject, lambda _: to_records(by_study_day).of("1"))
    assert float(again["AUC"]) == pytest.approx(by_date)
