"""A percentage without its count, printed to more digits than its number of subjects has."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import decimals
from sap.facts.facts import Fact

NAME = "digits of a percentage"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=enough, message=message, weight="too precise")
