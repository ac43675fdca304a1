"""A proportion that changes with the order of groups."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import Comparison
from sap.model.names import Names
from sap.model.part import Reference, Value, VariableRef
from sap.text.problems import Fault, Place


class TrendTest(Comparison):
    """Ordered groups, as dose levels, compared by the Cochran–Armitage test of a trend in proportions."""

    sentence: ClassVar[str] = (
        "A trend of a proportion over ordered groups is tested by Cochran and Armitage: by chi-square without "
        "continuity correction, and exactly, by the distribution of the sum of scores given the margins, two-sided (as "
        "far from what is expected as observed) and for an increase. Scores are 1, 2, … in the order of the groups "
        "unless the plan states others."
    )
    if_missing: ClassVar[str] = "A subject without a value counts as one without the event."
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable", "scores"})
    option_words: ClassVar[Mapping[str, str]] = {"scores": "scores of the groups"}
    also_called: ClassVar[str] = "cochran_armitage armitage prop_trend_test dose_response"

    method: Literal["trend_test"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    scores: tuple[float, ...] = ()
    """A score a group, in their order, as the doses; 1, 2, … when left out."""

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield scores that are not one a group, or do not rise."""
        yield from super().wrong_uses(names, path)
        groups = next((len(g.levels) for g in names.plan.groupings if g.id == self.by), 0)
        if self.scores and groups and len(self.scores) != groups:
            what = f"{len(self.scores)} scores are stated, and '{self.by}' has {groups} groups."
            yield Fault((*path, "scores"), what, "State one a group, in their order.")
        if list(self.scores) != sorted(set(self.scores)):
            yield Fault((*path, "scores"), "the scores do not rise from group to group.", "Order the groups by them.")
