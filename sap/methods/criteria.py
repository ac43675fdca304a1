"""Subjects who met each criterion of a dose-limiting toxicity rule."""

from typing import ClassVar, Literal

from sap.model.part import DatasetName, Reference
from sap.model.step import OneStep, variables_of


class Criteria(OneStep):
    """Subjects who met each criterion of a dose-limiting toxicity rule; a subject may meet several."""

    sentence: ClassVar[str] = (
        "Subjects are counted under each criterion they met; a subject may be counted under several."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"data"})

    method: Literal["criteria"]
    data: DatasetName

    @property
    def references(self) -> tuple[Reference, ...]:
        """The criteria that each subject met."""
        return variables_of(self.data, ("CRITERIA",))
