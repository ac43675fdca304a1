"""GRIMMER: a standard deviation that n whole numbers with that mean cannot have."""

from collections.abc import Iterator, Mapping
from fractions import Fraction as Exact
from math import ceil, floor

from analysis.concordance.checked import Checked, Found
from analysis.concordance.printed import Span, span
from sap.facts.facts import Fact
from sap.facts.values import Mean

NAME = "standard deviation of whole values (GRIMMER)"
_MOST = 10_000
"""Sums that are tried; a mean of so many values excludes nothing."""


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=holds, message=message)


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
