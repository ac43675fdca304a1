"""The same thing said in two places: abstract and text, text and figure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction as Exact
from typing import Final

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import span
from sap.fact_values import Comparison, Fraction
from sap.facts import Fact

NAME = "said twice"
_PARTS: Final = ("numerator", "denominator", "percent", "median", "mean", "sd", "min", "max", "n", "p", "p_less_than")

_NAMES: Final = {"numerator": "count", "denominator": "out of", "p_less_than": "p <", "p": "p ="}


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
    """Yield whether a statement agrees with the one that it repeats, in each value that both give.

    Printed numbers agree when some value rounds to both, so that 50.5 and 50.53 do. Groups of a comparison agree by
    their sizes where both give them, by their names otherwise.

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
    wrong = [words for holds, words in compared if not holds]
    message = f"{'; '.join(wrong)} in {place}." if wrong else f"As in {place}."
    yield Checked(fact=fact.id, check=NAME, holds=not wrong, message=message, recomputes=True)


def _compared(fact: Fact, other: Fact) -> Iterator[tuple[bool, str]]:
    one, two = fraction_of(fact) or fact.value, fraction_of(other) or other.value
    for part in _PARTS:
        a, b = getattr(one, part, None), getattr(two, part, None)
        if a is not None and b is not None:
            yield _same(a, b), f"{_NAMES.get(part, part)} {a} here, {b}"
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        yield from _crossed(one, two)
        yield from _crossed(two, one)
    if isinstance(one, Comparison) and isinstance(two, Comparison) and one.groups and two.groups:
        yield _same_groups(one, two), f"{_shown(one)} here, {_shown(two)}"


def _same(a: Decimal | int, b: Decimal | int) -> bool:
    return span(a).meets(span(b)) if isinstance(a, Decimal) and isinstance(b, Decimal) else a == b


def _crossed(one: Fraction, two: Fraction) -> Iterator[tuple[bool, str]]:
    """Yield whether a percentage alone and a fraction alone agree."""
    if one.percent is not None and two.percent is None and two.numerator is not None and two.denominator is not None:
        exact = Exact(100 * two.numerator, two.denominator)
        yield span(one.percent).holds(exact), f"{one.percent}% and {two.numerator} of {two.denominator}"


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
