"""Subjects with adverse events by class and term: a case counted by hand, and what must hold for any data."""

import pandas as pd
import pytest

from analysis.data.sample import Sample
from analysis.results.ard import Results
from analysis.steps.adverse_events import adverse_events
from sap.methods.adverse_events import AdverseEvents

BLOOD, HEART = "Blood and lymphatic system disorders", "Cardiac disorders"
ROWS = pd.DataFrame(
    [
        ("A", BLOOD, "Anaemia", 2.0, "RELATED", "Y"),
        ("A", BLOOD, "Anaemia", 4.0, "NOT RELATED", "Y"),  # the same subject and term: counted once, worst grade 4
        ("A", BLOOD, "Neutropenia", 3.0, "NOT RELATED", "Y"),
        ("B", BLOOD, "Anaemia", 1.0, "NOT RELATED", "Y"),
        ("B", HEART, "Tachycardia", 3.0, "RELATED", ""),  # before treatment
        ("C", HEART, "Tachycardia", 2.0, "RELATED", "Y"),
        ("Z", HEART, "Tachycardia", 5.0, "RELATED", "Y"),  # not in the set
    ],
    columns=["USUBJID", "AEBODSYS", "AEDECOD", "ATOXGR", "AREL", "TRTEMFL"],
)


def counted(plan, rows=ROWS, subjects=("A", "B", "C", "D"), **options):
    step = AdverseEvents(method="adverse_events", **options)
    return adverse_events(step, Sample(subjects, {"ADAE": rows}, plan, "the set"))


def value(stats, level, name):
    (found,) = (s for s in stats if s.variable_level == level and s.stat_name == name)
    return found.stat


def test_each_subject_counts_once_a_term_once_a_class_and_once_in_all(plan):
    stats = counted(plan)
    by_hand = {
        "": (3, 1, 2),  # A, B, C; severe A; related A (grade 2) and C
        BLOOD: (2, 1, 1),
        "Anaemia": (2, 1, 1),
        "Neutropenia": (1, 1, 0),
        HEART: (1, 0, 1),
        "Tachycardia": (1, 0, 1),
    }
    for level, (n, severe, related) in by_hand.items():
        found = tuple(value(stats, level, name) for name in ("n", "n.severe", "n.related"))
        assert found == (n, severe, related), level
        assert value(stats, level, "p") == n / 4
    assert value(stats, "", "N") == 4


def test_the_worst_grade_of_a_subject_counts_alone(plan):
    stats = counted(plan)
    assert [value(stats, "Anaemia", f"n.grade{g}") for g in range(1, 6)] == [1, 0, 0, 1, 0]


def test_classes_and_terms_come_by_falling_frequency_then_by_name(plan):
    shown = [s.variable_level for s in counted(plan) if s.stat_name == "n"]
    assert shown == ["", BLOOD, "Anaemia", "Neutropenia", HEART, "Tachycardia"]


def test_an_event_before_treatment_counts_only_where_the_plan_asks(plan):
    assert value(counted(plan, treatment_emergent=False), "Tachycardia", "n") == 2


def test_severe_begins_where_the_plan_says(plan):
    assert value(counted(plan, severe=2), "", "n.severe") == 2
    assert value(counted(plan, severe=5), "", "n.severe") == 0


def test_a_term_in_two_classes_is_refused_by_name(plan):
    rows = pd.concat([ROWS, ROWS.iloc[[0]].assign(AEBODSYS=HEART)])
    with pytest.raises(ValueError, match="a term stands in two system organ classes: Anaemia"):
        counted(plan, rows)


def test_without_subjects_percentages_are_not_estimable_and_say_why(plan):
    stats = counted(plan, subjects=())
    assert value(stats, "", "n") == 0
    assert {s.error for s in stats if s.stat_name.startswith("p")} == {
        "not estimable: there are no subjects in the set"
    }


def test_no_count_exceeds_the_one_it_is_part_of(results: Results):
    rows = [r for r in results if r.context == "adverse_events"]
    assert rows
    for level in {(r.variable, r.variable_level) for r in rows}:
        of = {r.stat_name: r.stat for r in rows if (r.variable, r.variable_level) == level}
        everyone = next(r.stat for r in rows if r.stat_name == "n" and r.variable == "USUBJID")
        assert max(of["n.severe"], of["n.related"]) <= of["n"] <= everyone
        assert sum(of[f"n.grade{g}"] for g in range(1, 6)) == of["n"]
        assert sum(of[f"n.grade{g}"] for g in (3, 4, 5)) == of["n.severe"]
