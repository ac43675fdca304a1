"""A middle outside its range, and a range that is reversed."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found
from analysis.concordance.printed import span
from sap.facts.facts import Fact
from sap.facts.values import Mean, Median, Range, Summary

NAME = "range and middle in order"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=not wrong, message=message)
