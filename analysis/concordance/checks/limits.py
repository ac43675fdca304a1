"""A limit in words, and the range that is given elsewhere."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found, Weight
from analysis.concordance.printed import span
from sap.facts.facts import Fact
from sap.facts.values import Limit, Median, Range, Summary

NAME = "limit and range"


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
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
        yield Checked(
            fact=fact.id, check=NAME, holds=False, message=f"The median in {place} is {median}, beyond the limit."
        )
    elif broken["range"] and value.holds_for != "median":
        everyone = value.holds_for == "everyone"
        true_of = "" if median is None else f" It is true of the median, {median}."
        message = f"It is said of everyone, and the range in {place} is {shown}.{true_of}"
        if not everyone:
            message = f"If it is meant of everyone, the range in {place} contradicts it, {shown}.{true_of}"
            message += " The paper does not say whose values are meant."
        weight: Weight = "inconsistent" if everyone else "under a reading"
        yield Checked(fact=fact.id, check=NAME, holds=False, message=message, weight=weight)
    else:
        yield Checked(fact=fact.id, check=NAME, holds=True, message=f"Within the limit in {place}.", recomputes=True)


def _beyond(limit: Limit, low: Decimal | None, high: Decimal | None) -> bool:
    """Return whether the smallest or the largest of some values certainly lies beyond a limit."""
    under = limit.min is not None and low is not None and span(low).high < Exact(limit.min)
    over = limit.max is not None and high is not None and span(high).low > Exact(limit.max)
    return under or over
