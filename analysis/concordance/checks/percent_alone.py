"""A percentage of a known number, or of a known count, that no fraction can give."""

from collections.abc import Mapping
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import decimals, percent, span
from sap.facts.facts import Fact

NAME = "percentage that some fraction gives"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether any whole count, or any whole denominator, gives a percentage printed with one of the two.

    With the denominator :math:`d` alone: some whole :math:`k` has :math:`100\,k/d` within half a unit of the last
    digit. With the count :math:`n` alone: some whole :math:`d \ge n` has.

    References
    ----------
    .. [1] Brown NJL, Heathers JAJ (2017). The GRIM test: a simple technique detects numerous anomalies in the reporting
       of results in psychology. Soc Psychol Personal Sci 8:363–369 (a percentage is 100 times a mean of zeros and
       ones).
    """
    found = fraction_of(fact)
    if found is None or found.percent is None:
        return
    printed, values = found.percent, span(found.percent)
    if found.numerator is None and found.denominator is not None:
        d = found.denominator
        holds = bool(values.counts(d))
        near = [k for k in (int(printed * d / 100), int(printed * d / 100) + 1) if k <= d]
        told = " and ".join(f"{k} of {d} is {percent(Exact(100 * k, d), max(1, decimals(printed)))}" for k in near)
        yield _found(fact, holds, f"no whole count out of {d} gives {printed}%; {told}")
    elif found.numerator is not None and found.denominator is None and found.numerator > 0:
        n, high, low = found.numerator, values.high, values.low
        # 100 n / d in [low, high]  <=>  d in [100 n / high, 100 n / low]
        smallest = max(n, -int(-(Exact(100 * n) / high) // 1)) if high > 0 else None
        holds = smallest is not None and (low <= 0 or smallest <= Exact(100 * n) / low)
        yield _found(fact, holds, f"{n} is {printed}% of no whole number")


def _found(fact: Fact, holds: bool, wrong: str) -> Checked:
    message = "A whole count gives this percentage." if holds else f"{wrong[0].upper()}{wrong[1:]}."
    return Checked(fact=fact.id, check=NAME, holds=holds, message=message)
