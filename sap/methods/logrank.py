"""Groups compared by the log-rank test and its weighted forms."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import Stratified
from sap.model.derivations import TimeToEvent
from sap.model.names import Names
from sap.model.part import DatasetName, Reference
from sap.model.step import variables_of
from sap.text.problems import Fault, Place


class Logrank(Stratified):
    """Two or more groups compared in their time to an event by the log-rank test."""

    sentence: ClassVar[str] = (
        "Groups are compared in their time to event by the log-rank test: at each event time the events of a group are "
        "held against those expected if all groups had the same hazard, with the hypergeometric variance; stratified, "
        "within each stratum, and summed. Where the plan names weights, they are those of Fleming and Harrington, from "
        "the pooled Kaplan–Meier curve just before each time."
    )
    if_missing: ClassVar[str] = "A subject without a time, in no group, or in no stratum is left out."
    applied_to: ClassVar[frozenset[str]] = Stratified.applied_to | {"data"}
    of_time: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {
        "rho": "weight: power of the curve S(t−)",
        "gamma": "weight: power of 1 − S(t−)",
        "strata": "stratified by",
    }
    also_called: ClassVar[str] = "log_rank mantel_haenszel survdiff fleming_harrington peto stratified_logrank"

    method: Literal["logrank"]
    data: DatasetName
    """The time to event."""
    rho: float = Field(default=0, ge=0, le=5)
    """Above 0, early differences weigh more: each event weighs S(t−) to this power."""
    gamma: float = Field(default=0, ge=0, le=5)
    """Above 0, late differences weigh more: each event weighs 1 − S(t−) to this power as well."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, and whether it is censored."""
        return variables_of(self.data, ("AVAL", "CNSR"))

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive."""
        return names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))
