"""The methods a plan may promise, one a file, each with the options it must state.

A method is listed here once, by its name: of that name are its files in every room, and its class in the file here
(``kaplan_meier`` is `KaplanMeier`).
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from sap.model.step import OneStep, said_by

_NAMES: Final = (
    "binomial",
    "posterior",
    "distribution",
    "criteria",
    "adverse_events",
    "event_overview",
    "disposition",
    "summary",
    "by_subject",
    "profile",
    "records",
    "kaplan_meier",
    "competing_risks",
    "time_dependent",
    "rank_comparison",
    "correlation",
    "frequency",
    "description",
    "risk_difference",
    "two_proportions",
    "trend_test",
    "logrank",
    "hazard_ratio",
    "survival_difference",
    "kruskal_wallis",
)
"""In the order in which a plan's schema has them."""


METHODS: Final[Mapping[str, type[OneStep]]] = MappingProxyType(
    {name: said_by(__name__, name, name.title().replace("_", "")) for name in _NAMES}
)
"""The class of each method, by the name a plan has for it."""

if TYPE_CHECKING:
    Step = OneStep
else:
    Step = Annotated[reduce(or_, METHODS.values()), Field(discriminator="method")]
