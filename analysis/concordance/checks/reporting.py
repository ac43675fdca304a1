"""What must stand beside a result: of an endpoint, a p-value, a median follow-up, an abstract."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction as Exact
from math import comb
from typing import Final

from analysis.concordance.check import Outcome, Weight, check
from analysis.concordance.printed import decimals, span
from sap.facts.facts import Fact
from sap.facts.values import Comparison, Endpoint, FollowUp

REACH = "p-value within reach"
_MANY: Final = 1000
"""Size of the smaller group from which on an exact test reaches any p-value that is printed."""
_ANY: Final = Exact(1, 10**300)
_EXACT: Final = re.compile(r"exact|permutation|randomi[sz]ation", re.IGNORECASE)
_OF_RANKS: Final = re.compile(r"(?<!log)(?<!log-)(?<!log )rank|wilcoxon|mann|kruskal", re.IGNORECASE)
_ONE_SIDED: Final = re.compile(r"one[- ](sided|tailed)", re.IGNORECASE)
_OWN_ARTICLE: Final = re.compile(r"(an?|the)\s|\w+(['’]s|s['’])\s", re.IGNORECASE)
_ABSTRACT: Final = frozenset({"abstract", "summary", "synopsis"})
_RESULTS: Final = frozenset(
    {"count", "proportion", "subjects", "median_range", "follow_up", "mean_sd", "range", "comparison"}
) | {"dose", "endpoint"}
"""Kinds whose values a reader must find in the paper; background, interpretation and words without a number are not."""


@check("endpoint with a result", about="An endpoint that is named and has no result.")
def endpoint_with_result(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether a primary or secondary endpoint has its result somewhere in the paper.

    References
    ----------
    .. [1] Schulz KF, Altman DG, Moher D (2010). CONSORT 2010 statement, items 6a and 17a: each outcome is defined, and
    its result is given with its precision. BMJ 340:c332.
    """
    value = fact.value
    if not isinstance(value, Endpoint) or value.rank == "exploratory":
        return
    message = f"Its result is '{value.result}'."
    if value.result is None:
        message = f"The {value.rank} endpoint is named ({value.endpoint}) and its result is not reported."
    yield Outcome(holds=value.result is not None, message=message, weight="not stated")


@check(
    "p-value of a named test",
    REACH,
    about="A p-value: possible, of a test that is named, and within reach of the groups.",
)
def p_value(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    r"""Yield whether a p-value lies between 0 and 1, is of a named test, and is one that the sizes of the groups allow.

    No p-value is 0, whatever the test: one printed as 0.000 is below 0.0005 and should say so. An exact test of two
    groups by ranks, by permutations or by Fisher's table gives each arrangement at least
    :math:`1/\binom{n_1+n_2}{n_1}`; a two-sided one twice that where the groups are of one size, and, by ranks without
    ties, always. Of a test that is called exact, a smaller p is a contradiction; where only ties would allow it, or the
    test is not named or not called exact, it is one under that reading.

    References
    ----------
    .. [1] Lang TA, Altman DG (2013). Basic statistical reporting for articles published in biomedical journals: the
    SAMPL guidelines (the name of the test beside each p-value).
    .. [2] Lehmann EL (1975). Nonparametrics: statistical methods based on ranks, chapter 1.
    """
    value = fact.value
    if not isinstance(value, Comparison) or (printed := _printed(value)) is None:
        return
    sign, p = printed
    impossible = _impossible(value, sign, p)
    if impossible:
        yield Outcome(check=REACH, holds=False, message=impossible)
        if p != 0 or sign == "<":
            return
    named = f"The test is {value.test}." if value.test else f"p {sign} {p} is given and the test is not named."
    yield Outcome(holds=bool(value.test), message=named, weight="not stated")
    if not impossible:
        yield from _reach(value, p, f"p {sign} {p}")


def _impossible(value: Comparison, sign: str, p: Decimal) -> str:
    """Return why a number is no p-value of any test; empty where it can be one."""
    if p < 0 or p > 1 or (p == 0 and value.p is None):
        return f"p {sign} {p} is no probability."
    if p == 0:
        limit = Decimal(1).scaleb(-decimals(p)) if decimals(p) else Decimal("0.001")
        return f"p = {p} is printed, and no test gives p = 0: it should be p < {limit}."
    return ""


def _printed(value: Comparison) -> tuple[str, Decimal] | None:
    if value.p is not None:
        return "=", value.p
    return None if value.p_less_than is None else ("<", value.p_less_than)


def _reach(value: Comparison, p: Decimal, shown: str) -> Iterator[Outcome]:
    sizes = [g.n for g in value.groups if g.n is not None]
    if len(sizes) != 2 or len(value.groups) != 2:
        return
    n1, n2 = sizes
    exact, ranks = bool(_EXACT.search(value.test)), bool(_OF_RANKS.search(value.test))
    sides = 1 if _ONE_SIDED.search(value.test) else 2
    one = Exact(1, comb(n1 + n2, min(n1, n2))) if min(n1, n2) < _MANY else Exact(0)
    if one < _ANY:
        return
    never = min(Exact(1), one * (sides if n1 == n2 else 1))
    untied = min(Exact(1), one * sides) if ranks or not exact else never
    holds, possible = _reaches(value, p, untied), _reaches(value, p, never)
    weight: Weight = "inconsistent" if exact and not possible else "under a reading"
    side = {1: "one-sided", 2: "two-sided"}[sides]
    message = f"With {n1} v {n2} a {side} exact test can give p as small as {float(untied):.3g}."
    if not holds and exact:
        tied = f", or {float(never):.3g} with ties" if never < untied else ""
        given = f"{shown} without ties" if possible else shown
        message = f"With {n1} v {n2}, {_with_article(value.test)} cannot give {given}: "
        message += f"its smallest p is {float(untied):.3g}{tied}."
    elif not holds:
        message = f"If the test is an exact {side} one of ranks without ties, {n1} v {n2} cannot give {shown}: "
        message += f"its smallest p is {float(untied):.3g}."
    yield Outcome(check=REACH, holds=holds, message=message, weight=weight)


def _reaches(value: Comparison, p: Decimal, least: Exact) -> bool:
    return span(p).high >= least if value.p is not None else Exact(p) > least


def _with_article(test: str) -> str:
    """Return the name of a test as it stands in a sentence: a possessive needs no article."""
    return test if _OWN_ARTICLE.match(test) else f"the {test}"


@check("median follow-up with its method", about="A median follow-up without its method.")
def follow_up_with_method(fact: Fact, _facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether the paper says how the median follow-up was computed.

    The median of the observed times counts the dead as followed until they died; the reverse Kaplan–Meier estimate does
    not. The two can differ by a factor.

    References
    ----------
    .. [1] Schemper M, Smith TL (1996). A note on quantifying follow-up in studies of failure time. Control Clin Trials
       17:343–346.
    """
    value = fact.value
    if not isinstance(value, FollowUp):
        return
    message = f"Computed by {value.method}."
    if not value.method:
        message = f"The median follow-up of {value.median} {value.unit}".rstrip()
        message += (
            " is given without its method: the median of the observed times and the reverse Kaplan–Meier median differ."
        )
    yield Outcome(holds=bool(value.method), message=message, weight="not stated")


@check("result outside the abstract", about="A result that the abstract gives and the paper itself does not.")
def result_outside_abstract(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    """Yield whether what the abstract states of results, doses and endpoints stands in the body of the paper too.

    It does where one of its places, a statement that it repeats or that repeats it, or the result of the endpoint lies
    outside the abstract. Where every statement is of the abstract, the body was not read, and nothing is said.

    References
    ----------
    .. [1] Pitkin RM, Branagan MA, Burmeister LF (1999). Accuracy of data in abstracts of published research articles.
    JAMA 281:1110–1111.
    """
    if fact.kind not in _RESULTS or not _in_abstract(fact.place) or not any(map(_in_body, facts.values())):
        return
    elsewhere = [f for f in facts.values() if f.links.repeats == fact.id]
    elsewhere += [facts[fact.links.repeats]] if fact.links.repeats is not None else []
    if isinstance(fact.value, Endpoint) and fact.value.result is not None:
        elsewhere.append(facts[fact.value.result])
    holds = any(map(_in_body, (fact, *elsewhere)))
    message = "The body of the paper gives it too."
    if not holds:
        message = "Stated in the abstract alone: the body of the paper does not give it."
    yield Outcome(holds=holds, message=message, weight="not stated")


def _in_body(fact: Fact) -> bool:
    return not all(_in_abstract(p) or _first_word(p) == "title" for p in fact.places)


def _in_abstract(place: str) -> bool:
    return _first_word(place) in _ABSTRACT


def _first_word(place: str) -> str:
    return place.split(maxsplit=1)[0].strip(".,:()").casefold() if place else ""
