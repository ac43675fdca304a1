"""Words that trials write, and the codes that are meant."""

import pytest

from analysis.mapping.cells import words


@pytest.mark.parametrize(
    ("texts", "recode"),
    [(["Y", "N"], {}), (["1", "0"], {"1": "Y", "0": "N"}), (["TRUE"], {"TRUE": "Y"}), (["maybe"], None)],
)
def test_a_flag_is_yes_or_no_in_many_spellings(texts, recode):
    assert words.flag(texts) == recode


def test_a_severity_is_a_grade():
    assert words.grade(["MILD", "Moderate", "SEVERE"]) == {"MILD": "1", "Moderate": "2", "SEVERE": "3"}
    assert words.grade(["Grade 3", "4"]) == {"Grade 3": "3"}
    assert words.grade(["bad"]) is None


def test_a_causality_is_related_or_not():
    assert words.causality(["POSSIBLE", "NONE"]) == {"POSSIBLE": "RELATED", "NONE": "NOT RELATED"}


def test_responses_become_codes_and_those_that_are_codes_stay_as_they_are_spelt():
    found = words.response(["CMR", "Partial Response", "CRi", "SD", "PD", "Not Done"])
    assert found == {"CMR": "CR", "Partial Response": "PR"}
    assert sorted(["PD", "CRi", "PR", "CR", "SD"], key=words.rank) == ["CR", "CRi", "PR", "SD", "PD"]
    assert [words.is_response(c) for c in ("CRi", "SD", "NE")] == [True, False, False]


def test_words_of_another_kind_are_no_responses():
    assert words.response(["HIGH", "LOW", "NORMAL"]) is None
    assert words.response(["Y", "N"]) is None
