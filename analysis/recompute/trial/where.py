"""Which records and which subjects a where-clause means."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from analysis.recompute.trial.records import Cell, NoRouteError, Record
from sap.model.clause import AllOf, Comparator, Condition, Not, WhereClause, conditions

Lookup = Callable[[str], tuple[Record, ...]]
"""The records a subject has in a dataset."""


def equals(cell: Cell, value: str) -> bool:
    """Return whether a cell holds a value of the plan.

    Numbers and dates are compared as such, '' is a missing cell, and a text of digits is another one with nothing but
    zeros after a point: 1.0 is 1, and 01 is not.
    """
    if cell is None or value == "":
        return cell is None and value == ""
    if isinstance(cell, str):
        return _without_zeros(cell) == _without_zeros(value)
    return cell == _alike(cell, value)


def _without_zeros(text: str) -> str:
    whole, _, rest = text.partition(".")
    digits = whole[1:] if whole[:1] in {"+", "-"} else whole
    return whole if digits.isascii() and digits.isdigit() and set(rest) <= {"0"} else text


def _alike(cell: Cell, value: str) -> str | Fraction | date:
    try:
        if isinstance(cell, Fraction):
            return Fraction(value)
        return date.fromisoformat(value) if isinstance(cell, date) else value
    except ValueError:
        return value


def _before(cell: Cell, value: str) -> bool:
    """Return whether a cell is less than a value."""
    other = _alike(cell, value)
    if isinstance(cell, Fraction) and isinstance(other, Fraction):
        return cell < other
    if isinstance(cell, date) and isinstance(other, date):
        return cell < other
    if isinstance(cell, str) and isinstance(other, str):
        return cell < other
    raise NoRouteError(f"'{cell}' and '{value}' have no order")


def meets(record: Record, condition: Condition) -> bool:
    """Return whether a record meets one condition."""
    cell = record.get(condition.variable)
    first = condition.value[0]
    match condition.comparator:
        case Comparator.EQ | Comparator.IN:
            return any(equals(cell, v) for v in condition.value)
        case Comparator.NE | Comparator.NOTIN:
            return not any(equals(cell, v) for v in condition.value)
        case _ if cell is None:
            return False
        case Comparator.LT:
            return _before(cell, first)
        case Comparator.GE:
            return not _before(cell, first)
        case Comparator.LE:
            return _before(cell, first) or equals(cell, first)
        case Comparator.GT:
            return not (_before(cell, first) or equals(cell, first))
    raise NoRouteError(f"the comparator {condition.comparator} is not known here")


def record_meets(record: Record, clause: WhereClause) -> bool:
    """Return whether a single record meets a clause about its dataset."""
    if isinstance(clause, Condition):
        return meets(record, clause)
    if isinstance(clause, Not):
        return not record_meets(record, clause.clause)
    parts = (record_meets(record, c) for c in clause.clauses)
    return all(parts) if isinstance(clause, AllOf) else any(parts)


def subject_meets(lookup: Lookup, clause: WhereClause) -> bool:
    """Return whether a subject meets a clause.

    A part that is about one dataset holds when one record of the subject meets all of it; ``not`` and parts about
    several datasets combine what holds for the subject.
    """
    if isinstance(clause, Not):
        return not subject_meets(lookup, clause.clause)
    datasets = {c.dataset for c in conditions(clause)}
    if len(datasets) == 1:
        return any(record_meets(r, clause) for r in lookup(datasets.pop()))
    if isinstance(clause, Condition):
        return False
    parts = (subject_meets(lookup, c) for c in clause.clauses)
    return all(parts) if isinstance(clause, AllOf) else any(parts)
