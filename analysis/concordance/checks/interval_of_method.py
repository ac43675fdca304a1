"""A confidence interval that its method does not give."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from analysis.concordance.checked import Checked, Found, Weight, fraction_of
from analysis.concordance.printed import decimals, rounded, span
from analysis.concordance.usual_intervals import USUAL, Usual, giving, named, of_mean, shown
from sap.facts.facts import Fact
from sap.facts.values import Fraction, Interval, Mean

NAME = "confidence interval of its method"
_OTHER_LEVELS: Final = (80, 90, 95, 99)
_MOST_COUNTS: Final = 100
"""Counts that may stand behind a percentage; where there are more, the interval is not held."""
_MOST_NAMED: Final = 4
_NORMAL: Final = "the normal distribution"
_STUDENT: Final = "Student's t"
_QUANTILES: Final = {"t": _STUDENT, "student": _STUDENT, "normal": _NORMAL, "z": _NORMAL, "wald": _NORMAL}


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
    r"""Yield whether a printed interval of x among n, or of a mean, is one that its method gives, to its digits.

    Of proportions: Clopper–Pearson (at x = 0 and x = n also one-sided), Wilson and Wald (each also with continuity
    correction), Agresti–Coull, Jeffreys, mid-P, Blaker and logit; where the count is not printed, any that gives the
    percentage. Of means: :math:`\bar x \pm q\,s/\sqrt n` with the quantile of Student's t or of the normal. A method
    that is named and gives another interval is a contradiction. Where none is named and some gives it, it is said
    which; where none gives it, the interval may yet be right (adjusted for stages, strata or clusters, by bootstrap,
    Bayesian), so that what is missing is the name of the method. A named method of another kind is not held.

    References
    ----------
    .. [1] Newcombe RG (1998). Two-sided confidence intervals for the single proportion: comparison of seven methods.
    Stat Med 17:857–872.
    .. [2] Brown LD, Cai TT, DasGupta A (2001). Interval estimation for a binomial proportion. Stat Sci 16:101–133.
    """
    value = fraction_of(fact) or fact.value
    if not isinstance(value, Fraction | Mean) or value.interval is None or value.interval.low > value.interval.high:
        return
    yield from (
        _proportion(fact, value, value.interval) if isinstance(value, Fraction) else _mean(fact, value, value.interval)
    )


def _proportion(fact: Fact, value: Fraction, printed: Interval) -> Iterator[Checked]:
    counts = list(islice(_counts(value), _MOST_COUNTS + 1))
    among = named(printed.method) if printed.method else USUAL
    if not 0 < len(counts) <= _MOST_COUNTS or not among:
        return
    for x, n in counts:
        if found := giving(printed, x, n, among):
            message = f"{_words(found)} gives this interval for {x} of {n}"
            message += "." if printed.method else "; the paper does not name its method."
            yield Checked(fact=fact.id, check=NAME, holds=True, message=message, recomputes=True)
            return
    x, n = counts[0]
    level = float(printed.level) / 100
    interval = f"{printed.low}% to {printed.high}%"
    gives = shown(among[0], x, n, level, max(1, decimals(printed.low), decimals(printed.high)))
    hint = _instead(printed, x, n)
    if printed.method:
        message = f"{among[0].name} gives {gives} for {x} of {n} ({printed.level}%), not {interval}.{hint}"
    else:
        message = f"No usual method gives {interval} for {x} of {n} at {printed.level}% ({among[0].name}: {gives})"
        message += f", and the paper does not name its method.{hint}"
    weight: Weight = "inconsistent" if printed.method else "not stated"
    yield Checked(fact=fact.id, check=NAME, holds=False, message=message, weight=weight)


def _counts(value: Fraction) -> Iterator[tuple[int, int]]:
    """Yield the count and the number it is out of; every count that gives the percentage where none is printed."""
    if value.denominator is None:
        return
    n = value.denominator
    if value.numerator is not None:
        if value.numerator <= n:
            yield value.numerator, n
    elif value.percent is not None:
        yield from ((x, n) for x in span(value.percent).counts(n))


def _instead(printed: Interval, x: int, n: int) -> str:
    """Return by which usual method, or at which other level, the same counts give the interval."""
    for level in sorted(_OTHER_LEVELS, key=lambda one: abs(one - float(printed.level))):
        found = giving(printed.model_copy(update={"level": level}), x, n)
        if found:
            return f" It is the {level}% interval by {_words(found)}."
    return ""


def _words(found: tuple[Usual, ...]) -> str:
    """Return the names of some intervals; of many, the first: large samples do not tell them apart."""
    names = [u.name for u in found]
    if len(names) > _MOST_NAMED:
        return f"{names[0]}, like {len(names) - 1} others,"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _mean(fact: Fact, value: Mean, printed: Interval) -> Iterator[Checked]:
    words = set(re.split(r"[^a-z]+", printed.method.casefold()))
    meant = {name for word, name in _QUANTILES.items() if word in words}
    spans = of_mean(value, float(printed.level) / 100)
    among = {name: limits for name, limits in spans.items() if name in meant or not printed.method}
    if not among:
        return
    found = [n for n, (a, b) in among.items() if a.meets(span(printed.low)) and b.meets(span(printed.high))]
    if found:
        message = f"Mean, deviation and n give this interval by {' or '.join(found)}."
        yield Checked(fact=fact.id, check=NAME, holds=True, message=message, recomputes=True)
        return
    name, limits = next(iter(among.items()))
    gives = " to ".join(rounded((s.low + s.high) / 2, decimals(value.mean) + 1) for s in limits)
    message = f"{value.mean} ± {value.sd} of {value.n} has the {printed.level}% interval {gives} by {name}"
    message += f", not {printed.low} to {printed.high}"
    message += "." if printed.method else "; the paper does not name its method."
    weight: Weight = "inconsistent" if printed.method else "not stated"
    yield Checked(fact=fact.id, check=NAME, holds=False, message=message, weight=weight)
