"""Two groups compared by the difference of the shares of their subjects that have a record."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.names import Names
from sap.model.part import Identifier, Level, Text
from sap.model.step import OnRecords
from sap.text.problems import Fault, Place, one_of


class RiskDifference(OnRecords):
    """Two groups compared by the difference of two proportions, with Wald limits, by groups within groups."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the share of their subjects who have at least one record that meets the clause: "
        "the difference, with Wald limits without continuity correction. Where nobody, or everybody, has one in both "
        "groups, both limits are the difference itself."
    )
    applied_to: ClassVar[frozenset[str]] = OnRecords.applied_to | {"between"}
    compares: ClassVar[bool] = True
    option_words: ClassVar[Mapping[str, str]] = {**OnRecords.option_words, "quantile": "normal quantile taken as"}
    also_called: ClassVar[str] = "difference_of_proportions absolute_risk riskdiff attributable_risk"

    method: Literal["risk_difference"]
    by: Identifier
    between: tuple[Text, Text]
    """Labels of the two groups: the first minus the second."""
    conf_level: Level = 0.95
    quantile: float | None = Field(default=None, gt=0)
    """What stands in the place of the normal quantile of the level: 1.96, where a program rounds it so."""

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and groups that the grouping has not."""
        yield from super().problems(names, path)
        yield from names.grouping_with_levels(self.by, self.method, (*path, "by"))
        known = [level.label for g in names.plan.groupings if g.id == self.by for level in g.levels]
        for i, label in enumerate(self.between if known else ()):
            yield from one_of(f"group of {self.by}", label, known, (*path, "between", i))
        if self.between[0] == self.between[1]:
            what = f"'{self.between[0]}' is compared with itself."
            yield Fault((*path, "between"), what, "Name two groups.")
