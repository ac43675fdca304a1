"""A confidence interval that does not hold its own estimate."""

from collections.abc import Mapping
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import Span, percent, span
from analysis.concordance.usual_intervals import giving
from sap.facts.facts import Fact
from sap.facts.values import Fraction, Mean, Median

NAME = "confidence interval around its estimate"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    """Yield whether a confidence interval runs upwards, holds its estimate and, of a percentage, keeps to 0 to 100.

    Every usual interval of a proportion, a mean or a median holds the estimate, but for Jeffreys' without its boundary
    rule where none or all had the event. Printed numbers stand for everything that rounds to them; a percentage with
    its fraction is taken from the fraction.

    References
    ----------
    .. [1] Altman DG, Machin D, Bryant TN, Gardner MJ (2000). Statistics with confidence, 2nd edition, chapter 3.
    """
    value = fraction_of(fact) or fact.value
    if not isinstance(value, Fraction | Median | Mean) or value.interval is None:
        return
    low, high = value.interval.low, value.interval.high
    percent = isinstance(value, Fraction)
    unit = "%" if percent else ""
    shown = f"{low}{unit} to {high}{unit}"
    estimate, named = _estimate(value)
    wrong = ""
    if low > high:
        wrong = f"The confidence interval runs from {low}{unit} down to {high}{unit}."
    elif percent and (low < 0 or high > 100):
        wrong = f"The confidence interval is {shown}, and a percentage lies between 0 and 100."
    elif estimate is not None and not estimate.meets(Span(span(low).low, span(high).high)) and not _at_edge(value):
        wrong = f"The estimate, {named}, lies outside its confidence interval, {shown}."
    yield Checked(
        fact=fact.id, check=NAME, holds=not wrong, message=wrong or "The confidence interval holds its estimate."
    )


def _at_edge(value: Fraction | Median | Mean) -> bool:
    """Return whether it is an interval that leaves out an estimate of 0% or 100%, as one of the usual ones does."""
    if not isinstance(value, Fraction) or value.interval is None or value.denominator is None:
        return False
    x = value.numerator
    return x is not None and x in {0, value.denominator} and bool(giving(value.interval, x, value.denominator))


def _estimate(value: Fraction | Median | Mean) -> tuple[Span | None, str]:
    """Return what an interval should hold, and how it is printed."""
    if isinstance(value, Fraction):
        if value.numerator is not None and value.denominator is not None:
            exact = Exact(100 * value.numerator, value.denominator)
            return Span(exact, exact), f"{value.numerator} of {value.denominator} ({percent(exact, 1)})"
        return (None, "") if value.percent is None else (span(value.percent), f"{value.percent}%")
    middle = value.median if isinstance(value, Median) else value.mean
    return span(middle), f"{middle}"
