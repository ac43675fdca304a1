"""Individual values, subject by subject."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.step import OneStep, VariableRef


class BySubject(OneStep):
    """The values of variables, subject by subject."""

    sentence: ClassVar[str] = "Individual values are listed."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variables"})
    lists_values: ClassVar[bool] = True

    method: Literal["by_subject"]
    variables: tuple[VariableRef, ...] = Field(min_length=1)
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of numbers; as they are in the data where it is left out, which computed values need."""
