"""The same thing said in two places of a paper."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction as Exact
from typing import Final

from analysis.concordance.check import Outcome, check, fraction_of
from analysis.concordance.printed import decimals, percent, span
from sap.facts.facts import Fact
from sap.facts.values import Comparison, Fraction

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "numerator": ("the count is ", ""),
    "denominator": ("it is out of ", ""),
    "percent": ("the percentage is ", "%"),
    "median": ("the median is ", ""),
    "mean": ("the mean is ", ""),
    "sd": ("the standard deviation is ", ""),
    "min": ("the smallest value is ", ""),
    "max": ("the largest value is ", ""),
    "n": ("the number of values is ", ""),
    "p": ("the p-value is ", ""),
    "p_less_than": ("the p-value is below ", ""),
}
"""What is said of each part of a value, before and after its number."""
Said = tuple[bool, str, str, str]
"""Whether two places agree in one thing; its name; what it is in the one, and in the other."""


@check("said twice", about="The same thing said in two places: abstract and text, text and figure.")
def said_twice(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether a statement agrees with the one that it repeats, in each value that both give.

    Printed numbers agree when some value rounds to both, so that 50.5 and 50.53 do. Groups of a comparison agree by
    their sizes where both give them, by their names otherwise. Where one of the two is concluded from the paper and not
    printed in it, a difference may come of the reading; it is then no contradiction.

    References
    ----------
    .. [1] Pitkin RM, Branagan MA, Burmeister LF (1999). Accuracy of data in abstracts of published research articles.
    JAMA 281:1110–1111.
    """
    if fact.links.repeats is None:
        return
    other = facts[fact.links.repeats]
    compared = list(_compared(fact, other))
    if not compared:
        return
    place = f"'{other.id}' ({other.place})"
    wrong = [(name, one, two) for holds, name, one, two in compared if not holds]
    message = f"As in {place}."
    reading = _reading(fact, other)
    if wrong:
        told = [
            f"{name}{one} here and {two} {'there' if i else f'in {place}'}" for i, (name, one, two) in enumerate(wrong)
        ]
        words = "; ".join(told)
        message = f"{words[0].upper()}{words[1:]}{f', if {reading}' if reading else ''}."
    yield Outcome(
        holds=not wrong,
        message=message,
        weight="under a reading" if reading else "inconsistent",
        recomputes=True,
    )


def _reading(fact: Fact, other: Fact) -> str:
    """Return the reading on which a difference rests; empty where both are printed."""
    if fact.links.under:
        return fact.links.under
    read = [name for one, name in ((fact, "this"), (other, "that")) if one.basis == "read"]
    return f"{' and '.join(read)} is read rightly from the paper, which does not print it" if read else ""


def _compared(fact: Fact, other: Fact) -> Iterator[Said]:
    one, two = fraction_of(fact) or fact.value, fraction_of(other) or other.value
    for part, (before, after) in _SAID.items():
        a, b = getattr(one, part, None), getattr(two, part, None)
        if a is not None and b is not None:
            yield _same(a, b), before, f"{a}{after}", f"{b}{after}"
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        yield from _crossed(one, two)
        yield from ((holds, name, b, a) for holds, name, a, b in _crossed(two, one))
        if one.interval is not None and two.interval is not None and one.interval.level == two.interval.level:
            for limit in ("low", "high"):
                a, b = getattr(one.interval, limit), getattr(two.interval, limit)
                yield (
                    _same(a, b),
                    f"the {'lower' if limit == 'low' else 'upper'} confidence limit is ",
                    f"{a}%",
                    f"{b}%",
                )
    if isinstance(one, Comparison) and isinstance(two, Comparison) and one.groups and two.groups:
        yield _same_groups(one, two), "the comparison is of ", _shown(one), _shown(two)


def _same(a: Decimal | int, b: Decimal | int) -> bool:
    return span(a).meets(span(b)) if isinstance(a, Decimal) and isinstance(b, Decimal) else a == b


def _crossed(one: Fraction, two: Fraction) -> Iterator[Said]:
    """Yield whether a percentage alone and a fraction alone agree."""
    if one.percent is not None and two.percent is None and two.numerator is not None and two.denominator is not None:
        exact = Exact(100 * two.numerator, two.denominator)
        fraction = f"{two.numerator} of {two.denominator}, {percent(exact, max(1, decimals(one.percent)))},"
        yield span(one.percent).holds(exact), "it is ", f"{one.percent}%", fraction


def _same_groups(one: Comparison, two: Comparison) -> bool:
    sizes, others = _sizes(one), _sizes(two)
    return _names(one) == _names(two) if sizes is None or others is None else sizes == others


def _sizes(value: Comparison) -> tuple[int | None, ...] | None:
    sizes = tuple(g.n for g in value.groups)
    return None if None in sizes else sizes


def _names(value: Comparison) -> frozenset[str]:
    return frozenset(g.label for g in value.groups)


def _shown(value: Comparison) -> str:
    return " against ".join(f"{g.label} ({g.n})" if g.n is not None else g.label for g in value.groups)
