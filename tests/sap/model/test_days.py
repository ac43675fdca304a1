"""Days are counted in one place: infusion is study day 1 and 0 days since infusion; there is no study day 0."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sap.model.days import days_between, days_since_treatment, duration, study_day
from tests.each import each


def dates(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts), format="%Y-%m-%d"))


# CDISC ADaM IG 1.1, section 3.3.3: ADY = ADT - TRTSDT + 1 from the first dose on, ADT - TRTSDT before it.
@each(("since", "day"), [(-2, -2), (-1, -1), (0, 1), (1, 2), (12, 13), (27, 28), (28, 29)])
def test_study_day_is_one_on_the_day_of_infusion_and_minus_one_the_day_before(since, day):
    assert study_day(pd.Series([float(since)])).tolist() == [day]
    assert days_since_treatment(pd.Series([float(day)])).tolist() == [since]


@given(st.lists(st.integers(-1000, 5000), min_size=1))
def test_the_two_counts_are_each_others_inverse_and_no_study_day_is_zero(days):
    since = pd.Series(days, dtype="float64")
    counted = study_day(since)
    assert 0 not in set(counted)
    assert days_since_treatment(counted).tolist() == since.tolist()


def test_days_between_counts_nights_across_a_leap_day():
    assert days_between(dates("2020-02-28", "2021-02-28"), dates("2020-03-01", "2021-03-01")).tolist() == [2, 1]


def test_the_same_day_is_zero_days_apart_and_lasts_one_day():
    day = dates("2021-03-09")
    assert days_between(day, day).tolist() == [0]
    assert duration(day, day).tolist() == [1]


def test_an_earlier_end_gives_negative_days():
    assert days_between(dates("2021-03-09"), dates("2021-03-08")).tolist() == [-1]


def test_a_missing_date_gives_a_missing_day():
    assert days_between(dates("2021-03-09", None), dates(None, "2021-03-09")).isna().all()
    assert study_day(pd.Series([float("nan")])).isna().all()


def test_a_week_lasts_seven_days_with_both_ends_counted():
    assert duration(dates("2021-03-01"), dates("2021-03-07")).tolist() == [7]
