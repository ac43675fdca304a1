"""Who is meant by a where-clause: records are compared first, subjects are counted after."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from analysis.data.sets import records_where, subjects_where
from sap.model.clause import WhereClause
from tests.each import each

CLAUSE = TypeAdapter(WhereClause)
ADSL = pd.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4"],
        "SEX": ["F", "M", "F", ""],
        "AGE": [18.0, 43.5, float("nan"), 73.0],
        "DTHDT": pd.to_datetime(["2021-03-09", None, "2021-03-10", None]),
    }
)
ADAE = pd.DataFrame(
    {
        "USUBJID": ["1", "1", "2", "9"],
        "AEDECOD": ["Sepsis", "Nausea", "Nausea", "Sepsis"],
        "ATOXGR": [2.0, 4.0, 1.0, 5.0],
    }
)
DATA = {"ADSL": ADSL, "ADAE": ADAE}


def condition(dataset: str, variable: str, comparator: str, value) -> dict:
    return {"dataset": dataset, "variable": variable, "comparator": comparator, "value": value}


def subjects(clause: dict) -> str:
    return "".join(sorted(subjects_where(DATA, CLAUSE.validate_python(clause))))


@each(
    ("variable", "comparator", "value", "who"),
    [
        ("SEX", "EQ", "F", "13"),
        ("SEX", "NE", "F", "24"),
        ("SEX", "IN", ["F", "M"], "123"),
        ("SEX", "NOTIN", ["M", "U"], "134"),
        ("SEX", "GT", "F", "2"),
        ("SEX", "LE", "M", "123"),
        ("AGE", "EQ", 43.5, "2"),
        ("AGE", "NE", 18, "234"),
        ("AGE", "IN", [18, 73], "14"),
        ("AGE", "NOTIN", [18, 73], "23"),
        ("AGE", "GT", 18, "24"),
        ("AGE", "GE", 18, "124"),
        ("AGE", "LT", 73, "12"),
        ("AGE", "LE", 73, "124"),
        ("DTHDT", "EQ", "2021-03-09", "1"),
        ("DTHDT", "NE", "2021-03-09", "234"),
        ("DTHDT", "IN", ["2021-03-09", "2021-03-10"], "13"),
        ("DTHDT", "NOTIN", ["2021-03-09"], "234"),
        ("DTHDT", "GT", "2021-03-09", "3"),
        ("DTHDT", "GE", "2021-03-09", "13"),
        ("DTHDT", "LT", "2021-03-10", "1"),
        ("DTHDT", "LE", "2021-03-10", "13"),
    ],
)
def test_a_comparator_reads_text_numbers_and_dates(variable, comparator, value, who):
    assert subjects(condition("ADSL", variable, comparator, value)) == who


@each(("variable", "missing", "present"), [("SEX", "4", "123"), ("AGE", "3", "124"), ("DTHDT", "24", "13")])
def test_the_empty_text_stands_for_a_missing_value(variable, missing, present):
    assert subjects(condition("ADSL", variable, "EQ", "")) == missing
    assert subjects(condition("ADSL", variable, "NE", "")) == present


def test_a_missing_value_may_be_one_of_a_list():
    assert subjects(condition("ADSL", "SEX", "IN", ["M", ""])) == "24"
    assert subjects(condition("ADSL", "SEX", "NOTIN", ["M", ""])) == "13"


@each("comparator", ["GT", "GE", "LT", "LE"])
def test_a_missing_value_is_neither_greater_nor_less(comparator):
    low = subjects(condition("ADSL", "AGE", comparator, 0))
    high = subjects(condition("ADSL", "AGE", comparator, 1000))
    assert "3" not in low + high
    assert set(low + high) == set("124")


def test_one_record_must_satisfy_the_whole_clause_about_its_dataset():
    """Subject 1 had sepsis and had a grade 4 event, but no sepsis of grade 4."""
    severe = condition("ADAE", "ATOXGR", "GE", 4)
    assert subjects({"and": [condition("ADAE", "AEDECOD", "EQ", "Nausea"), severe]}) == "1"
    assert subjects({"and": [condition("ADAE", "AEDECOD", "EQ", "Sepsis"), severe]}) == ""


def test_parts_about_different_datasets_are_settled_in_subjects():
    assert subjects({"and": [condition("ADSL", "SEX", "EQ", "F"), condition("ADAE", "AEDECOD", "EQ", "Nausea")]}) == "1"
    assert subjects({"or": [condition("ADSL", "SEX", "EQ", "M"), condition("ADAE", "AEDECOD", "EQ", "Sepsis")]}) == "12"


def test_within_one_dataset_and_or_and_not_are_read_record_by_record():
    sepsis = condition("ADAE", "AEDECOD", "EQ", "Sepsis")
    other_and_mild = {"and": [{"not": sepsis}, condition("ADAE", "ATOXGR", "LE", 2)]}
    assert records_where(ADAE, CLAUSE.validate_python(other_and_mild)).tolist() == [False, False, True, False]
    assert subjects(other_and_mild) == "2"


def test_not_means_the_subjects_without_such_a_record():
    """ "No nausea" is not "something that was not nausea": subject 1 had both sepsis and nausea."""
    nausea = condition("ADAE", "AEDECOD", "EQ", "Nausea")
    assert subjects({"not": nausea}) == "34"
    assert subjects({"and": [condition("ADSL", "SEX", "EQ", "F"), {"not": nausea}]}) == "3"
    assert subjects(condition("ADAE", "AEDECOD", "NE", "Nausea")) == "1"


def test_only_subjects_of_adsl_are_counted():
    assert "9" not in subjects(condition("ADAE", "ATOXGR", "EQ", 5))


def test_nobody_satisfies_a_clause_about_an_empty_dataset_and_everybody_its_negation():
    data = {"ADSL": ADSL, "ADAE": ADAE.iloc[:0]}
    clause = condition("ADAE", "ATOXGR", "GE", 1)
    assert subjects_where(data, CLAUSE.validate_python(clause)) == frozenset()
    assert subjects_where(data, CLAUSE.validate_python({"not": clause})) == frozenset("1234")


CONDITIONS = st.one_of(
    st.builds(
        condition,
        st.just("ADSL"),
        st.just("SEX"),
        st.sampled_from(["EQ", "NE", "IN", "NOTIN", "GT", "GE", "LT", "LE"]),
        st.sampled_from(["F", "M", "X"]),
    ),
    st.builds(
        condition,
        st.just("ADSL"),
        st.just("AGE"),
        st.sampled_from(["EQ", "NE", "GT", "GE", "LT", "LE"]),
        st.sampled_from([18, 43.5, 50, 73]),
    ),
    st.builds(
        condition, st.just("ADAE"), st.just("ATOXGR"), st.sampled_from(["EQ", "GE", "LT"]), st.integers(1, 5)
    ),
)  # fmt: skip
CLAUSES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(lambda c: {"not": c}, inner),
        st.builds(lambda c: {"and": c}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda c: {"or": c}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)


@given(CLAUSES)
def test_not_inverts_any_clause(clause):
    assert set(subjects({"not": clause})) == set("1234") - set(subjects(clause))


@given(CLAUSES)
def test_not_twice_is_the_clause_itself(clause):
    assert subjects({"not": {"not": clause}}) == subjects(clause)


@given(CLAUSES.filter(lambda clause: "ADAE" not in str(clause)))
def test_and_or_of_a_clause_with_itself_is_the_clause(clause):
    assert subjects({"and": [clause, clause]}) == subjects({"or": [clause, clause]}) == subjects(clause)
