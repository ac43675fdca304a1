"""Percentages: of their fraction, of some fraction, and no more exact than their number of subjects."""

from collections.abc import Iterator, Mapping
from fractions import Fraction as Exact
from math import ceil

from analysis.concordance.check import Outcome, check, fraction_of
from analysis.concordance.printed import Span, decimals, percent, span, unit
from sap.facts.facts import Fact

_LARGEST = 20
"""Largest other denominator that is proposed, as a multiple of the numerator."""


@check("percentage of its fraction", about="A percentage beside its fraction.")
def percentage_of_fraction(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
    yield Outcome(holds=holds, message=message, recomputes=True)


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


@check(
    "percentage that some fraction gives",
    about="A percentage of a known number, or of a known count, that no fraction can give.",
)
def percentage_of_some_fraction(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
        yield _found(holds, f"no whole count out of {d} gives {printed}%; {told}")
    elif found.numerator is not None and found.denominator is None and found.numerator > 0:
        n, high, low = found.numerator, values.high, values.low
        # 100 n / d in [low, high]  <=>  d in [100 n / high, 100 n / low]
        smallest = max(n, -int(-(Exact(100 * n) / high) // 1)) if high > 0 else None
        holds = smallest is not None and (low <= 0 or smallest <= Exact(100 * n) / low)
        yield _found(holds, f"{n} is {printed}% of no whole number")


def _found(holds: bool, wrong: str) -> Outcome:
    message = "A whole count gives this percentage." if holds else f"{wrong[0].upper()}{wrong[1:]}."
    return Outcome(holds=holds, message=message)


@check(
    "digits of a percentage",
    about="A percentage without its count, printed to more digits than its number of subjects has.",
)
def digits_of_percentage(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether a percentage with decimals is of enough subjects to need them.

    One subject of :math:`d` moves the percentage by :math:`100/d`. With :math:`k \ge 1` decimals the last digit says
    something only when :math:`d \ge 10^{k+1}`: 100 subjects for one decimal. Whole percentages always pass. One beside
    its count is left alone: the fraction says how exact it is, and misleads nobody.

    References
    ----------
    .. [1] Cole TJ (2015). Too many digits: the presentation of numerical data. Arch Dis Child 100:608–609.
    """
    found = fraction_of(fact)
    if found is None or found.percent is None or found.denominator is None or found.numerator is not None:
        return
    d, k = found.denominator, decimals(found.percent)
    enough = k == 0 or d >= 10 ** (k + 1)
    share = f"one subject of {d} is {100 / d:.3g} percentage points"
    digits = "a whole percentage" if k == 0 else f"{k} decimal{'s' * (k > 1)}"
    message = f"{digits[0].upper()}{digits[1:]} where {share}."
    yield Outcome(holds=enough, message=message, weight="too precise")
