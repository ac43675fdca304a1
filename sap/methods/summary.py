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
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of the data, none where left out; mean and standard deviation of whole numbers show one, and a median
    between two of them. Where the conventions state a rule of decimals it holds, and of data without digits the most
    decimals that are recorded count."""
