"""Records subject by subject: a case worked by hand, what is missing, and what must hold for any records."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.data.sample import Sample
from analysis.recompute.records import in_order
from analysis.recompute.trial.cells import to_records
from analysis.results.ard import Results, number_of, record_level, subject_of
from analysis.steps.records import records
from sap.methods.records import Records
from tests.each import each

DAY0 = pd.Timestamp("2020-02-27")
ADSL = pd.DataFrame({"USUBJID": ["A", "B", "C", "N"], "TRTSDT": [DAY0, DAY0, DAY0, pd.NaT]})
ROWS = pd.DataFrame(
    [
        ("A", "Fever", 2.0, "2020-03-01", "2020-03-02", "Y"),
        ("A", "Anaemia", 3.0, "2020-03-01", None, "Y"),  # the same day: by name, and ongoing
        ("A", "Fever", 3.0, "2020-02-29", "2020-02-29", "Y"),  # a leap day: 2 days since infusion
        ("A", "Fever", 1.0, "2020-02-26", "2020-02-28", ""),  # before the infusion: day -1, and not emergent
        ("B", "", None, "2020-03-03", "2020-03-04", "Y"),  # neither name nor grade
        ("B", "Fever", 4.0, None, None, "Y"),  # no date: stands last
        ("N", "Fever", 2.0, "2020-03-01", "2020-03-02", "Y"),  # never infused
        ("Z", "Fever", 5.0, "2020-03-01", "2020-03-02", "Y"),  # not in the set
    ],
    columns=["USUBJID", "AEDECOD", "ATOXGR", "ASTDT", "AENDT", "TRTEMFL"],
).assign(ASTDT=lambda d: pd.to_datetime(d["ASTDT"]), AENDT=lambda d: pd.to_datetime(d["AENDT"]))
OF_ADAE = {"dataset": "ADAE", "start": "ASTDT", "end": "AENDT", "value": "ATOXGR", "name": "AEDECOD"}


def step_of(**options) -> Records:
    return Records(method="records", **(OF_ADAE | options))


def listed(plan, rows=ROWS, subjects=("A", "B", "C", "N"), **options):
    return records(step_of(**options), Sample(subjects, {"ADSL": ADSL, "ADAE": rows}, plan, "the set"))


def by_record(stats):
    """Return by record what is said of it: the number, the text, or why there is none."""
    found: dict[str, list] = {}
    for s in (s for s in stats if s.context == "record"):
        said = s.stat if s.stat is not None else s.stat_text or s.error.removeprefix("not estimable: ")
        found.setdefault(s.variable_level, []).append(said)
    return found


def counts(stats):
    return {s.stat_name: s.stat for s in stats if s.context == "records"}


def test_each_record_is_its_own_row_in_order_of_its_day_and_name(plan):
    # R: as.numeric(as.Date("2020-02-29") - as.Date("2020-02-27")) is 2, to 2020-03-01 it is 3, to 2020-02-26 it is -1
    by_hand = {
        "A, record 1": [-1, 1, 1, "Fever"],
        "A, record 2": [2, 2, 3, "Fever"],
        "A, record 3": [3, "ongoing", 3, "Anaemia"],
        "A, record 4": [3, 4, 2, "Fever"],
    }
    found = by_record(listed(plan))
    assert {k: v for k, v in found.items() if k.startswith("A")} == by_hand


def test_what_is_missing_is_named_and_never_made_up(plan):
    found = by_record(listed(plan))
    assert found["B, record 1"] == [5, 6, "the record has no value", "the record has no name"]
    assert found["B, record 2"] == ["the record has no date", "ongoing", 4, "Fever"]
    assert found["N, record 1"] == ["the subject has no date of first treatment"] * 2 + [2, "Fever"]


def test_counts_are_those_of_the_records_that_stand_below(plan):
    stats = listed(plan)
    assert counts(stats) == {"N": 4, "n": 3, "n.records": 7, "n.ongoing": 2, "start.min": -1, "start.max": 5}
    assert counts(stats)["n.records"] == len(by_record(stats))


def test_the_clause_chooses_records_and_not_subjects(plan):
    where = {"dataset": "ADAE", "variable": "ATOXGR", "comparator": "GE", "value": 3}
    assert [v[2:] for v in by_record(listed(plan, where=where)).values()] == [
        [3, "Fever"],
        [3, "Anaemia"],
        [4, "Fever"],
    ]


def test_a_step_says_what_a_record_is_by_name_else_value_else_date(plan):
    assert {s.variable for s in listed(plan)} == {"AEDECOD"}
    assert {s.variable for s in listed(plan, name=None)} == {"ATOXGR"}
    only = listed(plan, name=None, value=None, end=None)
    assert {s.variable for s in only} == {"ASTDT"}
    assert {s.stat_name for s in only if s.context == "record"} == {"start.day"}
    assert "n.ongoing" not in counts(only)


def test_values_in_words_stay_words(plan):
    found = by_record(listed(plan, value="TRTEMFL", where=None, name=None, end=None))
    assert found["A, record 1"] == [-1, "the record has no value"]
    assert found["A, record 2"] == [2, "Y"]


@each("subjects", [(), ("C",)])
def test_without_records_the_days_are_not_estimable_and_say_why(plan, subjects):
    stats = listed(plan, subjects=subjects)
    assert counts(stats) == {
        "N": len(subjects), "n": 0, "n.records": 0, "n.ongoing": 0, "start.min": None, "start.max": None,
    }  # fmt: skip
    assert {s.error for s in stats if s.stat is None} == {"not estimable: there is no record with a day in the set"}


def test_identical_records_stay_two(plan):
    twice = pd.concat([ROWS.iloc[[0]], ROWS.iloc[[0]]], ignore_index=True)
    found = by_record(listed(plan, rows=twice))
    assert list(found) == ["A, record 1", "A, record 2"]
    assert found["A, record 1"] == found["A, record 2"]


def test_a_step_refuses_what_it_cannot_mean():
    with pytest.raises(ValidationError, match="leave out by"):
        step_of(by="SEX")
    with pytest.raises(ValidationError, match="must be different variables"):
        step_of(value="AEDECOD")


def test_a_level_names_subject_and_number_whatever_the_subject_is_called():
    level = record_level("S-1, record 2", 11)
    assert (subject_of(level), number_of(level)) == ("S-1, record 2", 11)


A_DAY = st.none() | st.integers(-5, 40).map(lambda d: DAY0 + timedelta(days=d))
A_RECORD = st.tuples(
    st.sampled_from("ABC"), st.sampled_from(["", "Fever", "Sepsis"]), st.none() | st.sampled_from([1.0, 2.0, 5.0]),
    A_DAY, A_DAY, st.just("Y"),
)  # fmt: skip


def frame(rows):
    made = pd.DataFrame(rows, columns=ROWS.columns)
    return made.astype({"ATOXGR": "float64", "ASTDT": "datetime64[ns]", "AENDT": "datetime64[ns]"})


@given(rows=st.lists(A_RECORD, max_size=12), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(plan, rows, shuffled):
    other = rows.copy()
    shuffled.shuffle(other)
    assert by_record(listed(plan, rows=frame(rows))) == by_record(listed(plan, rows=frame(other)))


@given(rows=st.lists(A_RECORD, max_size=12))
def test_days_do_not_go_back_within_a_subject_and_no_record_is_lost(plan, rows):
    found = by_record(listed(plan, rows=frame(rows)))
    assert len(found) == len(rows)
    for subject in "ABC":
        starts = [v[0] for k, v in found.items() if subject_of(k) == subject]
        known = [s for s in starts if not isinstance(s, str)]
        assert all(a <= b for a, b in pairwise(known))
        assert starts[: len(known)] == known  # those without a date stand last


@given(rows=st.lists(A_RECORD, max_size=12))
def test_both_routes_order_records_alike(plan, rows):
    made = frame(rows)
    own = to_records(made)
    second = {s: in_order(step_of(), own.of(s)) for s in "ABC"}
    found = by_record(listed(plan, rows=made))
    for subject, ordered in second.items():
        first = [v for k, v in found.items() if subject_of(k) == subject]
        assert [_grade(v[2]) for v in first] == [r["ATOXGR"] for r in ordered]
        assert [_days(r["ASTDT"]) for r in ordered] == [None if isinstance(v[0], str) else v[0] for v in first]


def _grade(said):
    return None if isinstance(said, str) else said


def _days(cell: date | None):
    return None if cell is None else (cell - DAY0.date()).days


def test_every_chosen_event_of_the_study_is_listed_once(results: Results, study):
    adae = study.data["ADAE"]
    chosen = adae["AEDECOD"].isin(["Cytokine release syndrome", "Febrile neutropenia"])
    chosen |= (adae["AEDECOD"] == "Neutrophil count decreased") & (adae["ATOXGR"] >= 3)
    chosen |= adae["AEBODSYS"] == "Infections and infestations"
    rows = [r for r in results.of("AN-TLAE") if r.context == "record" and r.stat_name == "name"]
    assert sorted(r.stat_text for r in rows) == sorted(adae.loc[chosen & (adae["TRTEMFL"] == "Y"), "AEDECOD"])
