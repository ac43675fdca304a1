"""A proportion with its exact interval."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.figures import FigureName
from sap.model.part import Level, Reference, Value, VariableRef
from sap.model.step import OneStep
from sap.text.problems import Place


class Binomial(OneStep):
    """Proportion of subjects with an event, with an exact interval."""

    sentence: ClassVar[str] = "The proportion is reported with a Clopper–Pearson (exact) confidence interval."
    if_missing: ClassVar[str] = "A subject without a value counts as one without the event."
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"proportion_figure"})
    option_words: ClassVar[Mapping[str, str]] = {"upper_bound": "one-sided upper bound"}
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"upper_bound": {"yes": "yes, at the same level"}}
    also_called: ClassVar[str] = "proportion rate response_rate orr clopper_pearson percentage"

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
