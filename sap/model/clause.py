"""Where-clauses: which records are meant, in the shape of the CDISC Analysis Results Standard.

Nothing is evaluated as code. A condition names a dataset, a variable, a comparator and values; clauses combine
with ``and``, ``or`` and ``not``. The empty string stands for a missing value.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sap.model.part import DatasetName, Part, Value, VariableName


class Comparator(StrEnum):
    """CDISC ARS comparators."""

    EQ = "EQ"
    NE = "NE"
    GT = "GT"
    GE = "GE"
    LT = "LT"
    LE = "LE"
    IN = "IN"
    NOTIN = "NOTIN"


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_Listed = Annotated[tuple[Value, ...], Field(min_length=1)]
Values = Annotated[
    tuple[Value, ...], Field(min_length=1), BeforeValidator(_as_tuple, json_schema_input_type=Value | _Listed)
]
"""One value or a list of them; an empty text stands for a missing value."""


class Condition(Part):
    """One comparison of a variable with one or more values."""

    dataset: DatasetName
    variable: VariableName
    comparator: Comparator
    """How they are compared; a value may be a list with IN and NOTIN alone. NE and NOTIN hold for a missing value too,
    unless an empty text is among the values."""
    value: Values
    """One value, or several for IN and NOTIN; an empty text is a missing value."""

    @model_validator(mode="after")
    def _one_value_unless_listed(self) -> "Condition":
        if self.comparator not in {Comparator.IN, Comparator.NOTIN} and len(self.value) != 1:
            msg = f"comparator {self.comparator} takes one value, {len(self.value)} are given; use IN or NOTIN"
            raise ValueError(msg)
        return self


class AllOf(Part):
    """Every clause holds."""

    clauses: tuple["WhereClause", ...] = Field(alias="and", min_length=1)
    """All of these hold."""


class AnyOf(Part):
    """At least one clause holds."""

    clauses: tuple["WhereClause", ...] = Field(alias="or", min_length=1)
    """At least one of these holds."""


class Not(Part):
    """The clause does not hold."""

    clause: "WhereClause" = Field(alias="not")
    """This does not hold."""


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return next((k for k in ("and", "or", "not") if k in value), "condition")
    if isinstance(value, AllOf):
        return "and"
    if isinstance(value, AnyOf):
        return "or"
    return "not" if isinstance(value, Not) else "condition"


WhereClause = Annotated[
    Annotated[AllOf, Tag("and")]
    | Annotated[AnyOf, Tag("or")]
    | Annotated[Not, Tag("not")]
    | Annotated[Condition, Tag("condition")],
    Discriminator(_kind),
]

AllOf.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()


def conditions(clause: WhereClause) -> Iterator[Condition]:
    """Yield the conditions of a clause, left to right."""
    if isinstance(clause, Condition):
        yield clause
    elif isinstance(clause, Not):
        yield from conditions(clause.clause)
    else:
        for part in clause.clauses:
            yield from conditions(part)


def parts_about(clause: WhereClause | None, dataset: str) -> tuple[WhereClause, ...]:
    """Return the parts of a clause, joined by ``and``, that each say of a record of a dataset whether it is meant.

    A ``not`` says what no record of a subject may be, and is no such part.
    """
    if clause is None or isinstance(clause, Not):
        return ()
    if {c.dataset for c in conditions(clause)} == {dataset}:
        return (clause,)
    return tuple(p for c in clause.clauses for p in parts_about(c, dataset)) if isinstance(clause, AllOf) else ()
