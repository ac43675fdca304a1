"""Where-clauses of a reporting event in the plan's words."""

import pytest

from sap.event.clauses import Clauses, UnknownClauseError
from sap.event.told import Teller
from tests.each import each


def condition(variable, comparator, *values):
    return {"condition": {"dataset": "ADSL", "variable": variable, "comparator": comparator, "value": list(values)}}


def compound(operator, *parts):
    return {"compoundExpression": {"logicalOperator": operator, "whereClauses": list(parts)}}


def read(part, by_id=None, columns=None):
    return Clauses(by_id or {}, Teller(), columns or {}).of(part, "analysisSets[0]")


def plain(variable, comparator, value):
    return {"dataset": "ADSL", "variable": variable, "comparator": comparator, "value": value}


CASES = {
    "one value": (condition("SAFFL", "EQ", "Y"), plain("SAFFL", "EQ", "Y")),
    "a number": (condition("AGE", "GE", 65), plain("AGE", "GE", "65")),
    "several values of EQ": (condition("SEX", "EQ", "F", "M"), plain("SEX", "IN", ["F", "M"])),
    "several values of NE": (condition("SEX", "NE", "F", "M"), plain("SEX", "NOTIN", ["F", "M"])),
    "no value is a missing one": (condition("ARM", "NE"), plain("ARM", "NE", "")),
    "a part alone": (compound("AND", condition("SEX", "EQ", "F")), plain("SEX", "EQ", "F")),
    "both": (
        compound("AND", condition("SEX", "EQ", "F"), condition("SAFFL", "EQ", "Y")),
        {"and": [plain("SEX", "EQ", "F"), plain("SAFFL", "EQ", "Y")]},
    ),
    "one of them, within a not": (
        compound("NOT", compound("OR", condition("SEX", "EQ", "F"), condition("AGE", "LT", "18"))),
        {"not": {"or": [plain("SEX", "EQ", "F"), plain("AGE", "LT", "18")]}},
    ),
    "not of several is none of them": (
        compound("NOT", condition("SEX", "EQ", "F"), condition("AGE", "LT", "18")),
        {"not": {"or": [plain("SEX", "EQ", "F"), plain("AGE", "LT", "18")]}},
    ),
}


@each("name", CASES)
def test_a_clause_says_the_same(name):
    part, said = CASES[name]
    assert read(part) == said


def test_a_clause_refers_to_another_by_its_id():
    assert read({"subClauseId": "Set_2"}, {"Set_2": condition("SAFFL", "EQ", "Y")}) == plain("SAFFL", "EQ", "Y")


REFUSED = {
    "a comparator that is none": (condition("AETERM", "CONTAINS", "rash"), "'CONTAINS' is not one of EQ, NE"),
    "an order of several values": (condition("AGE", "GT", "1", "2"), "GT has several values"),
    "an order of no value": (condition("AGE", "LE"), "LE has no value"),
    "a name that is none": (condition("age group", "EQ", "1"), "'AGE GROUP' is no name"),
    "an operator that is none": (compound("XOR", condition("SEX", "EQ", "F")), "'XOR' is not AND, OR or NOT"),
    "nothing to combine": (compound("AND"), "holds no condition"),
    "an id that is none": ({"subClauseId": "Set_9"}, "no clause has the id Set_9"),
}


@each("name", REFUSED)
def test_what_a_plan_has_no_words_for_is_named_with_its_place(name):
    part, why = REFUSED[name]
    with pytest.raises(UnknownClauseError, match=why) as found:
        read(part)
    assert found.value.place.startswith("analysisSets[0]")


def test_a_clause_that_is_part_of_itself_is_refused():
    with pytest.raises(UnknownClauseError, match="part of itself"):
        read({"subClauseId": "A"}, {"A": {"subClauseId": "B"}, "B": {"subClauseId": "A"}})


NO_COLUMN = {
    ("EQ", "Y"): "nobody",
    ("IN", "Y", "N"): "nobody",
    ("NE", "Y"): "everybody",
    ("NOTIN", "Y", "N"): "everybody",
    ("EQ",): "everybody",
    ("NE",): "nobody",
}


@each("asked", NO_COLUMN, ids=str)
def test_a_column_that_the_file_has_not_is_missing_of_everybody(asked):
    tell = Teller()
    found = Clauses({}, tell, {"ADSL": {"USUBJID"}}).of(condition("DISCONFL", *asked), "dataSubsets[0]")
    whom = NO_COLUMN[asked]
    assert found == plain("USUBJID", "NE" if whom == "everybody" else "EQ", "")
    assert f"holds for {whom}" in tell.told[0].what
