"""Description of a quantity."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import VariableRef
from sap.model.step import OneStep


class Summary(OneStep):
    """Description of a quantity."""

    sentence: ClassVar[str] = (
        "Quantities are described by n, mean, standard deviation, median (R type 7), minimum and maximum."
    )
    if_missing: ClassVar[str] = "Subjects without a value are counted, and enter nothing else."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})
    of_quantities: ClassVar[bool] = True
    also_called: ClassVar[str] = "mean median descriptive descriptives continuous"

    method: Literal["summary"]
    variable: VariableRef
    digits: int = Field(default=0, ge=0, le=4)
    """Decimals of the data; mean and standard deviation of whole numbers show one, and a median between two of them."""
