"""An endpoint that is named and has no result."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found
from sap.facts.facts import Fact
from sap.facts.values import Endpoint

NAME = "endpoint with a result"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=value.result is not None, message=message, weight="not stated")
