"""Parts of a plan as phrases: windows, days, conventions."""

from collections.abc import Mapping

from sap.model.part import Window
from sap.model.words import shown_values
from sap.plan.plan import Plan


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


def swapped(use: Mapping[str, str]) -> str:
    """Return which derivations take the place of others: "derivation NEW in place of OLD"."""
    return ", ".join(f"derivation {new} in place of {old}" for old, new in use.items())


def related_in_words(plan: Plan) -> str:
    """Return what called related means in a plan."""
    r = plan.conventions.relatedness
    return f"Called related means ADAE.AREL is {shown_values(r.values)}; a missing value counts as {r.missing}."
