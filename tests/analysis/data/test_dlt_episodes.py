"""An episode is one toxicity however many rows tell it; who can be evaluated follows from what was observed."""

from tests.analysis.data.test_dlt import CRS, NEUTROPENIA, adsl, event, status
from tests.each import each

__all__ = ["status"]


def test_a_syndrome_that_gets_worse_is_one_episode(status):
    """Five days of grade 3, then three of grade 4, then two of grade 3: ten days at grade 3 or higher (C2) and C1."""
    found = status(event(CRS, 3, 4, 5), event(CRS, 4, 9, 3), event(CRS, 3, 12, 2))
    assert found["CRITERIA"] == "C1; C2"
    assert found["DLTDAY"] == 4


@each(("second_onset", "flag"), [(8, "Y"), (9, "Y"), (10, "N")])
def test_rows_without_a_day_between_are_one_episode(status, second_onset, flag):
    """Days 4 to 8, then a second row of four days: overlapping, the next day, or with day 9 free of it."""
    assert status(event(CRS, 3, 4, 5), event(CRS, 3, second_onset, 4))["DLTFL"] == flag


def test_days_below_the_grade_of_the_criterion_break_an_episode(status):
    assert status(event(CRS, 3, 4, 5), event(CRS, 2, 9, 3), event(CRS, 3, 12, 5))["DLTFL"] == "N"


def test_rows_of_different_terms_are_different_episodes(status):
    found = status(event("Alanine aminotransferase increased", 3, 4, 5), event("Hypokalemia", 3, 9, 5))
    assert found["DLTFL"] == "N"


def test_a_short_row_inside_a_long_one_does_not_shorten_it(status):
    assert status(event(CRS, 3, 4, 10), event(CRS, 3, 6, 1), event(CRS, 3, 14, 1))["CRITERIA"] == "C2"


@each(("last_day", "flag"), [(27, "N"), (28, "Y")])
def test_a_subject_without_dlt_is_evaluable_when_the_window_was_observed(status, last_day, flag):
    assert status(subject=adsl(last_day))["EVALFL"] == flag


def test_a_subject_with_a_dlt_is_evaluable_however_short_the_observation(status):
    found = status(event(CRS, 4, 3, 2), subject=adsl(death_day=6))
    assert (found["DLTFL"], found["EVALFL"]) == ("Y", "Y")


@each(
    ("days", "subject", "evaluable"),
    [
        (None, adsl(30), "N"),  # ongoing when last seen: it may still pass 42 days
        (None, adsl(death_day=30), "Y"),  # ended by death: it can last no longer
        (20, adsl(30), "Y"),  # it ended
        (None, adsl(60), "Y"),  # it has lasted long enough already, and is a DLT
    ],
)
def test_an_open_event_that_could_become_dose_limiting_leaves_the_subject_undecided(status, days, subject, evaluable):
    assert status(event(NEUTROPENIA, 4, 5, days), subject=subject)["EVALFL"] == evaluable
