"""A standard deviation that the range does not allow."""

from collections.abc import Mapping
from fractions import Fraction as Exact
from math import sqrt

from analysis.concordance.checked import Checked, Found
from analysis.concordance.printed import span
from sap.facts.facts import Fact
from sap.facts.values import Mean

NAME = "standard deviation within its range"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
        yield Checked(fact=fact.id, check=NAME, holds=False, message=f"The standard deviation {value.sd} is negative.")
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
    yield Checked(fact=fact.id, check=NAME, holds=not wrong, message=message)
