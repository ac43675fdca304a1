"""Ranges: limits in words, and the order of smallest, middle and largest."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction as Exact

from analysis.concordance.check import Outcome, Weight, check
from analysis.concordance.printed import span
from sap.facts.facts import Fact
from sap.facts.values import Limit, Mean, Median, Range, Summary


@check("limit and range", about="A limit in words, and the range that is given elsewhere.")
def limit_and_range(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether a limit ("within 2 weeks") agrees with the median and range of what it is about.

    A limit said of everyone is contradicted by a range beyond it, one said of the median by the median. Where it is not
    said of whom, it is contradicted only when the median breaks it; a range beyond it leaves open whose values are
    meant.

    References
    ----------
    .. [1] Pitkin RM, Branagan MA, Burmeister LF (1999). Accuracy of data in abstracts of published research articles.
    JAMA 281:1110–1111.
    """
    value = fact.value
    if not isinstance(value, Limit) or fact.links.about is None:
        return
    other = facts[fact.links.about]
    found = other.value
    if not isinstance(found, Summary | Range):
        return
    median = found.median if isinstance(found, Median) else None
    place = f"'{other.id}' ({other.place})"
    broken = {
        "median": median is not None and _beyond(value, median, median),
        "range": _beyond(value, found.min, found.max),
    }
    shown = f"{found.min} to {found.max}"
    if broken["median"]:
        yield Outcome(holds=False, message=f"The median in {place} is {median}, beyond the limit.")
    elif broken["range"] and value.holds_for != "median":
        everyone = value.holds_for == "everyone"
        true_of = "" if median is None else f" It is true of the median, {median}."
        message = f"It is said of everyone, and the range in {place} is {shown}.{true_of}"
        if not everyone:
            message = f"If it is meant of everyone, the range in {place} contradicts it, {shown}.{true_of}"
            message += " The paper does not say whose values are meant."
        weight: Weight = "inconsistent" if everyone else "under a reading"
        yield Outcome(holds=False, message=message, weight=weight)
    else:
        yield Outcome(holds=True, message=f"Within the limit in {place}.", recomputes=True)


def _beyond(limit: Limit, low: Decimal | None, high: Decimal | None) -> bool:
    """Return whether the smallest or the largest of some values certainly lies beyond a limit."""
    under = limit.min is not None and low is not None and span(low).high < Exact(limit.min)
    over = limit.max is not None and high is not None and span(high).low > Exact(limit.max)
    return under or over


@check("range and middle in order", about="A middle outside its range, and a range that is reversed.")
def range_in_order(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether minimum ≤ median (or mean) ≤ maximum.

    Each number may be anything that rounds to it, so that a mean of 5.0 in a range up to 4.96 printed as 5 is no error.

    References
    ----------
    .. [1] Heathers J (2025). An introduction to forensic metascience.
    """
    value = fact.value
    if not isinstance(value, Summary | Range) or (value.min is None and value.max is None):
        return
    low, high = value.min, value.max
    wrong = []
    if low is not None and high is not None and span(low).low > span(high).high:
        wrong.append(f"the range runs from {low} down to {high}")
    middle = value.median if isinstance(value, Median) else value.mean if isinstance(value, Mean) else None
    name = "mean" if isinstance(value, Mean) else "median"
    if middle is None and (low is None or high is None):
        return
    if middle is not None and not wrong:
        if low is not None and span(middle).high < span(low).low:
            wrong.append(f"the {name} {middle} is below the smallest value, {low}")
        if high is not None and span(middle).low > span(high).high:
            wrong.append(f"the {name} {middle} is above the largest value, {high}")
    message = f"{wrong[0][0].upper()}{wrong[0][1:]}." if wrong else "In order."
    yield Outcome(holds=not wrong, message=message)
