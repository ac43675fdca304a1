"""Description of a quantity in the records of a dataset, by groups within groups."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import Reference, VariableName
from sap.model.step import OnRecords, variables_of


class Description(OnRecords):
    """Description of a quantity in records, by groups within groups."""

    sentence: ClassVar[str] = (
        "Quantities in records are described by groups within groups: n, mean, standard deviation, median and "
        "quartiles (the average of both neighbours where a share falls between them: SAS definition 5, R type 2), "
        "minimum and maximum."
    )
    applied_to: ClassVar[frozenset[str]] = OnRecords.applied_to | {"variable"}
    if_missing: ClassVar[str] = "Records without a value are counted, and enter nothing else."
    also_called: ClassVar[str] = "quartiles by_visit means"

    method: Literal["description"]
    variable: VariableName
    """The quantity, a variable of the dataset."""
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of the data; all but the extremes show one more."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The quantity, and whose the records are."""
        return variables_of(self.dataset, (self.variable, "USUBJID"))
