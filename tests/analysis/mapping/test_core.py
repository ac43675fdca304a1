"""What a plan must say of the usual variables of a dataset."""

from analysis.mapping.core import described


def test_cells_that_are_as_usual_need_no_word(dataset):
    assert described(dataset("ADSL", "USUBJID AGE SEX TRTSDT SAFFL\nA 60 F 2020-01-01 Y")) == ({}, ())


def test_a_date_is_taken_from_its_date_and_time(dataset):
    entries, _ = described(dataset("ADSL", "USUBJID TRTSDTM\nA 2020-01-01T09:30:00"))
    assert entries["TRTSDT"] == {"name": "TRTSDT", "source": "TRTSDTM"}


def test_grades_are_taken_from_severities(dataset):
    entries, said = described(dataset("ADAE", "USUBJID AESEV\nA MILD\nB SEVERE"))
    assert entries["ATOXGR"] == {"name": "ATOXGR", "source": "AESEV", "recode": {"MILD": "1", "SEVERE": "3"}}
    assert {s.sure for s in said} == {"likely"}


def test_a_causality_that_a_person_must_judge_is_a_guess(dataset):
    entries, said = described(dataset("ADAE", "USUBJID AEREL\nA REMOTE\nB RELATED"))
    assert entries["AREL"]["recode"] == {"REMOTE": "NOT RELATED"}
    assert [s.sure for s in said if "REMOTE" in s.why] == ["guess"]


def test_flags_and_sexes_in_other_words_are_recoded(dataset):
    entries, _ = described(dataset("ADSL", "USUBJID SEX SAFFL\nA Female 1\nB Male 0"))
    assert entries["SEX"]["recode"] == {"Female": "F", "Male": "M"}
    assert entries["SAFFL"]["recode"] == {"1": "Y", "0": "N"}


def test_names_in_small_letters_are_mapped(dataset):
    entries, _ = described(dataset("ADSL", "usubjid age\nA 60"))
    assert entries["AGE"] == {"name": "AGE", "source": "age"}


def test_cells_that_may_not_be_empty_and_are_may_be_so_here(dataset):
    entries, said = described(dataset("ADSL", "USUBJID AGE\nA 60\nB ~"))
    assert entries["AGE"] == {"name": "AGE", "missing": True}
    assert said[0].why == "1 of 2 cells are empty."


def test_partial_dates_are_imputed_by_a_rule_that_a_person_must_look_at(dataset):
    entries, said = described(dataset("ADAE", "USUBJID ASTDT AENDT\nA 2020-01 2020\nB 2020-02-03 2020-03-04"))
    assert entries["ASTDT"]["impute"] == {"day": "first", "month": "first"}
    assert entries["AENDT"]["impute"] == {"day": "last", "month": "last"}
    assert [s.sure for s in said] == ["guess", "guess"]


def test_a_variable_that_is_mapped_may_be_missing_where_it_is(dataset):
    entries, _ = described(dataset("ADSL", "USUBJID TRTSDTM\nA 2020-01-01T09:30:00\nB ~"))
    assert entries["TRTSDT"] == {"name": "TRTSDT", "source": "TRTSDTM", "missing": True}
