"""A quantity held against a number by the exact sign test."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import Level, Reference, VariableRef
from sap.model.step import OneStep


class SignTest(OneStep):
    """A quantity held against a number by the exact sign test."""

    sentence: ClassVar[str] = (
        "Values are held against a number by the sign test: as many lie above it as below it where it is their median. "
        "The two-sided p-value is exact, values equal to the number are left out of it, and the median is given with "
        "the interval between two of the values that holds the level at least."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable", "versus"})

    method: Literal["sign_test"]
    variable: VariableRef
    versus: float = 0.0
    """The number that the values are held against."""
    conf_level: Level = 0.95
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The quantity."""
        return self.references
