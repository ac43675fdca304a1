"""A count of subjects of whom several things must each be true."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found, counted
from sap.facts.facts import Fact

NAME = "no more than each of its conditions"


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether a count is at most the count of each condition that its subjects must meet.

    :math:`|A \cap B \cap \dots| \le \min(|A|, |B|, \dots)`, the upper Fréchet bound. Where the conditions follow only
    from a reading of the words, a count that is too high shows that a definition is missing.

    References
    ----------
    .. [1] Fréchet M (1935). Généralisation du théorème des probabilités totales. Fundamenta Mathematicae 25:379–387.
    """
    n = counted(fact)
    found = {name: counted(facts[name]) for name in fact.links.requires}
    counts = {name: c for name, c in found.items() if c is not None}
    if n is None or not counts:
        return
    least = min(counts.values())
    holds = n <= least
    scarce = " and ".join(f"'{name}'" for name, c in counts.items() if c == least)
    message = f"{n} is at most the {least} of {scarce}."
    under = fact.links.under
    if not holds:
        message = f"{n} are counted, and only {least} in {scarce}"
        message += f". If {under}, it is true of at most {least}; the paper gives no definition." if under else "."
    yield Checked(
        fact=fact.id, check=NAME, holds=holds, message=message, weight="under a reading" if under else "inconsistent"
    )
