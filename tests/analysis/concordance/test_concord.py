"""Statements against results and data: verdicts, and what cannot be looked up."""

import pandas as pd
import pytest

from analysis.concordance.concord import Source, concord
from analysis.concordance.statements import Concordance, read_concordance
from analysis.results.ard import Results, Row
from sap.text.problems import UserError
from tests.analysis.concordance.writing import fact, facts
from tests.each import each

ADSL = pd.DataFrame(
    {
        "USUBJID": ["A-1", "A-2", "A-3"],
        "SUBJID": ["1", "2", "3"],
        "AGE": [30.0, 41.0, 52.0],
        "TRTSDT": pd.to_datetime(["2020-01-01"] * 3),
        "DTHDT": pd.to_datetime(["2020-01-11", None, None]),
        "ARM": ["x", "x", "y"],
    }
)
ADLB = pd.DataFrame({"USUBJID": ["A-1", "A-1", "A-2"], "DAY": [1.0, 2.0, 1.0], "AVAL": [5.0, 9.0, 7.0]})
DATA = {"ADSL": ADSL, "ADLB": ADLB}


def row(stat, value, error="", **others):
    identity = {"group1": "", "group1_level": "", "variable": "V", "variable_level": "", "context": "proportion"}
    base = identity | {
        "analysis_set": "S",
        "stat_label": stat,
        "stat_text": "",
        "fmt": "xx",
        "method": "",
        "warning": "",
    }
    return Row(analysis_id="AN", stat_name=stat, stat=value, error=error, **(base | others))


RESULTS = Results(
    (
        row("n", 7.0),
        row("estimate", 0.7),
        row("conf.low", 0.3475471),
        row("p.value", 0.033),
        row("median", None, "not reached"),
    )
)


def concorded(*written, results=None, data=None, **others):
    return concord(Source(facts(*written, **others), b""), results, data)


def only(*written, **others):
    return concorded(*written, **others).statements[0]


def in_results(stat, of, **others):
    return [{"analysis": "AN", "stat": stat, "of": of} | others]


def check(**spec):
    return [{"dataset": "ADSL"} | spec]


SEVEN = {"numerator": 7, "denominator": 10, "percent": 70}


@each(
    ("stat", "of", "value", "verdict"),
    [
        ("n", "numerator", SEVEN, "agrees"),
        ("n", "numerator", {"numerator": 6}, "differs"),
        ("estimate", "percent", SEVEN, "agrees"),
        ("estimate", "percent", {"percent": "70.4"}, "differs"),
        ("conf.low", "low", SEVEN | {"interval": {"low": 34.8, "high": 93.3}}, "agrees"),
        ("conf.low", "low", SEVEN | {"interval": {"low": 35, "high": 93}}, "agrees"),
        ("conf.low", "low", SEVEN | {"interval": {"low": 39.7, "high": 89.2}}, "differs"),
        ("n", None, {"numerator": 7}, "cannot be checked"),  # shown, and held against nothing
    ],
)
def test_a_number_agrees_when_it_rounds_to_what_is_printed(stat, of, value, verdict):
    found = only(fact("proportion", value, results=in_results(stat, of)), results=RESULTS)
    assert found.verdict == verdict
    assert found.compared[0].value


def test_what_data_were_made_to_give_is_no_agreement():
    statement = fact("count", SEVEN, results=in_results("n", "numerator"))
    found = only(statement, results=RESULTS, data=None)
    made = concord(Source(facts(statement, data="reconstruction"), b""), RESULTS).statements[0]
    assert (found.verdict, made.verdict) == ("agrees", "agrees by construction of the reconstruction")


def test_a_contradiction_outweighs_what_agrees():
    statement = fact("count", {"numerator": 7, "denominator": 10, "percent": 50}, results=in_results("n", "numerator"))
    found = only(statement, results=RESULTS)
    assert found.verdict == "internally inconsistent"
    assert found.why == "7 of 10 is 70.0%, not 50%. 50% would be 5 of 10 or 7 of 14."


def test_a_p_value_is_held_against_its_limit():
    statement = fact("comparison", {"p_less_than": 0.05}, results=in_results("p.value", "p"))
    below = only(statement, results=RESULTS)
    above = only(statement | {"value": {"p_less_than": 0.01}}, results=RESULTS)
    assert (below.verdict, above.verdict) == ("agrees", "differs")


def test_what_is_missing_beside_a_value_does_not_speak_against_it():
    found = only(fact("proportion", SEVEN))
    assert [f.check for f in found.raised] == ["proportion with its confidence interval"]
    assert found.verdict == "agrees"


def test_what_cannot_be_checked_is_possible_impossible_in_a_reading_or_met_by_nothing():
    age = fact("median_range", {"median": 43.5, "min": 18, "max": 73, "n": 10, "step": 1})
    limit = fact("limit", {"max": 40}, name="limit", links={"about": "age"})
    written = [age | {"id": "age"}, limit, fact("statement", {}, name="words")]
    assert {s.id: (s.verdict, s.possibility) for s in concorded(*written).statements} == {
        "age": ("cannot be checked", "possible as printed"),
        "limit": ("internally inconsistent", ""),  # the median itself breaks it
        "words": ("cannot be checked", "nothing to hold it against"),
    }
    open_limit = limit | {"value": {"max": 50}}
    assert concorded(age | {"id": "age"}, open_limit).statements[1].possibility == "impossible under one reading"


def test_what_the_paper_says_twice_is_recomputed_from_the_paper():
    found = concorded(
        fact("count", {"numerator": 7}), fact("count", {"numerator": 7}, name="b", links={"repeats": "a"})
    )
    assert [s.verdict for s in found.statements] == ["cannot be checked", "agrees"]


@each(
    ("spec", "why"),
    [
        (in_results("n", "numerator", analysis="AM"), "The results have no analysis 'AM'. Known: AN"),
        (in_results("m", "numerator"), "AN has no statistic 'm' there."),
        (in_results("median", "median"), "not reached"),
    ],
)
def test_a_result_that_there_is_not_is_told_and_stops_nothing(spec, why):
    found = only(fact("median_range", {"median": 3}, results=spec), results=RESULTS)
    assert found.verdict == "cannot be checked"
    assert why in found.why


@each(
    ("spec", "value"),
    [
        (check(statistic="count_subjects", equals=3), "3"),
        (check(statistic="subjects", equals=["1", "2"], where={"variable": "ARM", "comparator": "EQ", "value": "x"}), "1, 2"),
        (check(statistic="median", variable="AGE", equals=41), "41"),
        (check(statistic="n", variable="DTHDT", equals=1), "1"),
        (check(statistic="value", variable="ARM", equals="y", where={"variable": "SUBJID", "comparator": "EQ", "value": "3"}), "y"),
        (check(statistic="count_subjects", dataset="ADLB", min=2, where={"variable": "AGE", "comparator": "GE", "value": 30}), "2"),
        (
            check(
                statistic="median_difference",
                variable="AGE",
                min=1,
                where={"variable": "ARM", "comparator": "EQ", "value": "y"},
                versus={"variable": "ARM", "comparator": "NE", "value": "y"},
            ),
            "16.5",
        ),
    ],
)  # fmt: skip
def test_a_statistic_of_the_data(spec, value):
    found = only(fact("statement", {}, checks=spec), data=DATA)
    assert (found.verdict, found.compared[0].value) == ("agrees", value)


@each(
    ("spec", "why"),
    [
        (check(statistic="median", variable="AEG", equals=1), "ADSL has no variable AEG. Did you mean 'AGE'?"),
        (check(statistic="count_subjects", dataset="ADLX", equals=1), "There is no dataset ADLX."),
        (check(statistic="value", variable="AGE", equals=1), "3 records are meant where the check needs one"),
        (check(statistic="median", variable="ARM", equals=1), "ARM holds no numbers."),
    ],
)
def test_a_check_that_cannot_be_made_says_why(spec, why):
    found = only(fact("statement", {}, checks=spec), data=DATA)
    assert found.verdict == "cannot be checked"
    assert why.rstrip(".") in found.why


def taken(which, **others):
    spec = {"dataset": "ADLB", "variable": "AVAL", "which": which} | others
    return [{"variable": "T", "datasets": ["ADSL"], "label": "Taken", "taken": spec}]


@each(
    ("derived", "value"),
    [
        (taken("highest"), "9"),
        (taken("lowest"), "5"),
        (taken("first", by="DAY"), "5"),
        (taken("last", by="DAY"), "9"),
        (taken("highest", variable="DAY", of="AVAL", by="DAY"), "2"),
        (taken("best", variable="DAY", order=["2", "1"], where={"variable": "DAY", "comparator": "LT", "value": 0}), ""),
        ([{"variable": "T", "datasets": ["ADSL"], "label": "T", "days": {"start": "TRTSDT", "end": "DTHDT"}}], "10"),
        ([{"variable": "T", "datasets": ["ADSL"], "label": "T", "ratio": {"of": "AGE", "to": "AGE"}}], "1"),
    ],
)  # fmt: skip
def test_a_derived_variable(derived, value):
    first = {"variable": "SUBJID", "comparator": "EQ", "value": "1"}
    statement = fact("statement", {}, checks=check(statistic="value", variable="T", where=first, min=0))
    found = only(statement, data=DATA, derived=derived)
    assert found.compared[0].value == value


def test_a_derived_variable_that_cannot_be_made_is_told_beside_each_check():
    found = only(fact("statement", {}, checks=check(statistic="n", equals=3)), data=DATA, derived=taken("only"))
    assert "has several values for A-1" in found.why


def test_statements_stand_in_the_order_of_the_paper():
    written = [fact("count", {"numerator": 1}, name=n, where=w) for n, w in (("b", "End; Start"), ("a", "Start"))]
    found = concord(Source(facts(*written, paper={"title": "t", "sections": ["Start", "End"]}), b""))
    assert [s.id for s in found.statements] == ["a", "b"]


def test_a_concordance_is_read_as_it_was_written(tmp_path):
    found = concorded(fact("count", SEVEN, results=in_results("n", None)), results=RESULTS, data=DATA)
    (tmp_path / "c.json").write_text(found.to_json(), encoding="utf-8")
    assert read_concordance(tmp_path / "c.json") == found
    (tmp_path / "c.json").write_text('{"paper": 1}', encoding="utf-8")
    with pytest.raises(UserError, match="is damaged at"):
        read_concordance(tmp_path / "c.json")


def test_a_paper_is_consistent_unless_something_contradicts_it():
    sound = concorded(fact("count", SEVEN))
    assert isinstance(sound, Concordance)
    assert sound.consistent
    assert not concorded(fact("count", SEVEN | {"percent": 50})).consistent
    assert not concorded(
        fact("count", {"numerator": 6}, results=in_results("n", "numerator")), results=RESULTS
    ).consistent
