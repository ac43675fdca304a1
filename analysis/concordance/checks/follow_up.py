"""A median follow-up without its method."""

from collections.abc import Mapping

from analysis.concordance.checked import Checked, Found
from sap.facts.facts import Fact
from sap.facts.values import FollowUp

NAME = "median follow-up with its method"


def check(fact: Fact, _facts: Mapping[str, Fact]) -> Found:
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
    yield Checked(fact=fact.id, check=NAME, holds=bool(value.method), message=message, weight="not stated")
