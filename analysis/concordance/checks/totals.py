"""Counts that should add up."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found, counted
from sap.facts.facts import Fact

NAME = "parts add up"


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
    """Yield whether the counts of disjoint parts add up to the count of the whole.

    Where the parts are parts only under a reading of the words, a sum that is off shows that the words need a
    definition; it is then no contradiction.

    References
    ----------
    .. [1] Carlisle JB (2021). False individual patient data and zombie randomised controlled trials submitted to
       Anaesthesia. Anaesthesia 76:472–479 (counts that do not reconcile between places of one report).
    """
    whole = counted(fact)
    counts = [counted(facts[part]) for part in fact.links.parts]
    if whole is None or not counts or None in counts:
        return
    numbers = [c for c in counts if c is not None]
    total = sum(numbers)
    holds = total == whole
    terms = " + ".join(f"{n} ('{part}')" for n, part in zip(numbers, fact.links.parts, strict=True))
    message = f"{terms} = {total}" + ("" if holds else f", not {whole}")
    under = fact.links.under
    if under and not holds:
        message += f", if {under}: the paper does not say how the words are meant"
    yield Checked(
        fact=fact.id,
        check=NAME,
        holds=holds,
        message=f"{message}.",
        weight="under a reading" if under else "inconsistent",
        recomputes=True,
    )
