"""Figures of what happens over time draw every subject and every value, and say what they show."""

import re

import pytest

from reports.figures import figure
from reports.lookup import Lookup

PROFILES = ("F-TEMP", "F-ANC", "F-INFLAM", "F-CYTO", "F-CART-COURSE")


@pytest.mark.parametrize("name", PROFILES)
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
