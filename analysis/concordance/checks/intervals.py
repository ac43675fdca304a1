"""Confidence intervals: around their estimate, of their method, and given at all."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction as Exact
from itertools import islice
from typing import Final

from analysis.concordance.check import Outcome, Weight, check, fraction_of
from analysis.concordance.printed import Span, decimals, percent, rounded, span
from analysis.concordance.usual_intervals import (
    USUAL,
    UsualInterval,
    clopper_pearson_95,
    intervals_named,
    limits_of_mean,
    limits_text,
    matching,
)
from sap.facts.facts import Fact
from sap.facts.values import Fraction, Interval, Mean, Median

_OTHER_LEVELS: Final = (80, 90, 95, 99)
_MOST_COUNTS: Final = 100
"""Counts that may stand behind a percentage; where there are more, the interval is not held."""
_MOST_NAMED: Final = 4
_NORMAL: Final = "the normal distribution"
_STUDENT: Final = "Student's t"
_QUANTILES: Final = {"t": _STUDENT, "student": _STUDENT, "normal": _NORMAL, "z": _NORMAL, "wald": _NORMAL}


@check("confidence interval around its estimate", about="A confidence interval that does not hold its own estimate.")
def interval_around_estimate(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether a confidence interval runs upwards, holds its estimate and, of a percentage, keeps to 0 to 100.

    Every usual interval of a proportion, a mean or a median holds the estimate, but for Jeffreys' without its boundary
    rule where none or all had the event. Printed numbers stand for everything that rounds to them; a percentage with
    its fraction is taken from the fraction.

    References
    ----------
    .. [1] Altman DG, Machin D, Bryant TN, Gardner MJ (2000). Statistics with confidence, 2nd edition, chapter 3.
    """
    value = fraction_of(fact) or fact.value
    if not isinstance(value, Fraction | Median | Mean) or value.interval is None:
        return
    low, high = value.interval.low, value.interval.high
    percent = isinstance(value, Fraction)
    unit = "%" if percent else ""
    shown = f"{low}{unit} to {high}{unit}"
    estimate, named = _estimate(value)
    wrong = ""
    if low > high:
        wrong = f"The confidence interval runs from {low}{unit} down to {high}{unit}."
    elif percent and (low < 0 or high > 100):
        wrong = f"The confidence interval is {shown}, and a percentage lies between 0 and 100."
    elif estimate is not None and not estimate.meets(Span(span(low).low, span(high).high)) and not _at_edge(value):
        wrong = f"The estimate, {named}, lies outside its confidence interval, {shown}."
    yield Outcome(holds=not wrong, message=wrong or "The confidence interval holds its estimate.")


def _at_edge(value: Fraction | Median | Mean) -> bool:
    """Return whether it is an interval that leaves out an estimate of 0% or 100%, as one of the usual ones does."""
    if not isinstance(value, Fraction) or value.interval is None or value.denominator is None:
        return False
    x = value.numerator
    return x is not None and x in {0, value.denominator} and bool(matching(value.interval, x, value.denominator))


def _estimate(value: Fraction | Median | Mean) -> tuple[Span | None, str]:
    """Return what an interval should hold, and how it is printed."""
    if isinstance(value, Fraction):
        if value.numerator is not None and value.denominator is not None:
            exact = Exact(100 * value.numerator, value.denominator)
            return Span(exact, exact), f"{value.numerator} of {value.denominator} ({percent(exact, 1)})"
        return (None, "") if value.percent is None else (span(value.percent), f"{value.percent}%")
    middle = value.median if isinstance(value, Median) else value.mean
    return span(middle), f"{middle}"


@check("confidence interval of its method", about="A confidence interval that its method does not give.")
def interval_of_method(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
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
    yield from (_proportion(value, value.interval) if isinstance(value, Fraction) else _mean(value, value.interval))


def _proportion(value: Fraction, printed: Interval) -> Iterator[Outcome]:
    counts = list(islice(_counts(value), _MOST_COUNTS + 1))
    among = intervals_named(printed.method) if printed.method else USUAL
    if not 0 < len(counts) <= _MOST_COUNTS or not among:
        return
    for x, n in counts:
        if found := matching(printed, x, n, among):
            message = f"{_words(found)} gives this interval for {x} of {n}"
            message += "." if printed.method else "; the paper does not name its method."
            yield Outcome(holds=True, message=message, recomputes=True)
            return
    x, n = counts[0]
    level = float(printed.level) / 100
    interval = f"{printed.low}% to {printed.high}%"
    gives = limits_text(among[0], x, n, level, max(1, decimals(printed.low), decimals(printed.high)))
    hint = _instead(printed, x, n)
    if printed.method:
        message = f"{among[0].name} gives {gives} for {x} of {n} ({printed.level}%), not {interval}.{hint}"
    else:
        message = f"No usual method gives {interval} for {x} of {n} at {printed.level}% ({among[0].name}: {gives})"
        message += f", and the paper does not name its method.{hint}"
    weight: Weight = "inconsistent" if printed.method else "not stated"
    yield Outcome(holds=False, message=message, weight=weight)


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
        found = matching(printed.model_copy(update={"level": level}), x, n)
        if found:
            return f" It is the {level}% interval by {_words(found)}."
    return ""


def _words(found: tuple[UsualInterval, ...]) -> str:
    """Return the names of some intervals; of many, the first: large samples do not tell them apart."""
    names = [u.name for u in found]
    if len(names) > _MOST_NAMED:
        return f"{names[0]}, like {len(names) - 1} others,"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _mean(value: Mean, printed: Interval) -> Iterator[Outcome]:
    words = set(re.split(r"[^a-z]+", printed.method.casefold()))
    meant = {name for word, name in _QUANTILES.items() if word in words}
    spans = limits_of_mean(value, float(printed.level) / 100)
    among = {name: limits for name, limits in spans.items() if name in meant or not printed.method}
    if not among:
        return
    found = [n for n, (a, b) in among.items() if a.meets(span(printed.low)) and b.meets(span(printed.high))]
    if found:
        message = f"Mean, deviation and n give this interval by {' or '.join(found)}."
        yield Outcome(holds=True, message=message, recomputes=True)
        return
    name, limits = next(iter(among.items()))
    gives = " to ".join(rounded((s.low + s.high) / 2, decimals(value.mean) + 1) for s in limits)
    message = f"{value.mean} ± {value.sd} of {value.n} has the {printed.level}% interval {gives} by {name}"
    message += f", not {printed.low} to {printed.high}"
    message += "." if printed.method else "; the paper does not name its method."
    weight: Weight = "inconsistent" if printed.method else "not stated"
    yield Outcome(holds=False, message=message, weight=weight)


@check("proportion with its confidence interval", about="A proportion without its confidence interval.")
def interval_stated(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether a proportion is given with its confidence interval, there or where it is said again.

    Of statements of the kind `proportion`, which estimate a rate; a share of the sample, as of women, is a `count`.
    Where the percentage contradicts its own fraction, nothing is said: an interval of which of the two is open.

    References
    ----------
    .. [1] Lang TA, Altman DG (2013). Basic statistical reporting for articles published in biomedical journals: the
    SAMPL guidelines (the precision of each estimate).
    .. [2] Schulz KF, Altman DG, Moher D (2010). CONSORT 2010 statement, item 17a: the estimate and its precision, such
    as 95% confidence interval. BMJ 340:c332.
    """
    found = fraction_of(fact)
    if fact.kind != "proportion" or found is None:
        return
    n, d, percent = found.numerator, found.denominator, found.percent
    whole = n is not None and d is not None and n <= d
    if whole and percent is not None and not span(percent).holds(Exact(100 * (n or 0), d or 1)):
        return
    again = [f for f in facts.values() if f.links.repeats == fact.id or f.id == fact.links.repeats]
    holds = any(one.interval is not None for f in (fact, *again) if (one := fraction_of(f)) is not None)
    message = "Its confidence interval is given."
    if not holds:
        shown = f"{n} of {d}" if whole else f"{percent}%" if percent is not None else f"{n}"
        message = f"{shown} is given without a confidence interval"
        message += f"; {clopper_pearson_95(n or 0, d or 1)}." if whole else "."
    yield Outcome(holds=holds, message=message, weight="not stated")
