"""Figures of what happens over time draw every subject and every value, and say what they show."""

import re
from dataclasses import asdict

import pandas as pd
import pytest

from analysis.data.sample import Sample
from analysis.results.ard import Results, Row
from analysis.steps.profile import profile
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from sap.methods.profile import Profile
from tests.each import each

PROFILES = ("F-TEMP", "F-ANC", "F-INFLAM", "F-CYTO", "F-CART-COURSE")


@each("name", PROFILES)
def test_every_value_of_every_subject_is_a_point(plan, results, tmp_path, name):
    output = plan.output(name)
    svg = figure(plan, Lookup(results), output, tmp_path).path.read_text(encoding="utf-8")
    values = [r for a in output.analyses for r in results.of(a) if r.context == "profile_subject"]
    assert len(re.findall(r"<use [^>]*#7c8a96", svg)) == len(values) + 1  # and the one of the key


def test_a_profile_is_told_by_its_highest_median_and_its_day(plan, results, tmp_path):
    alt = figure(plan, Lookup(results), plan.output("F-TEMP"), tmp_path).alt
    assert "10 subjects, days −1 to 21; highest median 39.2 on day 6" in alt


def test_each_subject_is_a_bar_and_each_death_is_counted(plan, results, tmp_path):
    picture = figure(plan, Lookup(results), plan.output("F-SWIM"), tmp_path)
    assert "10 subjects; Death: 4; Alive at last contact: 6" in picture.alt
    svg = picture.path.read_text(encoding="utf-8")
    assert len(set(re.findall(r"<!-- (RECON-\d+) -->|>(RECON-\d+)<", svg))) == 10


def drawn(plan, tmp_path, days, scale):
    """Draw the course of three subjects, each with these values by day, as the panel of a figure of one."""
    subjects = ("A", "B", "C")
    day0 = pd.Timestamp("2020-01-10")
    rows = [
        (s, "IL6", v, day0 + pd.Timedelta(days=d))
        for d, own in days.items()
        for s, v in zip(subjects, own, strict=True)
    ]
    records = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "AVAL", "ADT"])
    adsl = pd.DataFrame({"USUBJID": subjects, "TRTSDT": [day0] * 3})
    step = Profile(method="profile", parameter="IL6", scale=scale, label="Marker")
    stats = profile(step, Sample(subjects, {"ADSL": adsl, "ADLB": records}, plan, "the set"))
    found = tuple(Row(analysis_id="AN-IL6", analysis_set="SAF", group1="", step="1", **asdict(s)) for s in stats)
    analysis = plan.analysis("AN-IL6").model_copy(update={"steps": (step,)})
    alone = plan.model_copy(update={"analyses": tuple(analysis if a.id == "AN-IL6" else a for a in plan.analyses)})
    output = plan.output("F-INFLAM").model_copy(update={"analyses": ("AN-IL6",)})
    picture = figure(alone, Lookup(Results(found)), output, tmp_path)
    return picture.alt, picture.path.read_text(encoding="utf-8")


ARROWS = "Mean − SD below the axis"


def test_a_whisker_that_no_axis_holds_is_open_and_said(plan, tmp_path):
    # Mean and SD by hand: of 1, 1, 100 they are 34 and 57.2, so mean − SD is −23; of 9, 10, 11 they are 10 and 1.
    wide, narrow = (1.0, 1.0, 100.0), (9.0, 10.0, 11.0)
    for days, scale, told in (
        ({1: wide, 2: narrow}, "linear", "on 1 of 2 days"),
        ({1: wide, 2: wide, 3: narrow}, "linear", "on 2 of 3 days"),
        ({1: narrow, 2: (8.0, 9.0, 13.0)}, "linear", ""),
        ({1: (0.0, 0.0, 0.0), 2: narrow}, "linear", ""),  # 0 − 0 is on the axis
        ({1: (-5.0, 5.0, 0.0), 2: narrow}, "linear", ""),  # the axis goes down to −5, which is mean − SD
    ):
        alt, svg = drawn(plan, tmp_path, days, scale)
        assert (f"mean − SD below the axis {told}, drawn as arrows" in alt) == bool(told), (days, scale, alt)
        assert (ARROWS in svg) == bool(told)


@pytest.mark.parametrize(("scale", "key", "said"), [
    ("log", "Mean", "its points, mean, and the median by day"),
    ("linear", "Mean ± SD", "its points, mean with standard deviation, and the median by day"),
])  # fmt: skip
def test_a_deviation_is_drawn_where_the_axis_has_a_length_for_it(plan, tmp_path, scale, key, said):
    alt, svg = drawn(plan, tmp_path, {1: (1.0, 1.0, 100.0), 2: (9.0, 10.0, 11.0)}, scale)
    assert said in alt
    assert f"<!-- {key} -->" in svg


def test_a_value_that_a_logarithmic_axis_has_no_place_for_is_said(plan, tmp_path):
    alt, svg = drawn(plan, tmp_path, {1: (0.0, 2.0, 4.0), 2: (0.0, 0.0, 8.0)}, "log")
    assert "logarithmic axis" in alt
    assert "values of 0 or less at the lower end of the axis: 3" in alt
    assert "Logarithmic axis, values of 0 or less at its lower end" in svg
    # The mean of 0, 0 and 0.3 is above 0 and below every value that is: the axis goes down to it.
    alt, _ = drawn(plan, tmp_path, {1: (0.0, 0.0, 0.3)}, "log")
    assert "lower end of the axis: 2" in alt


def test_an_axis_without_anything_above_zero_is_not_called_logarithmic(plan, tmp_path):
    alt, svg = drawn(plan, tmp_path, {1: (0.0, 0.0, 0.0)}, "log")
    assert "ogarithmic axis" not in alt + svg


def test_values_of_subjects_apart_are_not_called_no_values(plan, tmp_path):
    missing = float("nan")
    days = {1: (4.0, missing, missing), 2: (missing, 5.0, missing), 3: (missing, missing, 6.0)}
    alt, _ = drawn(plan, tmp_path, days, "linear")
    assert "Marker: no day on which at least half of the subjects have a value." in alt
