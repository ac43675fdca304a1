"""Two groups compared by their survival on given days, and by their restricted means."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.comparison import TwoGroups
from sap.model.derivations import TimeToEvent
from sap.model.names import Names
from sap.model.part import DatasetName, Level, Reference
from sap.model.step import variables_of
from sap.model.times import in_order
from sap.text.problems import Fault, Place


class SurvivalDifference(TwoGroups):
    """Two groups compared by the difference of their survival on given days and of their restricted means."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the difference of their Kaplan–Meier estimates on the days the plan names, with "
        "Wald limits from Greenwood's variances, and by the difference and the ratio of their restricted means, the "
        "areas under the curves up to a day, with Wald limits from the variances of the estimates, for the ratio as "
        "logarithms. Past the last time observed in either group neither is estimated, unless its curve has reached 0."
    )
    if_missing: ClassVar[str] = "A subject without a time, or in neither group, is left out."
    applied_to: ClassVar[frozenset[str]] = TwoGroups.applied_to | {"data", "landmarks", "restricted_mean"}
    of_time: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {"restricted_mean": "restricted means up to day"}
    also_called: ClassVar[str] = "rmst restricted_mean_survival milestone landmark_survival survrm2"

    method: Literal["survival_difference"]
    data: DatasetName
    """The time to event."""
    landmarks: tuple[int, ...] = ()
    """Days since the start on which survival is compared."""
    restricted_mean: int | None = Field(default=None, gt=0)
    """The day up to which the means are restricted; none are compared when left out."""
    conf_level: Level = 0.95

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, and whether it is censored."""
        return variables_of(self.data, ("AVAL", "CNSR"))

    @property
    def named_days(self) -> tuple[int, ...]:
        """Where survival is compared, and up to where means are."""
        return (*self.landmarks, *(() if self.restricted_mean is None else (self.restricted_mean,)))

    @model_validator(mode="after")
    def _days_in_order(self) -> "SurvivalDifference":
        in_order(self.landmarks, "landmarks")
        if not self.named_days:
            msg = "name landmarks, or the day up to which means are restricted"
            raise ValueError(msg)
        return self

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive."""
        return names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))
