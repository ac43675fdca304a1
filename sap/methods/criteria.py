"""Subjects who met each criterion of a dose-limiting toxicity rule."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from sap.model.derivations import DltStatus
from sap.model.names import Names
from sap.model.part import DatasetName, Reference
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
    applied_to: ClassVar[frozenset[str]] = frozenset({"data"})

    method: Literal["criteria"]
    data: DatasetName

    @property
    def references(self) -> tuple[Reference, ...]:
        """The criteria that each subject met."""
        return variables_of(self.data, ("CRITERIA",))

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a toxicity status that the plan does not derive."""
        return names.derivation("DLT derivation", DltStatus, self.data, (*path, "data"))
