"""Counting categories: whose percentages they are, and what a category is called."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.steps.counts import OTHER, distribution
from analysis.steps.sample import Sample
from sap.methods import Distribution

# Two recovered, one has not, one never had the event.
COURSE = pd.DataFrame({"USUBJID": list("ABCD"), "ONGOFL": ["N", "N", "Y", None]})


def step(**options):
    return Distribution(method="distribution", variable="EV.ONGOFL", levels=("N", "Y"), **options)


def counted(plan, asked, course=COURSE, subjects=("A", "B", "C", "D")):
    found = distribution(asked, Sample(subjects, {"EV": course}, plan, "the set"))
    return {(s.variable_level, s.stat_name): s.stat for s in found}


def test_percentages_are_of_all_subjects_and_the_others_have_a_line(plan):
    found = counted(plan, step())
    assert found["N", "p"] == 2 / 4
    assert (found[OTHER, "n"], found[OTHER, "N"]) == (1, 4)


def test_percentages_of_those_with_a_value_leave_the_others_out(plan):
    found = counted(plan, step(percentages="recorded"))
    assert (found["N", "n"], found["N", "N"], found["N", "p"]) == (2, 3, 2 / 3)
    assert (OTHER, "n") not in found


def test_a_value_at_no_level_is_recorded_all_the_same(plan):
    course = COURSE.assign(ONGOFL=["N", "U", "Y", None])
    found = counted(plan, step(percentages="recorded"), course)
    assert (found["N", "n"], found["N", "N"], found[OTHER, "n"]) == (1, 3, 1)


def test_no_value_as_a_level_makes_everybody_count(plan):
    asked = Distribution(method="distribution", variable="EV.ONGOFL", levels=("N", "Y", ""), percentages="recorded")
    found = counted(plan, asked)
    assert (found["", "n"], found["", "N"]) == (1, 4)


def test_where_nobody_has_a_value_there_is_no_percentage(plan):
    found = distribution(step(percentages="recorded"), Sample(("D",), {"EV": COURSE}, plan, "the set"))
    assert {(s.stat_name, s.stat) for s in found} == {("n", 0), ("N", 0), ("p", None)}
    assert {s.error for s in found if s.stat is None} == {
        "not estimable: there are no subjects in the set with a value of EV.ONGOFL"
    }


def test_the_sentence_names_the_denominator():
    assert "all subjects in the analysis set" in step().in_words
    assert "of the subjects with a value" in step(percentages="recorded").in_words


def test_a_label_of_no_level_is_refused():
    with pytest.raises(ValidationError, match="labels names 'U', which is none of the levels"):
        step(labels={"U": "Unknown"})
