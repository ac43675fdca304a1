"""A p-value: possible, of a test that is named, and within reach of the groups."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction as Exact
from math import comb
from typing import Final

from analysis.concordance.checked import Checked, Found, Weight
from analysis.concordance.printed import span
from sap.fact_values import Comparison
from sap.facts import Fact

NAME = "p-value of a named test"
REACH = "p-value within reach"
_EXACT: Final = re.compile(r"exact|permutation|randomi[sz]ation", re.IGNORECASE)


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether a p-value lies between 0 and 1, is of a named test, and is one that the sizes of the groups allow.

    A two-sided exact test of two groups by ranks or permutations gives at least :math:`2/\binom{n_1+n_2}{n_1}`. Of a
    test that is called exact, a smaller p is a contradiction; where the test is not named, or not called exact, the
    reader must be told which it was.

    References
    ----------
    .. [1] Lang TA, Altman DG (2013). Basic statistical reporting for articles published in biomedical journals: the
    SAMPL guidelines (the name of the test beside each p-value).
    .. [2] Lehmann EL (1975). Nonparametrics: statistical methods based on ranks, chapter 1.
    """
    value = fact.value
    if not isinstance(value, Comparison) or (printed := _printed(value)) is None:
        return
    sign, p = printed
    if p < 0 or p > 1 or (p == 0 and value.p_less_than is not None):
        yield Checked(fact=fact.id, check=REACH, holds=False, message=f"p {sign} {p} is no probability.")
        return
    named = f"The test is {value.test}." if value.test else f"p {sign} {p} is given and the test is not named."
    yield Checked(fact=fact.id, check=NAME, holds=bool(value.test), message=named, weight="not stated")
    yield from _reach(fact, value, p, f"p {sign} {p}")


def _printed(value: Comparison) -> tuple[str, Decimal] | None:
    if value.p is not None:
        return "=", value.p
    return None if value.p_less_than is None else ("<", value.p_less_than)


def _reach(fact: Fact, value: Comparison, p: Decimal, shown: str) -> Found:
    sizes = [g.n for g in value.groups if g.n is not None]
    if len(sizes) != 2 or len(value.groups) != 2:
        return
    n1, n2 = sizes
    least = min(Exact(1), Exact(2, comb(n1 + n2, n1)))
    highest = span(p).high if value.p is not None else Exact(p)
    holds = highest > least if value.p is None else highest >= least
    exact = bool(_EXACT.search(value.test))
    weight: Weight = "inconsistent" if exact else "not stated"
    message = f"With {n1} v {n2} a two-sided exact test can give p as small as {float(least):.3g}."
    if not holds:
        test = f"the {value.test}" if exact else "an exact two-sided rank test"
        message = f"With {n1} v {n2}, {test} cannot give {shown}: its smallest p is {float(least):.3g}."
    yield Checked(fact=fact.id, check=REACH, holds=holds, message=message, weight=weight)
