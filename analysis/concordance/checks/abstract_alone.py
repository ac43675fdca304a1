"""A result that the abstract gives and the paper itself does not."""

from collections.abc import Mapping
from typing import Final

from analysis.concordance.checked import Checked, Found
from sap.facts.facts import Fact
from sap.facts.values import Endpoint

NAME = "result outside the abstract"
_ABSTRACT: Final = frozenset({"abstract", "summary", "synopsis"})
_RESULTS: Final = frozenset(
    {"count", "proportion", "subjects", "median_range", "follow_up", "mean_sd", "range", "comparison"}
) | {"dose", "endpoint"}
"""Kinds whose values a reader must find in the paper; background, interpretation and words without a number are not."""


def check(fact: Fact, facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=holds, message=message, weight="not stated")


def _in_body(fact: Fact) -> bool:
    return not all(_in_abstract(p) or _first_word(p) == "title" for p in fact.places)


def _in_abstract(place: str) -> bool:
    return _first_word(place) in _ABSTRACT


def _first_word(place: str) -> str:
    return place.split(maxsplit=1)[0].strip(".,:()").casefold() if place else ""
