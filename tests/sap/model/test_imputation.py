"""Imputed dates are those of the R package admiral; what its reference and tests state is stated here."""

from datetime import date

import pytest
from pydantic import ValidationError

from sap.model.imputation import Imputation
from sap.text.dates import collected

DATES = ("2019-07-18", "2019-02", "2019", "2019---07", "")
"""The dates of the reference page of impute_dtc_dt (admiral 1.5)."""


def imputed(cells, lows=(), highs=(), **rule):
    made = Imputation.model_validate(rule)
    found = [collected(c) for c in cells]
    return [p and (day := made.whole(p, lows, highs)) and day.isoformat() for p in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # impute_dtc_dt(dates, highest_imputation = "M"), "first", "last" and "mid"
        ({"day": "first", "month": "first"}, ["2019-07-18", "2019-02-01", "2019-01-01", "2019-01-01", None]),
        ({"day": "last", "month": "last"}, ["2019-07-18", "2019-02-28", "2019-12-31", "2019-12-31", None]),
        ({"day": "mid", "month": "mid"}, ["2019-07-18", "2019-02-15", "2019-06-30", "2019-06-30", None]),
        # impute_dtc_dt(dates, highest_imputation = "D", date_imputation = "last")
        ({"day": "last"}, ["2019-07-18", "2019-02-28", None, None, None]),
    ],
)
def test_days_and_months_are_those_of_admiral(rule, expected):
    assert imputed(DATES, **rule) == expected


def test_a_date_that_holds_it_counts_only_among_the_days_that_are_possible():
    """impute_dtc_dt("2020-12", min_dates = list(ymd("2020-12-06"), ymd("2020-11-11")), "M") is 2020-12-06."""
    lows = (date(2020, 12, 6), date(2020, 11, 11))
    rule = {"day": "first", "month": "first", "not_before": ["TRTSDT", "RFICDT"]}
    assert imputed(["2020-12", "2020-11", "2020-10", "2021"], lows, **rule) == [
        "2020-12-06",
        "2020-11-11",
        "2020-10-01",
        "2021-01-01",
    ]


def test_an_end_is_not_after_the_death_where_it_can_be():
    """max_dates of impute_dtc_dt, test 7 of admiral: 2020-12 and 2020-11 with those dates."""
    rule = {"day": "last", "not_after": "DTHDT"}
    assert imputed(["2020-12"], highs=(date(2020, 12, 6),), **rule) == ["2020-12-06"]
    assert imputed(["2020-11"], highs=(date(2020, 12, 6),), **rule) == ["2020-11-30"]


def test_a_date_of_which_nothing_is_known_is_the_one_that_holds_it():
    """highest_imputation = "Y": the latest minimum date, or the earliest maximum date."""
    lows = (date(2020, 1, 1), date(2020, 3, 1))
    assert imputed(["UNK"], lows, day="first", month="first", year="first", not_before="TRTSDT") == ["2020-03-01"]
    highs = (date(2020, 9, 13), date(2020, 11, 11))
    assert imputed(["UNK"], highs=highs, day="last", month="last", year="last", not_after="DTHDT") == ["2020-09-13"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"day": "first", "year": "first", "not_before": "TRTSDT"}, "say which month"),
        ({"day": "first", "month": "first", "year": "first"}, "needs dates to hold it"),
    ],
)
def test_a_rule_without_what_it_needs_is_refused(rule, told):
    with pytest.raises(ValidationError, match=told):
        Imputation.model_validate(rule)


def test_the_rule_is_told_in_words():
    rule = Imputation(day="mid", month="mid", not_before=("TRTSDT",))
    assert rule.in_words == (
        "without its day it is the 15th of the month; without its month, 30 June; not before TRTSDT where it can be"
    )
