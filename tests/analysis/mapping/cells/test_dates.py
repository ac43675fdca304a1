"""Dates that cannot be taken as they stand."""

import pytest

from analysis.mapping.cells.dates import said_of


@pytest.mark.parametrize(
    ("cells", "what", "sure"),
    [
        ("13/01/2020 02/14/2020", "day and month are mixed", "certain"),
        ("03/04/2020 05/06/2020", "day and month cannot be told apart", "certain"),
        ("13/04/2020 05/06/2020", "begin with the day", "likely"),
        ("03/14/2020 05/06/2020", "begin with the month", "likely"),
        ("02JAN2020 03FEB2020", "month by its name", "certain"),
        ("2020-01-02 2020-01", "without day or month", "guess"),
        ("2020-01-02T10:30 2020-01-03", "with a time", "certain"),
    ],
)
def test_what_is_wrong_with_dates_is_told_with_an_example(dataset, cells, what, sure):
    column = dataset("ADSL", "USUBJID TRTSDT\n" + "\n".join(f"S {c}" for c in cells.split())).columns["TRTSDT"]
    said = said_of("ADSL.TRTSDT", column)
    assert said is not None
    assert what in said.what
    assert said.sure == sure
    assert any(c in said.why for c in cells.split()) or said.what.startswith("a date with a time")


def test_of_complete_dates_nothing_is_said(dataset):
    assert said_of("ADSL.TRTSDT", dataset("ADSL", "TRTSDT\n2020-01-02").columns["TRTSDT"]) is None
