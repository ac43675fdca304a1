"""Counting categories: whose percentages they are, and what a category is called."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.sample import Sample
from analysis.steps.distribution import distribution
from sap.methods.distribution import Distribution

# Two recovered, one has not, one never had the event.
COURSE = pd.DataFrame({"USUBJID": list("ABCD"), "ONGOFL": ["N", "N", "Y", None]})


def step(**options):
    return Distribution(method="distribution", variable="EV.ONGOFL", levels=("N", "Y"), **options)


def counted(plan, asked, course=COURSE, subjects=("A", "B", "C", "D")):
    found = distribution(asked, Sample(subjects, {"EV": course}, plan, "the set"))
    return {(s.variable_level, s.stat_name): s.stat for s in found}


def test_percentages_are_of_all_subjects_and_those_without_a_value_have_a_line(plan):
    found = counted(plan, step())
    assert found["N", "p"] == 2 / 4
    assert (found["Missing", "n"], found["Missing", "N"], found["Missing", "p"]) == (1, 4, 1 / 4)
    assert ("Other", "n") not in found


def test_percentages_of_those_with_a_value_count_the_others_apart_and_without_a_percentage(plan):
    found = counted(plan, step(percentages="recorded"))
    assert (found["N", "n"], found["N", "N"], found["N", "p"]) == (2, 3, 2 / 3)
    assert (found["Missing", "n"], found["Missing", "N"]) == (1, 4)
    assert ("Missing", "p") not in found


def test_a_value_at_no_level_is_recorded_all_the_same_and_is_not_missing(plan):
    # A, B, C, D are N, U, Y and without a value.
    course = COURSE.assign(ONGOFL=["N", "U", "Y", None])
    for percentages, size in (("recorded", 3), ("all", 4)):
        found = counted(plan, step(percentages=percentages), course)
        assert (found["N", "n"], found["N", "N"]) == (1, size), percentages
        assert (found["Other", "n"], found["Other", "N"], found["Other", "p"]) == (1, size, 1 / size), percentages
        assert found["Missing", "n"] == 1, percentages


def test_a_group_has_the_lines_of_the_analysis_with_zero_where_nobody_of_it_is_counted(plan):
    course = COURSE.assign(ONGOFL=["N", "U", "Y", None])
    group = Sample(("A", "C"), {"EV": course}, plan, "the group", analysed=("A", "B", "C", "D"))
    found = {(s.variable_level, s.stat_name): s.stat for s in distribution(step(percentages="recorded"), group)}
    assert [found[level, "n"] for level in ("N", "Y", "Other", "Missing")] == [1, 1, 0, 0]
    assert (found["N", "N"], found["Missing", "N"]) == (2, 2)


def test_levels_that_are_called_other_or_missing_keep_their_names(plan):
    course = COURSE.assign(ONGOFL=["OTHER", "U", "Missing", None])
    asked = Distribution(method="distribution", variable="EV.ONGOFL", levels=("OTHER", "Missing"))
    found = counted(plan, asked, course)
    names = ("OTHER", "Missing", "Other (not listed)", "Missing (no value)")
    assert {name: found[name, "n"] for name in names} == dict.fromkeys(names, 1)


def test_no_value_as_a_level_makes_everybody_count(plan):
    asked = Distribution(method="distribution", variable="EV.ONGOFL", levels=("N", "Y", ""), percentages="recorded")
    found = counted(plan, asked)
    assert (found["", "n"], found["", "N"]) == (1, 4)


def test_where_nobody_has_a_value_there_is_no_percentage(plan):
    found = distribution(step(percentages="recorded"), Sample(("D",), {"EV": COURSE}, plan, "the set"))
    listed = {(s.stat_name, s.stat) for s in found if s.variable_level != "Missing"}
    assert listed == {("n", 0), ("N", 0), ("p", None)}
    assert [s.stat for s in found if s.variable_level == "Missing"] == [1, 1]
    assert {s.error for s in found if s.stat is None} == {
        "not estimable: there are no subjects in the set with a value of EV.ONGOFL"
    }


def test_the_sentence_names_the_denominator():
    assert "all subjects in the analysis set" in step().in_words
    assert "of the subjects with a value" in step(percentages="recorded").in_words


def test_a_label_of_no_level_is_refused():
    with pytest.raises(ValidationError, match="labels names 'U', which is none of the levels"):
        step(labels={"U": "Unknown"})
