"""The subjects a step is about, and where its results belong."""

from dataclasses import dataclass, replace

from analysis.recompute.samples import Place, ValuesSample
from analysis.recompute.trial.records import a_number
from analysis.recompute.trial.world import World
from sap.model.part import Reference


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

    def of(self, reference: Reference, level: str = "") -> Place:
        """Return where results of a variable belong that is not the first the step names."""
        return replace(self.on(reference.variable, level), dataset=self.world.resolve(reference.dataset))

    def values(self, reference: Reference) -> ValuesSample:
        """Return the values of a quantity, and how many subjects have none."""
        numbers = [a_number(self.world.value(s, reference)) for s in self.subjects]
        present = tuple(n for n in numbers if n is not None)
        return ValuesSample(self.on(reference.variable), present, len(numbers) - len(present))
