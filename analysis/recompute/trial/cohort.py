"""The subjects a step is about, and where its results belong."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from analysis.recompute.trial.records import a_date, a_number
from analysis.recompute.trial.sample import Place
from analysis.recompute.trial.world import World
from sap.model.part import Reference
from sap.model.step import FIRST_TREATMENT


@dataclass(frozen=True)
class Cohort:
    """The subjects a step is about, and where its results belong."""

    world: World
    """The plan and its records."""
    place: Place
    """Where the results belong."""
    subjects: tuple[str, ...]
    """Those of the analysis, or of one group."""
    analysed: tuple[str, ...]
    """Those of the analysis, in a group as well."""

    def on(self, variable: str, level: str = "") -> Place:
        """Return where results of a variable belong."""
        return replace(self.place, variable=variable, variable_level=level)

    def number(self, subject: str, dataset: str, variable: str) -> Fraction | None:
        """Return a subject's value of a variable that must be a number or missing."""
        return a_number(self.world.value(subject, Reference(dataset=dataset, variable=variable)))

    def first_treatment(self, subject: str) -> date | None:
        """Return the day from which days since first treatment are counted."""
        return a_date(self.world.value(subject, FIRST_TREATMENT))

    def groups(self, by: str) -> tuple["Cohort", ...]:
        """Return the groups of a grouping of the plan, in its order."""
        grouping = self.world.plan.grouping(by)
        return tuple(
            replace(
                self,
                place=replace(self.place, group1=by, group1_level=level.label),
                subjects=self.world.in_group(grouping, level, self.subjects),
            )
            for level in grouping.levels
        )
