"""A proportion without its confidence interval."""

from collections.abc import Mapping
from fractions import Fraction as Exact

from analysis.concordance.checked import Checked, Found, fraction_of
from analysis.concordance.printed import span
from analysis.concordance.usual_intervals import clopper_pearson_95
from sap.facts.facts import Fact

NAME = "proportion with its confidence interval"


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=holds, message=message, weight="not stated")
