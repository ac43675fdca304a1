"""Where-clauses have the shape of the CDISC Analysis Results Standard; nothing in them is evaluated."""

import pytest
from pydantic import TypeAdapter, ValidationError

from sap.model.clause import AllOf, AnyOf, Comparator, Condition, Not, WhereClause, conditions
from tests.each import each

CLAUSE = TypeAdapter(WhereClause)


def condition(**changed) -> dict:
    return {"dataset": "ADSL", "variable": "SEX", "comparator": "EQ", "value": "F"} | changed


def test_the_comparators_are_those_of_the_standard():
    assert [c.value for c in Comparator] == ["EQ", "NE", "GT", "GE", "LT", "LE", "IN", "NOTIN"]


@each(("key", "kind"), [("and", AllOf), ("or", AnyOf)])
def test_clauses_combine(key, kind):
    clause = CLAUSE.validate_python({key: [condition(), condition(value="M")]})
    assert isinstance(clause, kind)
    assert [c.value for c in conditions(clause)] == [("F",), ("M",)]


def test_a_clause_can_be_negated():
    clause = CLAUSE.validate_python({"not": condition()})
    assert isinstance(clause, Not)
    assert clause.clause == CLAUSE.validate_python(condition())


def test_conditions_are_found_left_to_right_at_any_depth():
    deep = {"or": [{"not": {"and": [condition(value="A"), condition(value="B")]}}, condition(value="C")]}
    assert [c.value[0] for c in conditions(CLAUSE.validate_python(deep))] == ["A", "B", "C"]


@each("comparator", ["EQ", "NE", "GT", "GE", "LT", "LE"])
def test_a_comparison_takes_one_value(comparator):
    with pytest.raises(ValidationError, match="takes one value, 2 are given; use IN or NOTIN"):
        CLAUSE.validate_python(condition(comparator=comparator, value=["F", "M"]))


@each("comparator", ["IN", "NOTIN"])
def test_a_list_may_hold_one_value_or_several(comparator):
    one = CLAUSE.validate_python(condition(comparator=comparator, value="F"))
    two = CLAUSE.validate_python(condition(comparator=comparator, value=["F", "M"]))
    assert (one.value, two.value) == (("F",), ("F", "M"))


@each("key", ["and", "or"])
def test_an_empty_combination_is_refused(key):
    with pytest.raises(ValidationError):
        CLAUSE.validate_python({key: []})


def test_a_condition_without_any_value_is_refused():
    with pytest.raises(ValidationError):
        CLAUSE.validate_python(condition(comparator="IN", value=[]))


@each(("written", "read"), [(28, "28"), (28.0, "28"), (0.5, "0.5"), ("028", "028"), ("", "")])
def test_a_number_may_be_written_without_quotes_and_a_text_stays_as_written(written, read):
    assert CLAUSE.validate_python(condition(value=written)).value == (read,)


def test_a_truth_value_is_refused_rather_than_guessed():
    """YAML reads an unquoted yes as true: nobody knows whether Y, YES or 1 was meant."""
    with pytest.raises(ValidationError):
        CLAUSE.validate_python(condition(value=True))


def test_an_expression_is_not_a_clause():
    with pytest.raises(ValidationError):
        CLAUSE.validate_python("ADSL.AGE > 18")
    with pytest.raises(ValidationError):
        CLAUSE.validate_python(condition(expression="AGE > 18"))


def test_a_condition_is_frozen():
    clause = Condition.model_validate(condition())
    with pytest.raises(ValidationError):
        clause.variable = "AGE"
