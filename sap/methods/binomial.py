"""A proportion with its exact interval."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import Level, Reference, Value
from sap.model.step import OneStep, Place, VariableRef


class Binomial(OneStep):
    """Proportion of subjects with an event, with an exact interval."""

    sentence: ClassVar[str] = "The proportion is reported with a Clopper–Pearson (exact) confidence interval."
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})

    method: Literal["binomial"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    conf_level: Level = 0.95
    upper_bound: bool = False
    """Whether the one-sided upper bound at the same level is given beside the interval."""

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)
