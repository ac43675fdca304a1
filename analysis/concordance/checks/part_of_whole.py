"""A part and its whole: never larger, and out of the number it says."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found, fraction_of
from sap.facts.facts import Fact

NAME = "part of its whole"


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
    """Yield whether a count is at most what it is out of, and at most the count of which it is a part.

    A part of another statement is out of that statement's count ("5 of them"), or out of the same number as it.

    References
    ----------
    .. [1] Schulz KF, Altman DG, Moher D (2010). CONSORT 2010 statement, item 16: the denominator of each count.
       BMJ 340:c332.
    """
    found = fraction_of(fact)
    if found is None:
        return
    n, d = found.numerator, found.denominator
    if n is not None and d is not None:
        yield _found(
            fact,
            n <= d,
            f"{n} of {d}: a part is not larger than its whole",
            f"{n} of {d}: the part is larger than its whole",
        )
    if found.percent is not None and found.percent > 100:
        yield _found(fact, False, "", f"{found.percent}% of a whole is more than all of it")
    whole = fraction_of(facts[fact.links.part_of]) if fact.links.part_of else None
    if whole is not None and whole.numerator is not None:
        if n is not None:
            at_most = f"{n} is at most the {whole.numerator} of '{fact.links.part_of}'"
            yield _found(
                fact, n <= whole.numerator, at_most, f"{n} is more than the {whole.numerator} of '{fact.links.part_of}'"
            )
        if d is not None:
            known = {whole.numerator, *([] if whole.denominator is None else [whole.denominator])}
            numbers = " or ".join(map(str, sorted(known)))
            right = f"out of {d}, as '{fact.links.part_of}' has it"
            yield _found(fact, d in known, right, f"out of {d}, where '{fact.links.part_of}' gives {numbers}")
    same = fraction_of(facts[fact.links.same_denominator]) if fact.links.same_denominator else None
    if same is not None and d is not None and same.denominator is not None:
        other = f"'{fact.links.same_denominator}'"
        yield _found(
            fact,
            d == same.denominator,
            f"out of {d}, as {other}",
            f"out of {d}, where {other} is out of {same.denominator}",
        )


def _found(fact: Fact, holds: bool, right: str, wrong: str) -> Checked:
    message = right if holds else wrong
    return Checked(fact=fact.id, check=NAME, holds=holds, message=f"{message[0].upper()}{message[1:]}.")
