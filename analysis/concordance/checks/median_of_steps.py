"""A median that values on a grid cannot have."""

from collections.abc import Mapping
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found
from analysis.concordance.printed import span
from sap.facts.facts import Fact
from sap.facts.values import Median

NAME = "median of whole values"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=not wrong, message=message[0].upper() + message[1:])
