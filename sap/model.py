"""The base of every part of the plan: closed, frozen, typed."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Part(BaseModel):
    """A part of the plan: unknown keys are errors and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
DatasetName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
OutputNumber = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
"""Number of a table, figure or listing, as ``14.2.1``."""
Level = Annotated[float, Field(gt=0, lt=1)]


def _as_text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.15g}"


Value = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]
"""What a cell may hold; a number may be written without quotes and is compared as a number."""


class Reference(Part):
    """A variable of a dataset, source or derived."""

    dataset: DatasetName
    variable: VariableName

    def __str__(self) -> str:
        """Return ``DATASET.VARIABLE``."""
        return f"{self.dataset}.{self.variable}"


class Window(Part):
    """A span of time in days since first treatment (the first treatment is on day 0), both ends included.

    An end left out is open.
    """

    start: int | None = None
    """First day that counts; open when left out."""
    end: int | None = None
    """Last day that counts; open when left out."""

    @model_validator(mode="after")
    def _start_before_end(self) -> "Window":
        if self.start is not None and self.end is not None and self.start > self.end:
            msg = f"the window starts on day {self.start}, after its end on day {self.end}"
            raise ValueError(msg)
        return self
