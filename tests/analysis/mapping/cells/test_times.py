"""In which unit a time to event is, and what its first day is called: from the dates, or from words."""

import pytest

from analysis.mapping.cells.times import clock_of, first_day

ADSL = "USUBJID TRTSDT RANDDT\nA 2020-01-01 2019-12-30\nB 2020-02-01 2020-01-30\nC 2020-03-01 2020-02-28"
HEAD = "USUBJID PARAMCD PARAM AVAL CNSR ADT STARTDT"


def clock(dataset, rows, head=HEAD):
    return clock_of(dataset("ADTTE", f"{head}\n{rows}"), "OS", dataset("ADSL", ADSL))


def test_days_from_day_0(dataset):
    found = clock(dataset, "A OS Survival 10 0 2020-01-11 2020-01-01\nB OS Survival 5 1 2020-02-06 2020-02-01")
    assert (found.unit, found.first, found.start) == ("days", 0, "STARTDT")
    assert found.said[1].why == "In 2 of 2 records AVAL is ADT - STARTDT."


def test_days_from_day_1(dataset):
    found = clock(dataset, "A OS Survival 11 0 2020-01-11 2020-01-01\nB OS Survival 6 1 2020-02-06 2020-02-01")
    assert (found.unit, found.first) == ("days", 1)
    assert found.said[0].sure == "certain"


def test_a_convention_that_most_records_keep_is_guessed_and_the_others_are_told(dataset):
    # 2020-03-05 for 2020-05-03: day and month exchanged.
    rows = (
        "A OS Survival 11 0 2020-01-11 2020-01-01\nB OS Survival 6 1 2020-02-06 2020-02-01"
        "\nC OS Survival 64 1 2020-03-05 2020-03-01"
    )
    found = clock(dataset, rows)
    assert (found.unit, found.first, found.said[1].sure) == ("days", 1, "guess")
    assert found.said[1].why == (
        "Dates give AVAL in 67% of the records only: look at the 1 that differs. Are day and month exchanged there?"
    )


def test_without_a_start_of_its_own_a_date_of_the_subject_is_tried(dataset):
    rows = "A OS Survival 12 0 2020-01-11\nB OS Survival 7 1 2020-02-06\nC OS Survival 2 1 2020-03-01"
    found = clock(dataset, rows, "USUBJID PARAMCD PARAM AVAL CNSR ADT")
    assert (found.unit, found.first, found.start) == ("days", 0, "RANDDT")


def test_months_are_told_by_the_dates(dataset):
    # 365 and 91 days are 11.99 and 2.99 months of 30.4375 days.
    found = clock(dataset, "A OS Survival 11.99 0 2020-12-31 2020-01-01\nB OS Survival 2.99 1 2020-05-02 2020-02-01")
    assert found.unit == "months"


@pytest.mark.parametrize(
    ("label", "unit"), [("Survival_(months)", "months"), ("Survival_[weeks]", "weeks"), ("OS", "days")]
)
def test_without_dates_words_say_the_unit(dataset, label, unit):
    found = clock(dataset, f"A OS {label} 11 0\nB OS {label} 3 1", "USUBJID PARAMCD PARAM AVAL CNSR")
    assert (found.unit, found.first) == (unit, None)
    assert found.said[0].sure == ("guess" if unit == "days" else "likely")


def test_words_that_contradict_the_dates_make_it_a_guess(dataset):
    found = clock(
        dataset, "A OS Survival_(months) 10 0 2020-01-11 2020-01-01\nB OS Survival_(months) 5 1 2020-02-06 2020-02-01"
    )
    assert found.unit == "days"
    assert found.said[0].sure == "guess"
    assert "The file says months." in found.said[0].why


def test_the_day_of_most_parameters_is_the_convention_and_the_others_are_named(dataset):
    day1 = clock(dataset, "A OS Survival 11 0 2020-01-11 2020-01-01")
    day0 = clock(dataset, "A OS Survival 10 0 2020-01-11 2020-01-01")
    first, said = first_day({"OS": day1, "PFS": day1, "DOR": day0})
    assert first == 1
    assert said is not None
    assert said.sure == "guess"
    assert "DOR count otherwise" in said.why
