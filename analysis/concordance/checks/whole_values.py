"""Medians, means and standard deviations that values on a grid, or in a range, cannot have."""

from collections.abc import Iterator, Mapping
from fractions import Fraction as Exact
from math import ceil, floor, sqrt

from analysis.concordance.check import Outcome, check
from analysis.concordance.printed import Span, decimals, rounded, span
from sap.facts.facts import Fact
from sap.facts.values import Mean, Median

_MOST = 10_000
"""Sums that are tried; a mean of so many values excludes nothing."""


@check("median of whole values", about="A median that values on a grid cannot have.")
def median_of_whole_values(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether a median can be that of n values on a grid, such as ages in whole years.

    With values that are multiples of `step`, the median is a multiple of `step` for odd n (it is one of the values) and
    of `step`/2 for even n (the mean of two); with n unknown, of `step`/2. Minimum and maximum are values themselves. A
    median by interpolation of another kind (a quantile of type 1 to 9) gives one of the two as well at one half, but
    for weighted data.

    References
    ----------
    .. [1] Hyndman RJ, Fan Y (1996). Sample quantiles in statistical packages. Am Stat 50:361–365.
    """
    value = fact.value
    if not isinstance(value, Median) or value.step is None or value.step <= 0:
        return
    step = Exact(value.step)
    odd = value.n is not None and value.n % 2 == 1
    grid = step if odd else step / 2
    wrong = [
        f"the {name} {printed} is no value on a grid of {value.step}"
        for name, printed in (("minimum", value.min), ("maximum", value.max))
        if printed is not None and not span(printed).multiples(step)
    ]
    if not span(value.median).multiples(grid):
        of = "values" if value.n is None else f"{value.n} values"
        every = f"{float(grid):g}"
        wrong.append(
            f"the median of {of} in steps of {value.step} is a multiple of {every}, and {value.median} is none"
        )
    message = f"{'; '.join(wrong)}." if wrong else f"Such values have this median (steps of {value.step})."
    yield Outcome(holds=not wrong, message=message[0].upper() + message[1:])


@check("mean of whole values (GRIM)", about="GRIM: a mean that n whole numbers cannot have.")
def mean_of_whole_values(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
    yield Outcome(holds=holds, message=message)


@check(
    "standard deviation of whole values (GRIMMER)",
    about="GRIMMER: a standard deviation that n whole numbers with that mean cannot have.",
)
def deviation_of_whole_values(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether n whole numbers with the printed mean can have the printed standard deviation.

    For whole numbers with sum T, the sum of squares is :math:`(n-1)s^2 + T^2/n` (or :math:`n s^2 + T^2/n` for the
    deviation of a population). It must be a whole number of the parity of T, since :math:`x^2` and x have the same, and
    at least that of n whole numbers as equal as T allows. The printed deviation is refused when neither formula gives
    such a number for any T that rounds to the printed mean. A necessary condition: what passes need not be possible.

    References
    ----------
    .. [1] Anaya J (2016). The GRIMMER test: a method for testing the validity of reported measures of variability.
    PeerJ Preprints 4:e2400v1.
    .. [2] Allard A (2018). Analytic-GRIMMER: a new way of testing the possibility of standard deviations.
    """
    value = fact.value
    if not isinstance(value, Mean) or value.sd is None or value.step is None or value.step <= 0 or value.n is None:
        return
    n, step = value.n, Exact(value.step)
    if n < 2 or value.sd < 0:
        return
    mean, sd = span(value.mean), span(value.sd)
    sums = mean.multiples(step / n)
    if not 0 < sums.stop - sums.start <= _MOST:
        return  # an impossible mean is the business of GRIM
    low, high = max(Exact(0), sd.low / step), sd.high / step
    holds = any(_possible(total, n, Span(low**2, high**2)) for total in sums)
    message = f"{n} such values can have this standard deviation."
    if not holds:
        values = f"{n} values in steps of {value.step} with the mean {value.mean}"
        message = f"{values} cannot have the standard deviation {value.sd}."
    yield Outcome(holds=holds, message=message)


def _possible(total: int, n: int, variance: Span) -> bool:
    """Return whether n whole numbers with a sum can have a variance of a sample or of a population."""
    quotient, remainder = divmod(total, n)
    least = (n - remainder) * quotient**2 + remainder * (quotient + 1) ** 2
    return any(s >= least and s % 2 == total % 2 for weight in (n - 1, n) for s in _squares(total, n, weight, variance))


def _squares(total: int, n: int, weight: int, variance: Span) -> Iterator[int]:
    low = ceil(weight * variance.low + Exact(total**2, n))
    high = floor(weight * variance.high + Exact(total**2, n))
    # Two neighbours have both parities: more would say nothing new, but the smallest may lie below the least possible.
    yield from (low, low + 1, high - 1, high) if high - low > 3 else range(low, high + 1)


@check("standard deviation within its range", about="A standard deviation that the range does not allow.")
def deviation_in_range(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether values between a minimum and a maximum, both of which occur, can have a standard deviation.

    With mean m in [a, b], the variance of a population is at most :math:`(b-m)(m-a)` (Bhatia and Davis), that of a
    sample :math:`n/(n-1)` times that; n unknown is taken as 2, the widest. Since both ends occur, the sum of squares
    about the mean is at least :math:`(b-a)^2/2`, so that the deviation is at least :math:`(b-a)/\sqrt{2n}` (von
    Szőkefalvi Nagy). Printed numbers stand for everything that rounds to them; without a range only a negative
    deviation is refused.

    References
    ----------
    .. [1] Bhatia R, Davis C (2000). A better bound on the variance. Am Math Mon 107:353–357.
    .. [2] von Szőkefalvi Nagy J (1918). Über algebraische Gleichungen mit lauter reellen Wurzeln. Jahresber DMV
    27:37–43.
    """
    value = fact.value
    if not isinstance(value, Mean) or value.sd is None:
        return
    if value.sd < 0:
        yield Outcome(holds=False, message=f"The standard deviation {value.sd} is negative.")
        return
    if value.min is None or value.max is None:
        return
    mean, sd = span(value.mean), span(value.sd)
    a, b = span(value.min), span(value.max)
    n = value.n
    if a.low > b.high or not a.low <= mean.high or not mean.low <= b.high:
        return  # out of order, which is another check's to say
    middle = (a.low + b.high) / 2
    m = min(max(mean.low, middle), mean.high)  # the mean that allows most
    sample = Exact(2 if n is None or n < 2 else n)
    largest = (b.high - m) * (m - a.low) * sample / (sample - 1)
    narrow = max(Exact(0), b.low - a.high)
    least = narrow**2 / (2 * n) if n is not None else Exact(0)
    wrong = ""
    if max(Exact(0), sd.low) ** 2 > largest:
        allowed = f"{sqrt(largest):.4g}"
        wrong = f"is more than values from {value.min} to {value.max} with the mean {value.mean} allow, {allowed}"
    elif sd.high**2 < least:
        wrong = f"is less than {n} values from {value.min} to {value.max} have at least, {sqrt(least):.4g}"
    message = f"The standard deviation {value.sd} {wrong}." if wrong else "The range allows it."
    yield Outcome(holds=not wrong, message=message)
