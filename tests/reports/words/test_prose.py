"""What the prose says where nothing can be estimated: the reason, never a bare number or a blank."""

import pytest

from analysis.data.load import validate
from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.pages.page import Page
from tests.reading import read


@pytest.fixture
def nobody_treated(plan, broken) -> Page:
    """The manuscript's view of a trial in which no subject is in the safety set."""
    head, *rows = broken.rows("ADSL")
    flag = head.index("SAFFL")
    broken.write("ADSL", [head, *([*r[:flag], "N", *r[flag + 1 :]] for r in rows)])
    return Page(plan, Lookup(run(validate(plan, broken.folder).study)))


def test_a_rate_of_nobody_is_told_with_its_reason(nobody_treated):
    told = read(nobody_treated.value("AN-RESP", "estimate", context="proportion"))
    assert told == "not estimable: there are no subjects in analysis set RSPE"


def test_an_interval_of_nobody_is_not_two_missing_limits(nobody_treated):
    assert read(nobody_treated.ci("AN-DLT", context="proportion")) == "95% CI not estimable"


def test_a_test_of_nobody_has_no_p_value(nobody_treated):
    assert read(nobody_treated.p("AN-PEAK")) == "not estimable"


def test_a_median_of_nobody_has_no_unit(nobody_treated):
    at = {"context": "survival", "level": "median"}
    assert read(nobody_treated.in_words("AN-OS", "estimate", "days", **at)) == "not estimable"


def test_counts_of_nobody_are_counts(nobody_treated):
    assert read(nobody_treated.ratio("AN-RESP", context="proportion")) == "0/0"
    assert read(nobody_treated.set_size("SAF")) == "0"
