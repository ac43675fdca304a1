"""An overview of events: a case counted by hand, the date that tells events apart, and what is not recorded."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.sample import Sample
from analysis.steps.event_overview import event_overview
from sap.methods.event_overview import EventOverview
from tests.each import each

ADSL = pd.DataFrame({"USUBJID": ["A", "B", "C"], "HSCTDT": pd.to_datetime(["2020-03-10", "2020-03-10", None])})
ADAE = pd.DataFrame(
    [
        ("A", 3.0, "2020-03-01", "2020-03-12", "Y"),  # ongoing on the date
        ("A", 4.0, "2020-03-10", "2020-03-11", "N"),  # starts on the date: since it
        ("B", 2.0, "2020-03-02", "2020-03-09", ""),  # ended the day before
        ("B", None, "2020-03-03", None, "Y"),  # no grade, no end: goes on
        ("B", 5.0, None, None, "Y"),  # no start: neither before nor since
        ("C", 3.0, "2020-03-20", None, "N"),  # a subject without the date
        ("Z", 5.0, "2020-03-01", None, "Y"),  # not in the set
    ],
    columns=["USUBJID", "ATOXGR", "ASTDT", "AENDT", "AESER"],
).assign(ASTDT=lambda d: pd.to_datetime(d["ASTDT"]), AENDT=lambda d: pd.to_datetime(d["AENDT"]))
KINDS = [
    {"label": "Any"},
    {"label": "Severe", "where": {"dataset": "ADAE", "variable": "ATOXGR", "comparator": "GE", "value": 3}},
    {"label": "Serious", "where": {"dataset": "ADAE", "variable": "AESER", "comparator": "EQ", "value": "Y"}},
]


def step_of(**options) -> EventOverview:
    return EventOverview.model_validate({"method": "event_overview", "kinds": KINDS, **options})


def said(plan, subjects=("A", "B", "C"), **options):
    return event_overview(step_of(**options), Sample(subjects, {"ADSL": ADSL, "ADAE": ADAE}, plan, "the set"))


def counted(stats):
    """Return by kind subjects and records."""
    found = {(s.variable_level, s.stat_name): s.stat for s in stats}
    return {kind["label"]: (found[kind["label"], "n"], found[kind["label"], "records"]) for kind in KINDS}


@each(
    "when, any_kind, severe, serious",
    [
        (None, (3, 6), (3, 4), (2, 3)),
        ("before", (3, 4), (2, 2), (2, 2)),
        ("since", (1, 1), (1, 1), (0, 0)),
        ("ongoing", (2, 2), (1, 1), (2, 2)),
    ],
)
def test_subjects_and_records_of_each_kind_are_those_counted_by_hand(plan, when, any_kind, severe, serious):
    options = {} if when is None else {"date": "HSCTDT", "when": when}
    assert counted(said(plan, **options)) == {"Any": any_kind, "Severe": severe, "Serious": serious}


def test_a_record_without_a_start_is_told_where_the_start_decides(plan):
    told = {s.warning for s in said(plan, date="HSCTDT", when="since") if s.stat_name == "records"}
    assert told == {"1 record of 1 subject without a start date, not counted"}
    assert not any(s.warning for s in said(plan))


def test_what_the_data_do_not_record_is_no_count_of_nought(plan):
    (found,) = said(plan, kinds=[{"label": "Serious", "not_recorded": "AESER was not collected."}])
    assert (found.stat, found.stat_text, found.warning) == (None, "not recorded", "AESER was not collected.")


def test_of_nobody_there_is_no_percentage(plan):
    found = {s.stat_name: s for s in said(plan, subjects=(), kinds=KINDS[:1])}
    assert (found["n"].stat, found["records"].stat, found["p"].stat) == (0, 0, None)
    assert "no subjects" in found["p"].error


@each(
    "options, said",
    [
        ({"date": "HSCTDT"}, "date and when belong together"),
        ({"kinds": [KINDS[0], KINDS[0]]}, "two kinds are called 'Any'"),
        ({"kinds": [KINDS[1] | {"not_recorded": "no"}]}, "keep one of them"),
        ({"kinds": []}, "at least 1 item"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, said):
    with pytest.raises(ValidationError, match=said):
        step_of(**options)
