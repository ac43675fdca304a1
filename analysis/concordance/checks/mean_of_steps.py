"""GRIM: a mean that n whole numbers cannot have."""

from collections.abc import Mapping
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found
from analysis.concordance.printed import decimals, rounded, span
from sap.facts.facts import Fact
from sap.facts.values import Mean

NAME = "mean of whole values (GRIM)"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether n values on a grid can have a mean.

    Their sum is a multiple of `step`, so that the mean is one of :math:`k\,\mathrm{step}/n`. Some of these must lie
    within half a unit of the last printed digit, either way of rounding a half. With :math:`n \ge
    10^{\mathrm{decimals}}` (and steps of 1) every mean passes.

    References
    ----------
    .. [1] Brown NJL, Heathers JAJ (2017). The GRIM test: a simple technique detects numerous anomalies in the reporting
       of results in psychology. Soc Psychol Personal Sci 8:363–369.
    """
    value = fact.value
    if not isinstance(value, Mean) or value.step is None or value.step <= 0 or value.n is None:
        return
    spacing = Exact(value.step) / value.n
    holds = bool(span(value.mean).multiples(spacing))
    message = f"A sum of {value.n} such values gives this mean."
    if not holds:
        below = Exact(value.mean) // spacing
        near = " and ".join(rounded(k * spacing, decimals(value.mean) + 1) for k in (below, below + 1))
        message = (
            f"{value.n} values in steps of {value.step} cannot have the mean {value.mean}; the nearest are {near}."
        )
    yield Checked(fact=fact.id, check=NAME, holds=holds, message=message)
