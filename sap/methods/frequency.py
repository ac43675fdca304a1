"""Subjects with records, and the records, by groups within groups."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from sap.model.names import Names
from sap.model.part import Identifier
from sap.model.step import OnRecords
from sap.text.problems import Fault, Place


class Frequency(OnRecords):
    """Subjects with at least one record, and the records, by groups within groups."""

    sentence: ClassVar[str] = (
        "Subjects with at least one record that meets the clause are counted by groups within groups, each subject "
        "once a group, with percentages of all subjects of the group it is compared with, and beside them the records. "
        "Of a grouping without levels, the groups are the values that the data have."
    )
    applied_to: ClassVar[frozenset[str]] = OnRecords.applied_to | {"denominator"}
    option_words: ClassVar[Mapping[str, str]] = {**OnRecords.option_words, "denominator": "percentages of those of"}
    also_called: ClassVar[str] = "count bign n_percent"

    method: Literal["frequency"]
    denominator: Identifier | None = None
    """The analysis whose subjects are the 100% of a group, where not all subjects of this one."""

    @property
    def named_analyses(self) -> tuple[Identifier, ...]:
        """Whose subjects are the 100%."""
        return () if self.denominator is None else (self.denominator,)

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and an analysis that the plan has not."""
        yield from super().unknown_names(names, path)
        if self.denominator is not None:
            yield from names.analysis(self.denominator, (*path, "denominator"))
