"""The values of each subject by the second route: read again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.recompute.trial.cells import Cell
from analysis.recompute.trial.sample import Promise, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.by_subject import BySubject


@dataclass(frozen=True)
class ListedSample(Sample):
    """One value of one subject."""

    value: Cell

    def promises(self) -> Iterator[Promise]:
        """Yield the value."""
        value = self.value
        text = value if value is None or isinstance(value, str | Fraction) else value.isoformat()
        yield from self.give("subject", {"value": text}, "plan and records, read again")


def samples(cohort: Cohort, step: BySubject) -> Iterator[Sample]:
    """Yield every value; a variable that is not the first of the step has its own dataset."""
    for reference in step.variables:
        for subject in cohort.subjects:
            place = replace(cohort.on(reference.variable, subject), dataset=cohort.world.resolve(reference.dataset))
            yield ListedSample(place, cohort.world.value(subject, reference))
