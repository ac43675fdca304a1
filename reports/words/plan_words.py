"""Parts of a plan as phrases: where-clauses, windows, numbers."""

from collections.abc import Iterable, Mapping

from reports.words.numbers import stated
from sap.methods.posterior import Posterior
from sap.model.clause import AllOf, AnyOf, Condition, Not, WhereClause
from sap.model.part import Window
from sap.plan.plan import Plan

WORDS = {
    "EQ": "is",
    "NE": "is not",
    "GT": "is greater than",
    "GE": "is at least",
    "LT": "is less than",
    "LE": "is at most",
    "IN": "is one of",
    "NOTIN": "is none of",
}


def in_words(clause: WhereClause) -> str:
    """Return a where-clause as a phrase."""
    match clause:
        case Condition():
            name = f"{clause.dataset}.{clause.variable}"
            if clause.value == ("",):
                return f"{name} is {'missing' if clause.comparator in {'EQ', 'IN'} else 'not missing'}"
            return f"{name} {WORDS[clause.comparator]} {shown_values(clause.value)}"
        case Not():
            return f"not ({in_words(clause.clause)})"
        case AllOf() | AnyOf():
            return (" and " if isinstance(clause, AllOf) else " or ").join(_bracketed(c) for c in clause.clauses)
    raise AssertionError(clause)


def _bracketed(clause: WhereClause) -> str:
    return in_words(clause) if isinstance(clause, Condition) else f"({in_words(clause)})"


def window_in_words(window: Window) -> str:
    """Return a span of time as a phrase, as "days 0 to 28 since first treatment"."""
    if window.start is not None and window.end is not None:
        return f"days {day(window.start)} to {day(window.end)} since first treatment"
    if window.start is not None:
        return f"from day {day(window.start)} since first treatment"
    return f"up to day {day(window.end)} since first treatment" if window.end is not None else "any time"


def day(number: int) -> str:
    """Return a day as it is printed, with a minus and not a hyphen."""
    return str(number).replace("-", "−")


def shown_values(values: Iterable[str]) -> str:
    """Return values with commas between them; an empty one is called missing."""
    return ", ".join(value or "missing" for value in values)


def asked_in_words(plan: Plan, step: Posterior) -> str:
    """Return what a posterior is asked, by the step or by the stopping rule: prior, rate, probability, looks."""
    asked = step.question(plan)
    if asked is None:
        return ""
    told = f"Here the prior is {asked.prior}, and the unacceptable rate {stated(asked.threshold)}"
    if asked.probability is None:
        return f"{told}; no stopping rule of the plan counts this event."
    looks = joined(str(n) for n in asked.looks)
    stops = f"the rule stops at {stated(asked.probability)}, at looks after {looks} subjects"
    return f"{told}; {stops}. {unless_stopped(plan, asked.looks)}"


def unless_stopped(plan: Plan, looks: tuple[int, ...]) -> str:
    """Return how many subjects a trial has that no look of its stopping rule stops, and how many no look is of."""
    planned = plan.study.planned_n
    later = planned - looks[-1]
    if not later:
        return f"A trial that no look stops is complete at the last look, with the {planned} subjects planned."
    last = f"the last {later} come" if later > 1 else "the last of them comes"
    return f"A trial that no look stops goes on to the {planned} subjects planned; {last} after the last look."


def joined(items: Iterable[str], last: str = "and") -> str:
    """Return words as a phrase: "a", "a and b", "a, b and c"."""
    *first, end = items
    return f"{', '.join(first)} {last} {end}" if first else end


def swapped(use: Mapping[str, str]) -> str:
    """Return which derivations take the place of others: "derivation NEW in place of OLD"."""
    return ", ".join(f"derivation {new} in place of {old}" for old, new in use.items())


def related_in_words(plan: Plan) -> str:
    """Return what called related means in a plan."""
    r = plan.conventions.relatedness
    return f"Called related means ADAE.AREL is {shown_values(r.values)}; a missing value counts as {r.missing}."
