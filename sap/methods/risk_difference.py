"""Two groups compared by the difference of the shares of their subjects that have a record."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import TwoGroups
from sap.model.part import Level
from sap.model.step import OnRecords


class RiskDifference(TwoGroups, OnRecords):
    """Two groups compared by the difference of two proportions, with Wald limits, by groups within groups."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the share of their subjects who have at least one record that meets the clause: "
        "the difference, with Wald limits without continuity correction. Where nobody, or everybody, has one in both "
        "groups, both limits are the difference itself."
    )
    applied_to: ClassVar[frozenset[str]] = OnRecords.applied_to | TwoGroups.applied_to
    option_words: ClassVar[Mapping[str, str]] = {**OnRecords.option_words, "quantile": "normal quantile taken as"}
    also_called: ClassVar[str] = "difference_of_proportions absolute_risk riskdiff attributable_risk"

    method: Literal["risk_difference"]
    conf_level: Level = 0.95
    quantile: float | None = Field(default=None, gt=0)
    """What stands in the place of the normal quantile of the level: 1.96, where a program rounds it so."""
