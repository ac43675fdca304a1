"""The course of a measurement: a case worked by hand, and what must hold without values."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.sample import Sample
from analysis.recompute.profile import samples
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.sample import Place
from analysis.recompute.trial.world import Cohort, World
from analysis.steps.profile import profile
from sap.methods.profile import Profile
from tests.each import each

DAY0 = pd.Timestamp("2020-01-10")
ADSL = pd.DataFrame({"USUBJID": ["A", "B", "C"], "TRTSDT": [DAY0] * 3})
ROWS = pd.DataFrame(
    [
        ("A", "X", 10.0, -1, ""),
        ("A", "X", 20.0, 0, ""),
        ("A", "X", 40.0, 0, ""),  # a second value that day: averaged to 30
        ("B", "X", 50.0, 0, ""),
        ("C", "X", None, 0, "Y"),  # below quantification
        ("A", "X", 90.0, 7, ""),  # measured in one subject of three: no highest median
        ("B", "Y", 99.0, 0, ""),  # another parameter
        ("Z", "X", 99.0, 0, ""),  # not in the set
    ],
    columns=["USUBJID", "PARAMCD", "AVAL", "DAY", "BLQFL"],
).assign(LLOQ=4.0, ADT=lambda d: DAY0 + pd.to_timedelta(d["DAY"], unit="D"))


def course(plan, rows=ROWS, subjects=("A", "B", "C"), **options):
    step = Profile(method="profile", parameter="X", **options)
    return profile(step, Sample(subjects, {"ADSL": ADSL, "ADLB": rows}, plan, "the set"))


def value(stats, name, level="", context="profile"):
    (found,) = (s for s in stats if (s.stat_name, s.variable_level, s.context) == (name, level, context))
    return found.stat


def test_a_day_is_described_with_the_subjects_measured_on_it(plan):
    stats = course(plan)
    assert [value(stats, s, "0") for s in ("n", "mean", "median")] == pytest.approx([3, 80 / 3, 30])
    assert value(stats, "sd", "0") == pytest.approx(25.166, abs=1e-3)
    assert [value(stats, s) for s in ("N", "n.values", "median.max", "median.max.day")] == [3, 5, 30, 0]


def test_two_days_with_the_same_median_tie_and_the_first_is_told(plan):
    """(1.1 + 1.3) / 2 is 1.2000000000000002 in floating point, and (1.0 + 1.4) / 2 is 1.2."""
    days = {0: (1.1, 1.3), 1: (1.0, 1.4)}
    rows = pd.DataFrame(
        [(s, "X", v, DAY0 + pd.Timedelta(days=d)) for d, own in days.items() for s, v in zip("AB", own, strict=True)],
        columns=["USUBJID", "PARAMCD", "AVAL", "ADT"],
    )
    stats = course(plan, rows, subjects=("A", "B"))
    names = ("median.max", "median.max.day", "median.min", "median.min.day")
    assert [value(stats, name) for name in names] == [1.2, 0, 1.2, 0]


def test_without_a_day_that_half_have_there_is_no_highest_median_and_the_reason_is_not_that_there_are_no_values(plan):
    apart = ROWS[ROWS["USUBJID"] != "Z"].drop_duplicates("USUBJID").assign(AVAL=[10.0, 20.0, 30.0], BLQFL="")
    apart["ADT"] = DAY0 + pd.to_timedelta([1, 2, 3], unit="D")
    for rows, options, why in (
        (apart, {}, "there is no day on which at least half of the subjects have a value"),
        (apart.iloc[:0], {}, "there are no values in the set"),
        (apart, {"window": {"start": 5, "end": 9}}, "there are no values in the set on the days described"),
    ):
        stats = course(plan, rows, **options)
        errors = {s.error for s in stats if s.stat_name.startswith(("median.max", "median.min"))}
        assert errors == {f"not estimable: {why}"}


def test_each_value_of_each_subject_is_kept_under_its_day(plan):
    own = {(s.variable_level, s.stat_name): s.stat for s in course(plan) if s.context == "profile_subject"}
    assert own == {
        ("A", "day.-1"): 10,
        ("A", "day.0"): 30,
        ("A", "day.7"): 90,
        ("B", "day.0"): 50,
        ("C", "day.0"): 0,
    }


def test_one_subject_has_no_standard_deviation_and_says_why(plan):
    (sd,) = (s for s in course(plan) if s.stat_name == "sd" and s.variable_level == "7")
    assert sd.stat is None
    assert sd.error == "not estimable: it needs two values"


@each(("rule", "counted"), [("zero", 0), ("half", 2), ("lloq", 4), ("missing", None)])
def test_a_value_below_quantification_counts_as_the_plan_says(plan, rule, counted):
    stats = course(plan, below_quantification=rule)
    found = [s.stat for s in stats if s.context == "profile_subject" and s.variable_level == "C"]
    assert found == ([] if counted is None else [counted])


def test_only_days_of_the_window_are_described(plan):
    stats = course(plan, window={"start": 0, "end": 6})
    assert {s.variable_level for s in stats if s.stat_name == "mean"} == {"0"}


@each("rows", [ROWS, ROWS.iloc[:0]])
def test_nobody_has_no_course_and_says_why(plan, rows):
    stats = course(plan, rows, subjects=())
    assert value(stats, "N") == 0
    assert all(s.error for s in stats if s.stat is None)
    assert not [s for s in stats if s.variable_level]


def test_a_profile_has_no_groups():
    with pytest.raises(ValidationError, match="leave out by"):
        Profile(method="profile", parameter="X", by="G")


AT_VISITS = pd.DataFrame(
    [
        ("A", "Baseline", 10.0, "Y"),
        ("A", "Week 8", 20.0, "Y"),
        ("A", "Week 8", 40.0, "Y"),  # a second value at the visit: averaged to 30
        ("B", "Baseline", 12.0, "Y"),
        ("B", "Week 8", 99.0, ""),  # not among the records of analysis
        ("C", "Unscheduled", 50.0, "Y"),  # no visit of the plan
    ],
    columns=["USUBJID", "AVISIT", "AVAL", "ANL01FL"],
).assign(PARAMCD="X", ADT=pd.NaT)
VISITS = {
    "visits": ("Baseline", "Week 8", "Week 16"),
    "where": {"dataset": "ADLB", "variable": "ANL01FL", "comparator": "EQ", "value": "Y"},
}


def test_a_profile_by_visit_has_a_line_a_visit_of_the_plan_also_where_nobody_came(plan):
    stats = course(plan, AT_VISITS, **VISITS)
    assert [value(stats, "n", v) for v in VISITS["visits"]] == [2, 1, 0]
    assert [value(stats, "mean", v) for v in VISITS["visits"]] == [11, 30, None]
    assert [value(stats, s) for s in ("N", "n.values", "median.max", "median.min")] == [2, 3, 30, 11]
    (highest,) = (s for s in stats if s.stat_name == "median.max.visit")
    assert highest.stat_text == "Week 8"
    assert value(stats, "visit.2", "A", "profile_subject") == 30


def test_the_second_route_says_the_same_of_visits(plan):
    data = {"ADSL": ADSL, "ADLB": AT_VISITS}
    world = World(plan, {name: to_records(frame) for name, frame in data.items()})
    cohort = Cohort(world, Place("A", "S", "", "", ""), ("A", "B", "C"), ("A", "B", "C"))
    step = Profile(method="profile", parameter="X", **VISITS)
    again = {(p.context, p.variable_level, p.stat_name): p.value for s in samples(cohort, step) for p in s.promises()}
    first = {
        (s.context, s.variable_level, s.stat_name): s.stat_text or s.stat for s in course(plan, AT_VISITS, **VISITS)
    }
    assert again == first


def test_without_anybody_every_visit_is_still_there(plan):
    stats = course(plan, AT_VISITS, subjects=(), **VISITS)
    assert [value(stats, "n", v) for v in VISITS["visits"]] == [0, 0, 0]


def test_a_profile_is_of_days_or_of_visits():
    with pytest.raises(ValidationError, match="of days or of visits"):
        Profile(method="profile", parameter="X", visits=("Baseline",), window={"start": 0})
