"""Subjects who are named, and how many they are said to be."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found
from sap.facts.facts import Fact
from sap.facts.values import Subjects

NAME = "number of those named"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    """Yield whether as many subjects are named as are counted, and none twice.

    References
    ----------
    .. [1] Schulz KF, Altman DG, Moher D (2010). CONSORT 2010 statement, item 16: numbers analysed. BMJ 340:c332.
    """
    value = fact.value
    if not isinstance(value, Subjects):
        return
    names = value.subjects
    twice = sorted({s for s in names if names.count(s) > 1})
    if twice:
        yield Checked(fact=fact.id, check=NAME, holds=False, message=f"{', '.join(twice)} named twice.")
    if value.numerator is not None:
        n = len(set(names))
        message = f"{n} named" + ("." if n == value.numerator else f", {value.numerator} counted.")
        yield Checked(fact=fact.id, check=NAME, holds=n == value.numerator, message=message, recomputes=True)
