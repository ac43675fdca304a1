"""Values and parts of a plan in words: for a sentence about a change, and for the plan's document."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sap.model.clause import AllOf, AnyOf, Condition, Not, WhereClause
from sap.model.part import Part, Reference, Window

NOUNS: Final[Mapping[str, str]] = {
    "analyses": "analysis",
    "changes_from_protocol": "change from protocol",
    "criteria": "criterion",
    "data_rules": "exception from rule",
    "dlt_rules": "DLT rule",
    "left_out": "reason",
    "lost": "reason",
    "sensitivity": "sensitivity analysis",
}
"""What one item of a list of the plan is called, where the list is not called by its plural."""


def noun(field: str) -> str:
    """Return what one item of a list is called: ``analysis`` for ``analyses``."""
    return NOUNS.get(field, field.removesuffix("s")).replace("_", " ")


def key_field(part: Part) -> str | None:
    """Return the field that tells a part from its neighbours, or None when it has none."""
    fields = type(part).model_fields
    named = (
        f for f in ("id", "name", "label", "event", "analysis_set", "rule") if f in fields and fields[f].is_required()
    )
    # The event of a step is values it counts, and no name.
    return next((f for f in named if isinstance(getattr(part, f), str)), None)


def key_of(part: Part) -> str | None:
    """Return what tells a part from its neighbours in a list: its id, name, label, event or analysis set."""
    field = key_field(part)
    return None if field is None else str(getattr(part, field))


def shown(name: str) -> str:
    """Return a name as it stands in a sentence: bare when it is one word, in quotation marks when it is a text."""
    return name if name and not any(c.isspace() for c in name) else f"“{name}”"


def in_words(value: object) -> str:
    """Return a value of a plan as a sentence shows it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:.15g}"
        case Part():
            return _part(value)
        case Mapping():
            return ", ".join(f"{k}: {in_words(v)}" for k, v in value.items()) or "nothing"
        case list() | tuple():
            return ", ".join(in_words(v) for v in value) or "nothing"
        case _:
            return shown(str(value))


def option_in_words(value: object) -> str:
    """Return an option of a step as records of the step state it: texts as they are, parts of a plan in words."""
    match value:
        case str():
            return value
        case tuple():
            phrases = any(isinstance(v, Part) and not isinstance(v, Reference) for v in value)
            return ("; " if phrases else ", ").join(map(option_in_words, value))
        case _:
            return in_words(value)


def _window(window: Window) -> str:
    if window.start is not None and window.end is not None:
        return f"day {window.start} to {window.end}"
    if window.start is not None:
        return f"from day {window.start}"
    return f"up to day {window.end}" if window.end is not None else "any day"


def _ars_condition(c: Condition) -> str:
    return f"{c.dataset}.{c.variable} {c.comparator} {shown_values(c.value)}"


def _part(part: Part) -> str:
    """Return what a part states, field by field, without what is left at its default."""
    if type(part).__str__ is not Part.__str__:
        return str(part)
    if isinstance(part, Window):
        return _window(part)
    if isinstance(part, Condition | AllOf | AnyOf | Not):
        return _clause(part, _ars_condition)
    told = [(n, getattr(part, n)) for n in type(part).model_fields if n in part.model_fields_set and n != "method"]
    return "; ".join(f"{n} {in_words(v)}" for n, v in told)


COMPARED: Final[Mapping[str, str]] = {
    "EQ": "is",
    "NE": "is not",
    "GT": "is greater than",
    "GE": "is at least",
    "LT": "is less than",
    "LE": "is at most",
    "IN": "is one of",
    "NOTIN": "is none of",
}
"""How a reader of the plan's document is told a comparator."""


def clause_in_words(clause: WhereClause) -> str:
    """Return a where-clause as a phrase: ``ADSL.AGE is at least 65``."""
    return _clause(clause, _condition)


def _condition(c: Condition) -> str:
    name = f"{c.dataset}.{c.variable}"
    if c.value == ("",):
        return f"{name} is {'missing' if c.comparator in {'EQ', 'IN'} else 'not missing'}"
    return f"{name} {COMPARED[c.comparator]} {shown_values(c.value)}"


def _clause(clause: WhereClause, condition: Callable[[Condition], str]) -> str:
    match clause:
        case Condition():
            return condition(clause)
        case Not():
            return f"not ({_clause(clause.clause, condition)})"
        case AllOf() | AnyOf():
            joint = " and " if isinstance(clause, AllOf) else " or "
            parts = ((c, _clause(c, condition)) for c in clause.clauses)
            return joint.join(text if isinstance(c, Condition) else f"({text})" for c, text in parts)


def shown_values(values: Iterable[str]) -> str:
    """Return values with commas between them; an empty one is called missing."""
    return ", ".join(value or "missing" for value in values)


def joined(items: Iterable[str], last: str = "and") -> str:
    """Return words as a phrase: "a", "a and b", "a, b and c"."""
    *first, end = items
    return f"{', '.join(first)} {last} {end}" if first else end
