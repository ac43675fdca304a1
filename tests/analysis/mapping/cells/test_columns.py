"""What cells are, and which words among them stand for a missing value."""

import pytest

from analysis.mapping.cells.columns import day_of, kind_of


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "2.0", "-3"], "integer"),
        (["1", "2.5"], "number"),
        (["001", "002"], "text"),  # a code keeps its zeros
        (["2014-01-02", "2014-02-28"], "date"),
        (["2014-01-02T10:30:00", "2014-02-28"], "datetime"),
        (["2014-01-02", "2014-01", "2014"], "partial date"),
        (["02JAN2014", "UN-Feb-2014"], "partial date"),
        (["03/04/2014"], "other date"),
        (["2014-02-30", "2014-01-02"], "text"),  # no such day
        (["MILD", "1"], "text"),
        ([], "empty"),
    ],
)
def test_cells_are_what_all_of_them_are(texts, kind):
    assert kind_of(texts) == kind


def test_the_day_of_a_date_with_a_time_is_its_date():
    assert [day_of(t) for t in ("2014-01-02T10:30:00", "2014-01-02", "02JAN2014")] == ["2014-01-02"] * 3
    assert [day_of(t) for t in ("2014-01", "x", "")] == ["", "", ""]


def test_a_word_beside_numbers_alone_stands_for_a_missing_value_in_every_column(dataset):
    adsl = dataset("ADSL", "USUBJID AGE RACE\nA 60 WHITE\nB NA NA\nC 71 ASIAN")
    assert adsl.missing_words == ("NA",)
    assert adsl.columns["RACE"].texts == ("WHITE", "ASIAN")
    assert adsl.columns["AGE"].kind == "integer"
    assert adsl.columns["AGE"].has_gaps


def test_a_word_beside_words_alone_is_a_value(dataset):
    adae = dataset("ADAE", "USUBJID AEREL\nA NONE\nB POSSIBLE\nC PROBABLE")
    assert adae.missing_words == ()
    assert "NONE" in adae.columns["AEREL"].texts


def test_names_are_those_of_a_plan_and_what_the_file_calls_them_is_kept(dataset):
    adsl = dataset("ADSL", "subjid age\nA 60")
    assert {n: c.source for n, c in adsl.columns.items()} == {"USUBJID": "subjid", "SUBJID": "subjid", "AGE": "age"}
