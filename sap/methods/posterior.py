"""The posterior of a proportion, and the stopping rule."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.design import BetaPrior
from sap.model.part import Level, Reference, Value
from sap.model.step import FIRST_TREATMENT, OneStep, Place, VariableRef


class Posterior(OneStep):
    """Posterior of the proportion of subjects with an event, and what the plan's stopping rule makes of it."""

    sentence: ClassVar[str] = (
        "The posterior of the proportion under a prior Beta(a, b) is Beta(a + subjects with the event, b + subjects "
        "without): its mean, median and equal-tailed credible interval, and the probability that the proportion is "
        "above the unacceptable rate. Where the plan has a stopping rule for this event, prior, unacceptable rate, "
        "probability and looks are the rule's, but for what the options state; the least number of events that stops "
        "at each look is given, and events and posterior probability after each subject. The order of evaluation is "
        "taken to be that of the start of treatment, and of the identifiers on the same day. A subject without a "
        "value counts as one without the event."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)

    method: Literal["posterior"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    conf_level: Level = 0.95
    """Probability content of the credible interval."""
    prior: BetaPrior | None = None
    """The prior, where it is not that of the stopping rule."""
    threshold: Level | None = None
    """The unacceptable rate, where it is not that of the stopping rule."""

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)

    @model_validator(mode="after")
    def _of_all(self) -> "Posterior":
        if self.by is not None:
            msg = "a posterior is that of all subjects: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self
