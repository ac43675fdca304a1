"""Laboratory grades by the bounds of the plan: a case worked by hand, by both routes."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.derive import lab_grades
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.derived import derive as second_route
from sap.model.derivations import LabGrade
from tests.each import each

DAY0 = pd.Timestamp("2021-03-01")
LOW = [{"grade": 2, "below": 1.5}, {"grade": 3, "below": 1.0}, {"grade": 4, "below": 0.5}]
ADSL = pd.DataFrame({"USUBJID": ["1"], "TRTSDT": [DAY0], "HSCTDT": [DAY0 + pd.Timedelta(days=10)]})


def grades(plan, *values, subjects=ADSL, **options):
    """Return baseline and worst grade of values with their days, once both routes say the same."""
    spec = LabGrade.model_validate(
        {"id": "G", "kind": "lab_grade", "text": "x", "parameter": "NEUT", "grades": LOW, "before": "HSCTDT"} | options
    )
    rows = pd.DataFrame(list(values), columns=["AVAL", "DAY"], dtype="float64")
    rows = rows.assign(USUBJID="1", PARAMCD="NEUT", ADT=DAY0 + pd.to_timedelta(rows["DAY"], unit="D"))
    (row,) = lab_grades(subjects, rows, spec).to_dict("records")
    found = (row["BASEGR"], row["WORSTGR"])
    (subject,) = to_records(subjects).of("1")
    again = second_route(plan, spec, subject, lambda _: to_records(rows).of("1"))
    assert (again["BASEGR"] or "", again["WORSTGR"] or "") == found
    return found


@each(
    "values, expected",
    [
        ([(2.0, -1), (0.4, 5), (1.2, 6)], ("0", "4")),  # the worst, not the last
        ([(0.9, -8), (1.4, -1), (1.0, 3)], ("2", "2")),  # the last before; a bound itself is not beyond it
        ([(1.4, -1), (0.9, -1), (2.0, 1)], ("3", "0")),  # of several on a day the worst
        ([(0.1, 0), (1.6, 2)], ("", "0")),  # the day of treatment is neither
        ([(2.0, -1), (0.1, 10)], ("0", "")),  # on the day of transplantation no more
        ([(None, -1), (2.0, -4), (None, 2)], ("0", "")),  # a missing value is none
        ([], ("", "")),
    ],
)
def test_a_value_has_the_highest_grade_beyond_whose_bound_it_lies(plan, values, expected):
    assert grades(plan, *values) == expected


def test_where_high_values_are_worse_the_bound_is_above(plan):
    high = [{"grade": 2, "above": 3.0}, {"grade": 3, "above": 5.0}]
    assert grades(plan, (3.0, -1), (5.1, 2), grades=high) == ("0", "3")


def test_without_the_date_every_value_after_treatment_counts(plan):
    assert grades(plan, (2.0, -1), (0.1, 10), before=None) == ("0", "4")


@each(
    "bounds, said",
    [
        ([{"grade": 2, "below": 1, "above": 3}], "a grade has one bound"),
        ([{"grade": 2}], "a grade has one bound"),
        ([{"grade": 2, "below": 1}, {"grade": 2, "below": 2}], "grade 2 has two bounds below"),
    ],
)
def test_bounds_that_say_nothing_or_two_things_are_refused(plan, bounds, said):
    with pytest.raises(ValidationError, match=said):
        grades(plan, grades=bounds)


def test_by_hand_nobody_of_this_study_began_with_a_low_count_and_eight_fell_to_grade_4(study):
    found = study.derived["NEUTGR"]
    assert set(found["BASEGR"]) == {"0"}
    assert found["WORSTGR"].value_counts().to_dict() == {"4": 8, "3": 1, "2": 1}
