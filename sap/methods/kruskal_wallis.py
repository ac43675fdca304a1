"""Two or more groups by the Kruskal–Wallis test."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import Comparison
from sap.model.part import VariableRef


class KruskalWallis(Comparison):
    """Two or more groups compared in location by the Kruskal–Wallis test."""

    sentence: ClassVar[str] = (
        "Several groups are compared by the Kruskal–Wallis test on midranks, corrected for ties: exact, by counting "
        "every assignment of the values to the groups, where these are no more than the plan allows, else from the "
        "chi-square distribution, which is then said beside p."
    )
    if_missing: ClassVar[str] = "A subject without a value, or in no group, is left out."
    applied_to: ClassVar[frozenset[str]] = Comparison.applied_to | {"variable"}
    of_quantities: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {"exact_up_to": "exact up to so many assignments"}
    also_called: ClassVar[str] = "kruskal kruskal.test anova_on_ranks one_way_ranks h_test"

    method: Literal["kruskal_wallis"]
    variable: VariableRef
    exact_up_to: int = Field(default=100_000, ge=0, le=1_000_000)
    """Number of assignments of the values to the groups up to which the test is exact; beyond, chi-square."""
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""
