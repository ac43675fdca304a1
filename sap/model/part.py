"""The base of every part of the plan: closed, frozen, typed."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sap.text.cells import is_date


class Part(BaseModel):
    """A part of the plan: unknown keys are errors and nothing changes after loading."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, str_strip_whitespace=True)


Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
DatasetName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
OutputNumber = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
"""Number of a table, figure or listing, as ``14.2.1``."""
PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""A public key (Ed25519) as signatures carry it: the base64 of its 32 bytes."""
Level = Annotated[float, Field(gt=0, lt=1)]


def _as_text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.15g}"


Value = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]
"""What a cell may hold; a number may be written without quotes and is compared as a number."""


def _dated(value: str) -> str:
    if _DATE_SHAPED.fullmatch(value) and not is_date(value):
        msg = f"'{value}' is no date of the calendar written as 2026-11-23 (year-month-day)"
        raise ValueError(msg)
    return value


_DATE_SHAPED = re.compile(r"\d{1,8}([-/.]\d{1,4}){2}([T ].*)?|\d{8}", re.ASCII)
DateText = Annotated[str, Field(min_length=1), AfterValidator(_dated)]
"""A date in words, or as 2026-11-23; what has the shape of a date must be one."""


class Reference(Part):
    """A variable of a dataset, source or derived."""

    dataset: DatasetName
    variable: VariableName

    def __str__(self) -> str:
        """Return ``DATASET.VARIABLE``."""
        return f"{self.dataset}.{self.variable}"


def _reference(value: object) -> object:
    if isinstance(value, dict | Reference):
        return value
    dataset, dot, variable = value.partition(".") if isinstance(value, str) else ("", "", "")
    if not dot:
        msg = f"a variable should stand here as DATASET.VARIABLE (ADSL.AGE), not '{value}'"
        raise ValueError(msg)
    return {"dataset": dataset, "variable": variable}


_Written = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}\.[A-Z][A-Z0-9_]{0,31}$")]
VariableRef = Annotated[Reference, BeforeValidator(_reference, json_schema_input_type=_Written | Reference)]
"""A variable of a dataset or derivation, as ``ADSL.AGE``."""


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
