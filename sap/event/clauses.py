"""Where-clauses of a reporting event in the plan's words."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sap.event.told import Json, Teller, parts, text_of

NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
COMPARATORS: Final = ("EQ", "NE", "GT", "GE", "LT", "LE", "IN", "NOTIN")
Clause = dict[str, Any]


class UnknownClauseError(Exception):
    """A clause that a plan has no words for; says where and why."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why


@dataclass(frozen=True)
class Clauses:
    """The clauses that have an id, to which others refer."""

    by_id: Mapping[str, Json]
    tell: Teller
    columns: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The columns of the datasets whose files were seen."""

    def absent(self, dataset: str, variable: str) -> bool:
        """Return whether the file of a dataset was seen, and has no such column."""
        return dataset in self.columns and variable not in self.columns[dataset]

    def of(self, part: Json, place: str, above: tuple[str, ...] = ()) -> Clause | None:
        """Return the clause of a part; None where it has none.

        Raises
        ------
        UnknownClauseError
            Where a plan has no words for it.
        """
        condition, compound, other = (part.get(k) for k in ("condition", "compoundExpression", "subClauseId"))
        if isinstance(condition, dict):
            return self._there(_condition(condition, f"{place}.condition"), f"{place}.condition")
        if isinstance(compound, dict):
            return self._compound(compound, f"{place}.compoundExpression", above)
        if isinstance(other, str):
            if other in above:
                raise UnknownClauseError(place, f"the clause {other} is part of itself.")
            if other not in self.by_id:
                raise UnknownClauseError(place, f"no clause has the id {other}.")
            return self.of(self.by_id[other], place, (*above, other))
        return None

    def _there(self, condition: Clause, place: str) -> Clause:
        """Return a condition; on a column that the file has not, what holds of a missing value for everybody."""
        dataset, variable = condition["dataset"], condition["variable"]
        if not self.absent(dataset, variable):
            return condition
        if condition["comparator"] not in {"EQ", "NE", "IN", "NOTIN"}:
            raise UnknownClauseError(place, f"the file of {dataset} has no column {variable} to compare.")
        named = condition["value"] if isinstance(condition["value"], list) else [condition["value"]]
        holds = ("" in named) != (condition["comparator"] in {"NE", "NOTIN"})
        whom = "everybody" if holds else "nobody"
        what = f"the file of {dataset} has no column {variable}: its values are missing, and the condition holds for"
        self.tell.changed(place, variable, f"{what} {whom}.")
        comparator = "NE" if holds else "EQ"
        return {"dataset": dataset, "variable": "USUBJID", "comparator": comparator, "value": ""}

    def _compound(self, compound: Json, place: str, above: tuple[str, ...]) -> Clause:
        operator = text_of(compound, "logicalOperator").upper()
        listed = list(parts(compound, "whereClauses", place, self.tell))
        found = [(where, self.of(part, where, above)) for where, part in listed]
        empty = next((where for where, clause in found if clause is None), None)
        if empty is not None or not found:
            raise UnknownClauseError(empty or place, "it holds no condition.")
        clauses = [clause for _, clause in found if clause is not None]
        if operator == "NOT":
            return {"not": clauses[0] if len(clauses) == 1 else {"or": clauses}}
        if operator not in {"AND", "OR"}:
            raise UnknownClauseError(place, f"the logical operator '{operator}' is not AND, OR or NOT.")
        return clauses[0] if len(clauses) == 1 else {operator.lower(): clauses}


def _condition(condition: Json, place: str) -> Clause:
    dataset, variable = (text_of(condition, key).upper() for key in ("dataset", "variable"))
    for name in (dataset, variable):
        if not NAME.fullmatch(name):
            raise UnknownClauseError(place, f"'{name}' is no name of a dataset or variable.")
    comparator = text_of(condition, "comparator").upper()
    if comparator not in COMPARATORS:
        raise UnknownClauseError(place, f"the comparator '{comparator}' is not one of {', '.join(COMPARATORS)}.")
    given = condition.get("value")
    listed = given if isinstance(given, list) else [] if given is None else [given]
    values = [_value(v) for v in listed] or [""]
    if len(values) > 1:
        comparator = {"EQ": "IN", "NE": "NOTIN"}.get(comparator, comparator)
    if len(values) > 1 and comparator not in {"IN", "NOTIN"}:
        raise UnknownClauseError(place, f"{comparator} has several values.")
    if comparator in {"GT", "GE", "LT", "LE"} and values == [""]:
        raise UnknownClauseError(place, f"{comparator} has no value.")
    return {
        "dataset": dataset,
        "variable": variable,
        "comparator": comparator,
        "value": values if comparator in {"IN", "NOTIN"} else values[0],
    }


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return f"{value:.15g}" if isinstance(value, int | float) else str(value).strip()


def conditions_of(clause: Clause | None) -> list[Clause]:
    """Return the conditions of a clause."""
    if clause is None:
        return []
    if "dataset" in clause:
        return [clause]
    below = [clause["not"]] if "not" in clause else clause.get("and") or clause.get("or") or []
    return [c for part in below for c in conditions_of(part)]
