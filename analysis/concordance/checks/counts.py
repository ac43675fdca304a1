"""Counts: parts of wholes, parts that add up, conditions that must each hold, subjects who are named."""

from collections.abc import Iterator, Mapping

from analysis.concordance.check import Outcome, check, count_of, fraction_of
from sap.facts.facts import Fact
from sap.facts.values import Subjects


@check("part of its whole", about="A part and its whole: never larger, and out of the number it says.")
def part_of_whole(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
            n <= d,
            f"{n} of {d}: a part is not larger than its whole",
            f"{n} of {d}: the part is larger than its whole",
        )
    if found.percent is not None and found.percent > 100:
        yield _found(False, "", f"{found.percent}% of a whole is more than all of it")
    whole = fraction_of(facts[fact.links.part_of]) if fact.links.part_of else None
    if whole is not None and whole.numerator is not None:
        if n is not None:
            at_most = f"{n} is at most the {whole.numerator} of '{fact.links.part_of}'"
            yield _found(
                n <= whole.numerator, at_most, f"{n} is more than the {whole.numerator} of '{fact.links.part_of}'"
            )
        if d is not None:
            known = {whole.numerator, *([] if whole.denominator is None else [whole.denominator])}
            numbers = " or ".join(map(str, sorted(known)))
            right = f"out of {d}, as '{fact.links.part_of}' has it"
            yield _found(d in known, right, f"out of {d}, where '{fact.links.part_of}' gives {numbers}")
    same = fraction_of(facts[fact.links.same_denominator]) if fact.links.same_denominator else None
    if same is not None and d is not None and same.denominator is not None:
        other = f"'{fact.links.same_denominator}'"
        yield _found(
            d == same.denominator,
            f"out of {d}, as {other}",
            f"out of {d}, where {other} is out of {same.denominator}",
        )


def _found(holds: bool, right: str, wrong: str) -> Outcome:
    message = right if holds else wrong
    return Outcome(holds=holds, message=f"{message[0].upper()}{message[1:]}.")


@check("parts add up", about="Counts that should add up.")
def parts_add_up(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether the counts of disjoint parts add up to the count of the whole.

    Where the parts are parts only under a reading of the words, a sum that is off shows that the words need a
    definition; it is then no contradiction.

    References
    ----------
    .. [1] Carlisle JB (2021). False individual patient data and zombie randomised controlled trials submitted to
       Anaesthesia. Anaesthesia 76:472–479 (counts that do not reconcile between places of one report).
    """
    whole = count_of(fact)
    counts = [count_of(facts[part]) for part in fact.links.parts]
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
    yield Outcome(
        holds=holds,
        message=f"{message}.",
        weight="under a reading" if under else "inconsistent",
        recomputes=True,
    )


@check("no more than each of its conditions", about="A count of subjects of whom several things must each be true.")
def no_more_than_conditions(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether a count is at most the count of each condition that its subjects must meet.

    :math:`|A \cap B \cap \dots| \le \min(|A|, |B|, \dots)`, the upper Fréchet bound. Where the conditions follow only
    from a reading of the words, a count that is too high shows that a definition is missing.

    References
    ----------
    .. [1] Fréchet M (1935). Généralisation du théorème des probabilités totales. Fundamenta Mathematicae 25:379–387.
    """
    n = count_of(fact)
    found = {name: count_of(facts[name]) for name in fact.links.requires}
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
    yield Outcome(holds=holds, message=message, weight="under a reading" if under else "inconsistent")


@check("number of those named", about="Subjects who are named, and how many they are said to be.")
def number_named(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
        yield Outcome(holds=False, message=f"{', '.join(twice)} named twice.")
    if value.numerator is not None:
        n = len(set(names))
        message = f"{n} named" + ("." if n == value.numerator else f", {value.numerator} counted.")
        yield Outcome(holds=n == value.numerator, message=message, recomputes=True)
