"""The base of every part of the plan: closed, frozen, typed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the plan: unknown keys are errors and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
DatasetName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
Level = Annotated[float, Field(gt=0, lt=1)]


class Reference(Part):
    """A variable of a dataset, source or derived."""

    dataset: DatasetName
    variable: VariableName

    def __str__(self) -> str:
        """Return ``DATASET.VARIABLE``."""
        return f"{self.dataset}.{self.variable}"


class Window(Part):
    """A span of time in days since infusion (infusion is 0), both ends included.

    An end left out is open.
    """

    start: int | None = None
    end: int | None = None
