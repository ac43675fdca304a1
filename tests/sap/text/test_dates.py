"""A date as it was collected: which part of it is known, and what is no date."""

import pytest

from sap.text.dates import PartialDate, collected, without_time


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("2014-03-15", (2014, 3, 15)),
        ("2014-03-15T10:30:05.250+02:00", (2014, 3, 15)),
        ("2014-03", (2014, 3, None)),
        ("2014-03-UN", (2014, 3, None)),
        ("2014", (2014, None, None)),
        ("2014---15", (2014, None, 15)),
        ("--03-15", (None, 3, 15)),
        ("UNK-MAR-2014", (2014, 3, None)),
        ("UN-UNK-2014", (2014, None, None)),
        ("15mar2014", (2014, 3, 15)),
        ("MAR 2014", (2014, 3, None)),
        ("UNK", (None, None, None)),
    ],
)
def test_the_parts_of_a_date_that_are_known_are_read(cell, parts):
    assert collected(cell) == PartialDate(*parts)


@pytest.mark.parametrize(
    "cell", ["", "2014-02-30", "2014-13-01", "2014-13", "29-FEB-2015", "9999-12-31", "13/02/2014", "03/04/2014", "NA"]
)
def test_a_day_that_does_not_exist_and_one_whose_month_nobody_knows_are_no_dates(cell):
    assert collected(cell) is None


@pytest.mark.parametrize(
    "cell", ["2014-01-02T10:30", "2014-01-02 10:30:00", "2014-01-02T10:30:00.5", "2014-01-02T23:59:59Z"]
)
def test_the_date_of_a_moment_is_the_one_that_was_written(cell):
    assert without_time(cell) == "2014-01-02"


@pytest.mark.parametrize("cell", ["2014-01-02T25:00", "2014-01-02T10:61", "02JAN2014:10:30:00", "2014-01-02"])
def test_what_is_no_moment_stays_as_it_is(cell):
    assert without_time(cell) == cell
