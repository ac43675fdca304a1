"""A percentage beside its fraction."""

from collections.abc import Mapping
from fractions import Fraction as Exact
from math import ceil

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import Span, decimals, percent, span, unit
from sap.facts.facts import Fact

NAME = "percentage of its fraction"
_LARGEST = 20
"""Largest other denominator that is proposed, as a multiple of the numerator."""


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether a fraction gives the percentage printed beside it.

    Holds when :math:`100\,n/d` lies within half a unit of the last printed digit, either way of rounding a half.

    References
    ----------
    .. [1] Nuijten MB et al. (2016). The prevalence of statistical reporting errors in psychology (1985–2013). Behav Res
       Methods 48:1205–1226 (recomputing a printed value from the printed values beside it).
    """
    found = fraction_of(fact)
    if found is None or found.numerator is None or found.denominator is None or found.percent is None:
        return
    n, d, printed = found.numerator, found.denominator, found.percent
    exact = Exact(100 * n, d)
    holds = span(printed).holds(exact)
    shown = percent(exact, max(1, decimals(printed)))
    message = f"{n} of {d} is {shown}."
    if not holds:
        cut = Span(Exact(printed), Exact(printed) + unit(printed)).holds(exact)
        hint = " The digits were cut off where they should be rounded." if cut else _instead(n, d, span(printed))
        message = f"{n} of {d} is {shown}, not {printed}%.{hint}"
    yield Checked(fact=fact.id, check=NAME, holds=holds, message=message, recomputes=True)


def _instead(n: int, d: int, printed: Span) -> str:
    """Return which fraction with the same count, or out of the same number, gives what is printed."""
    counts = printed.counts(d)[:1]
    first = max(n, 1, ceil(100 * n / printed.high)) if printed.high > 0 else _LARGEST * n + 1
    wholes = [e for e in (first,) if e <= _LARGEST * n and printed.holds(Exact(100 * n, e))]
    told = [f"{k} of {d}" for k in counts] + [f"{n} of {e}" for e in wholes]
    return f" {printed_words(printed)} would be {' or '.join(told)}." if told else " No other count of either gives it."


def printed_words(printed: Span) -> str:
    """Return the percentage in the middle of an interval."""
    middle = (printed.low + printed.high) / 2
    return f"{float(middle):.15g}%"
