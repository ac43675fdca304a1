"""How a dataset is described: variables, parameters and files, as define.xml would say it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sap.model import Identifier, Part, Text, VariableName

VariableType = Literal["text", "integer", "number", "date"]


class Variable(Part):
    """A column: name, label, type and what its cells may hold.

    ``required`` is about the column (must the file have it?), ``missing`` about its cells (may one be empty?).
    """

    name: VariableName
    label: Text
    type: VariableType = "text"
    unit: str | None = None
    codelist: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    required: bool = True
    missing: bool = False

    @model_validator(mode="after")
    def _limits_in_order(self) -> "Variable":
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"min {self.min:g} is greater than max {self.max:g}"
            raise ValueError(msg)
        return self


class Parameter(Part):
    """One ``PARAMCD`` of a dataset: what it measures, in what unit, and what its values may be."""

    label: Text
    unit: str | None = None
    codelist: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None


class Dataset(Part):
    """A source dataset of this trial: its file, and what it has beyond the core of its kind."""

    file: Annotated[str, Field(pattern=r"^[^/\\]+$")]
    title: Text
    key: tuple[VariableName, ...] = ()
    variables: tuple[Variable, ...] = ()
    parameters: dict[Identifier, Parameter] = Field(default_factory=dict)
