"""Occurrence, worst grade, onset, duration and end of adverse events; the day of something. Worked by hand."""

import pandas as pd
import pytest

from analysis.data.derive import day_of, event_occurrence
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.derived import derive
from sap.model.derivations import DayOf, EventOccurrence
from tests.each import each

SUBJECTS = pd.DataFrame(
    {
        "USUBJID": ["A", "B", "C", "D"],
        "TRTSDT": pd.to_datetime(["2020-01-10", "2020-01-10", "2020-01-10", None]),
        "DTHDT": pd.to_datetime([None, "2020-02-09", None, None]),
        "LSTALVDT": pd.to_datetime(["2020-06-01", "2020-02-09", "2020-03-01", "2020-03-01"]),
        "HSCTDT": pd.to_datetime(["2020-02-01", None, "2020-01-10", "2020-02-02"]),
    }
)


def events(*rows) -> pd.DataFrame:
    """Subject, term, grade, first and last day (None while ongoing), related."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "AEDECOD", "ATOXGR", "ASTDT", "AENDT", "AREL"])
    return frame.assign(
        ASTDT=pd.to_datetime(frame["ASTDT"]),
        AENDT=pd.to_datetime(frame["AENDT"]),
        ATOXGR=frame["ATOXGR"].astype("float64"),
    )


CRS = events(
    ("A", "CRS", 2, "2020-01-12", "2020-01-14", "RELATED"),
    ("A", "CRS", 3, "2020-01-15", "2020-01-20", "RELATED"),  # the next day: one episode of 9 days, worst grade 3
    ("A", "CRS", 1, "2020-01-25", "2020-01-26", "RELATED"),  # a second episode, from day 15 to day 16
    ("A", "CRS", 4, "2020-01-05", "2020-01-06", "RELATED"),  # before infusion
    ("B", "CRS", 2, "2020-02-01", None, "NOT RELATED"),  # goes on until death on day 30: 9 days seen
    ("D", "CRS", 4, "2020-01-12", "2020-01-14", "RELATED"),  # never infused
)


def spec(**changes) -> EventOccurrence:
    event = {"dataset": "ADAE", "variable": "AEDECOD", "comparator": "EQ", "value": "CRS"}
    return EventOccurrence.model_validate(
        {"id": "CRSX", "text": "CRS", "kind": "adverse_event", "event": event} | changes
    )


def found(*, data=CRS, **changes):
    return event_occurrence(SUBJECTS, data, spec(**changes)).set_index("USUBJID")


def test_rows_that_touch_are_one_episode_and_the_first_onset_and_last_end_count():
    a = found().loc["A"]
    assert (a["OCCURFL"], a["MAXGR"], a["ONSET"], a["DUR"], a["ENDDAY"], a["ONGOFL"]) == ("Y", "3", 2, 9, 16, "N")


def test_an_event_without_an_end_goes_on_and_is_counted_up_to_death():
    b = found().loc["B"]
    assert (b["OCCURFL"], b["MAXGR"], b["ONSET"], b["DUR"], b["ONGOFL"]) == ("Y", "2", 22, 9, "Y")
    assert pd.isna(b["ENDDAY"])


def test_a_subject_without_the_event_has_worst_grade_zero_and_no_days():
    c = found().loc["C"]
    assert (c["OCCURFL"], c["MAXGR"], c["ONGOFL"]) == ("N", "0", "")
    assert c[["ONSET", "DUR", "ENDDAY"]].isna().all()


def test_only_treated_subjects_have_a_row():
    assert list(found().index) == ["A", "B", "C"]


def test_the_lowest_grade_splits_an_episode_and_moves_the_onset():
    a = found(min_grade=3).loc["A"]
    assert (a["MAXGR"], a["ONSET"], a["DUR"], a["ENDDAY"]) == ("3", 5, 6, 10)


def test_only_related_events_count_where_the_plan_says_so():
    assert list(found(related_only=True)["OCCURFL"]) == ["Y", "N", "N"]


def test_an_episode_counts_by_its_onset():
    assert found(window={"start": 10}).loc["A", ["ONSET", "DUR"]].tolist() == [15, 2]
    assert found(window={"start": -10, "end": -1}).loc["A", ["MAXGR", "ONSET"]].tolist() == ["4", -5]


def test_of_two_terms_that_begin_on_one_day_the_longer_gives_the_duration():
    both = {"dataset": "ADAE", "variable": "AEDECOD", "comparator": "IN", "value": ["CRS", "Fever"]}
    rows = events(
        ("A", "CRS", 1, "2020-01-12", "2020-01-12", "RELATED"), ("A", "Fever", 2, "2020-01-12", "2020-01-15", "RELATED")
    )
    assert found(data=rows, event=both).loc["A", ["DUR", "MAXGR"]].tolist() == [4, "2"]


CYTOPENIA = events(
    ("A", "CRS", 3, "2020-01-12", "2020-01-14", "RELATED"),
    ("A", "CRS", 3, "2020-01-20", "2020-02-01", "RELATED"),  # its last day is that of transplantation
    ("B", "CRS", 3, "2020-01-12", "2020-01-31", "RELATED"),  # ended, and never transplanted
    ("C", "CRS", 3, "2020-01-12", None, "RELATED"),  # goes on, long after transplantation on the day of infusion
)


def test_an_end_before_another_therapy_is_told_from_one_on_its_day_or_later():
    assert list(found(data=CYTOPENIA, before="HSCTDT")["COURSE"]) == ["ENDED LATER", "ENDED", "ONGOING"]
    day_before = CYTOPENIA.assign(AENDT=CYTOPENIA["AENDT"].replace(pd.Timestamp("2020-02-01"), "2020-01-31"))
    assert list(found(data=day_before, before="HSCTDT")["COURSE"]) == ["ENDED", "ENDED", "ONGOING"]


def test_without_another_therapy_every_end_is_an_end_and_a_subject_without_the_event_has_no_course():
    assert list(found(data=CYTOPENIA)["COURSE"]) == ["ENDED", "ENDED", "ONGOING"]
    assert list(found(data=CYTOPENIA.iloc[:0], before="HSCTDT")["COURSE"]) == ["", "", ""]


@each("before", [None, "HSCTDT"])
def test_how_it_ended_adds_up_to_those_with_the_event(before):
    for data in (CRS, CYTOPENIA):
        rows = found(data=data, before=before)
        assert rows["COURSE"].isin(["ENDED", "ENDED LATER", "ONGOING"]).sum() == (rows["OCCURFL"] == "Y").sum()
        assert ((rows["COURSE"] == "ONGOING") == (rows["ONGOFL"] == "Y")).all()


def test_nobody_treated_is_an_empty_dataset_of_text_and_numbers():
    nobody = event_occurrence(SUBJECTS.iloc[3:], CRS, spec())
    assert nobody.empty
    assert nobody["OCCURFL"].dtype == nobody["MAXGR"].dtype == nobody["ONGOFL"].dtype == "object"
    assert event_occurrence(SUBJECTS.iloc[3:], CRS, spec(before="HSCTDT"))["COURSE"].dtype == "object"
    assert nobody["ONSET"].dtype == "float64"


@each(
    "changes",
    [
        {},
        {"min_grade": 3},
        {"related_only": True},
        {"window": {"start": 10}},
        {"window": {"end": 3}},
        {"before": "HSCTDT"},
    ],
)
@each("data", [CRS, CYTOPENIA])
def test_the_second_route_says_the_same(plan, changes, data):
    derivation = spec(**changes)
    first = event_occurrence(SUBJECTS, data, derivation).set_index("USUBJID")
    events_of, subjects = to_records(data), to_records(SUBJECTS)
    for subject in first.index:
        second = derive(plan, derivation, subjects.of(subject)[0], lambda _, s=subject: events_of.of(s))
        for name, value in second.items():
            one = first.loc[subject, name]
            assert (value is None and (one == "" or pd.isna(one))) or value == one, (subject, name)


def test_the_day_of_a_date_is_counted_from_infusion():
    when = DayOf(id="HSCT", text="Transplantation", kind="day", variable="HSCTDT")
    days = day_of(SUBJECTS, SUBJECTS, when).set_index("USUBJID")["DAY"]
    assert days["A"] == 22
    assert pd.isna(days["B"])
    assert days["C"] == 0
    assert "D" not in days


def test_a_censored_time_has_no_day_and_several_dates_are_refused():
    when = DayOf(id="REL", text="Relapse", kind="day", dataset="ADTTE", parameter="RFS", variable="ADT")
    times = pd.DataFrame(
        {"USUBJID": ["A", "B"], "CNSR": [0.0, 1.0], "ADT": pd.to_datetime(["2020-02-01", "2020-02-02"])}
    )
    days = day_of(SUBJECTS, times, when).set_index("USUBJID")["DAY"]
    assert days["A"] == 22
    assert pd.isna(days["B"])
    with pytest.raises(ValueError, match="several dates for A"):
        day_of(SUBJECTS, pd.concat([times, times]), when)
