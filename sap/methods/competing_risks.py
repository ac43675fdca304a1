"""Cumulative incidence by Aalen and Johansen."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.derivations import TimeToEvent
from sap.model.names import Names
from sap.model.part import DatasetName, Level, Reference, Text
from sap.model.step import OneStep, variables_of
from sap.model.times import in_order
from sap.text.problems import Fault, Place


class CompetingRisks(OneStep):
    """Cumulative incidence of each of several causes by Aalen and Johansen."""

    sentence: ClassVar[str] = (
        "The cumulative incidence of each cause is estimated by Aalen and Johansen, the other causes being competing "
        "events and not censored, with pointwise two-sided intervals on the scale the plan names, from Greenwood's "
        "variance for several causes. One minus the Kaplan–Meier estimate of one cause is not used: it exceeds the "
        "probability of that cause. Incidence past the last observed time is not estimated."
    )
    if_missing: ClassVar[str] = "A subject without a time is left out."
    applied_to: ClassVar[frozenset[str]] = frozenset({"causes", "data", "landmarks"})
    adds_lines: ClassVar[frozenset[str]] = frozenset({"landmarks"})
    of_time: ClassVar[bool] = True
    also_called: ClassVar[str] = "cif cumulative_incidence aalen_johansen gray"

    method: Literal["competing_risks"]
    data: DatasetName
    causes: tuple[Text, ...] = Field(min_length=2)
    """What may end the time, as EVNTDESC has it: every event the parameter names."""
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    """The scale on which the intervals are made."""
    landmarks: tuple[int, ...] = Field(min_length=1)
    """Days since the start at which incidence is given."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, whether it is censored, and what ended it."""
        return variables_of(self.data, ("AVAL", "CNSR", "EVNTDESC"))

    @property
    def named_days(self) -> tuple[int, ...]:
        """Where incidence is given."""
        return self.landmarks

    @model_validator(mode="after")
    def _causes_and_times(self) -> "CompetingRisks":
        in_order(self.landmarks, "landmarks")
        if len(set(self.causes)) < len(self.causes):
            msg = "a cause stands twice"
            raise ValueError(msg)
        return self

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive."""
        return names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield causes that are not all the events of the time: none may be missed or misspelt."""
        for time in (d for d in names.plan.derivations if isinstance(d, TimeToEvent) and d.id == self.data):
            parameter = names.parameter(time.dataset, time.parameter)
            if parameter is not None and set(parameter.events) != set(self.causes):
                named = ", ".join(parameter.events) or "none"
                what = f"the causes must be the events of {time.dataset} {time.parameter} ({named})."
                yield Fault((*path, "causes"), what, "Name the same under events of the parameter and under causes.")
