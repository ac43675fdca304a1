"""How a statement is looked up: in the results of an analysis, or in the data themselves.

A check on the data names a dataset, a variable, a statistic and the records meant. Where-clauses have the shape of the
plan's; a condition without a dataset is about the dataset of its check, whose records carry the variables of ADSL too.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.part import DatasetName, Identifier, Part, Text, VariableName

ValuePart = Literal[
    "numerator", "denominator", "percent", "median", "mean", "sd", "min", "max", "n", "p", "low", "high"
]
"""Part of a statement's value that one number is compared with; low and high limit its interval."""
TWO_GROUPS: Final = frozenset({"median_difference", "exact_rank_p"})
OF_SUBJECTS: Final = frozenset({"count_subjects", "subjects", "n"})
"""Statistics that need no variable."""


def _with_dataset(clause: object, dataset: object) -> object:
    """Return a where-clause, as read, whose conditions all name a dataset."""
    if not isinstance(clause, dict):
        return clause
    for joint in ("and", "or"):
        if isinstance(below := clause.get(joint), list):
            return {**clause, joint: [_with_dataset(c, dataset) for c in below]}
    if "not" in clause:
        return {**clause, "not": _with_dataset(clause["not"], dataset)}
    return {"dataset": dataset, **clause}


class InResults(Part):
    """One number of the results that a part of the statement is compared with."""

    analysis: Identifier
    """Analysis or sensitivity analysis."""
    stat: Text
    """Name of the statistic, as ``estimate``."""
    of: ValuePart | None = None
    """The part of the statement's value; left out where the paper gives none, and the number is shown beside it."""
    context: str | None = None
    variable: str | None = None
    level: str | None = None
    grouping: str | None = None
    group: str | None = None


class InData(Part):
    """One statistic of the data, and what it must be for the statement to hold."""

    dataset: DatasetName
    variable: VariableName | None = None
    statistic: Literal[
        "count_subjects", "subjects", "n", "value", "median", "min", "max", "median_difference", "exact_rank_p"
    ]
    where: WhereClause | None = None
    """The records meant; all without it."""
    versus: WhereClause | None = None
    """The records of the other group, where two are compared."""
    equals: float | str | tuple[str, ...] | None = None
    min: float | None = None
    max: float | None = None
    note: str = ""
    """How the words were read."""

    @model_validator(mode="before")
    @classmethod
    def _own_dataset(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        own = {k: _with_dataset(given[k], given.get("dataset")) for k in ("where", "versus") if k in given}
        return {**given, **own}

    @model_validator(mode="after")
    def _complete(self) -> "InData":
        bounded = self.min is not None or self.max is not None
        if (self.equals is not None) == bounded:
            msg = "say what it must be: equals, or min and max (or one of them)"
            raise ValueError(msg)
        if (self.statistic in TWO_GROUPS) != (self.versus is not None):
            msg = f"versus belongs to {' and '.join(sorted(TWO_GROUPS))}, and only to them"
            raise ValueError(msg)
        if self.variable is None and self.statistic not in OF_SUBJECTS:
            msg = f"{self.statistic} needs a variable"
            raise ValueError(msg)
        return self


class Days(Part):
    """Days from one date to another; the same day is 0."""

    start: VariableName
    end: VariableName


class Ratio(Part):
    """One variable divided by another."""

    of: VariableName
    to: VariableName


class Taken(Part):
    """One value a subject from the records of a dataset."""

    dataset: DatasetName
    variable: VariableName
    """The variable whose value is taken."""
    which: Literal["only", "first", "last", "highest", "lowest", "best"]
    """The record; best follows `order`."""
    by: VariableName | None = None
    """Puts records in order, and settles which of several equal ones is taken: the first."""
    of: VariableName | None = None
    """The variable whose highest or lowest value is looked for; `variable` itself when left out."""
    order: tuple[Text, ...] = ()
    """Values from best to worst."""
    before: VariableName | None = None
    """Variable of the subject: only records whose `by` is less count, where the subject has it."""
    where: WhereClause | None = None

    @model_validator(mode="before")
    @classmethod
    def _own_dataset(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "where" not in given:
            return given
        return {**given, "where": _with_dataset(given["where"], given.get("dataset"))}

    @model_validator(mode="after")
    def _complete(self) -> "Taken":
        if self.by is None and (self.which in {"first", "last"} or self.before is not None):
            msg = "by is missing: the variable that puts the records in order"
            raise ValueError(msg)
        if (self.which == "best") != bool(self.order):
            msg = "order belongs to which: best, and only to it"
            raise ValueError(msg)
        return self


class DerivedVariable(Part):
    """A variable that checks use and the data do not hold; derived in the order in which they stand."""

    variable: VariableName
    datasets: Annotated[tuple[DatasetName, ...], Field(min_length=1)]
    label: Text
    days: Days | None = None
    ratio: Ratio | None = None
    taken: Taken | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "DerivedVariable":
        if sum(way is not None for way in (self.days, self.ratio, self.taken)) != 1:
            msg = "say how it is made: one of days, ratio and taken"
            raise ValueError(msg)
        return self
