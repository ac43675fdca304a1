"""Subjects who met each criterion of a dose-limiting toxicity rule."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from sap.model.derivations import Criterion, DltRule, DltStatus
from sap.model.names import Names
from sap.model.part import DatasetName, Reference, VariableName
from sap.model.step import OneStep, variables_of
from sap.text.problems import Fault, Place


class Criteria(OneStep):
    """Subjects who met each criterion of a dose-limiting toxicity rule; a subject may meet several."""

    sentence: ClassVar[str] = (
        "Subjects are counted under each criterion they met; a subject may be counted under several."
    )
    if_missing: ClassVar[str] = (
        "An event without a grade meets no criterion above grade 1; the analysis set says who can be evaluated."
    )
    within_reach: ClassVar[str] = (
        " A criterion that asks for a duration is within reach of a subject who was observed for it before the date, "
        "counted from the first day on which an event could have started."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"data"})
    option_words: ClassVar[Mapping[str, str]] = {"before": "within reach before"}

    method: Literal["criteria"]
    data: DatasetName
    before: VariableName | None = None
    """A date of ADSL, as that of a therapy that ends the toxicity: who was observed long enough before it to meet a
    criterion that asks for a duration is counted too."""

    @property
    def own_words(self) -> str:
        """The sentence, with what is within reach where the step asks for it."""
        return self.sentence if self.before is None else self.sentence + self.within_reach

    @property
    def references(self) -> tuple[Reference, ...]:
        """The criteria that each subject met, and the dates that say whether one is within reach."""
        dates = () if self.before is None else ("TRTSDT", "DTHDT", "LSTALVDT", self.before)
        return (*variables_of(self.data, ("CRITERIA",)), *variables_of("ADSL", dates))

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a toxicity status that the plan does not derive."""
        return names.derivation("DLT derivation", DltStatus, self.data, (*path, "data"))

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and a date that is none."""
        yield from super().wrong_uses(names, path)
        if self.before is not None:
            yield from names.date(Reference(dataset="ADSL", variable=self.before), (*path, "before"))


def last_day_asked(rule: DltRule, criterion: Criterion) -> int | None:
    """Return the first day since first treatment on which a duration can be complete; None where none is asked for."""
    start = rule.window_of(criterion).start
    lasting = criterion.min_duration_days
    return None if lasting is None or start is None else start + lasting - 1
