"""Individual values, subject by subject."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import Reference, VariableRef
from sap.model.step import OneStep
from sap.text.problems import Fault, Place, named_twice


class BySubject(OneStep):
    """The values of variables, subject by subject."""

    sentence: ClassVar[str] = "Individual values are listed."
    if_missing: ClassVar[str] = "A missing value is listed as missing."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variables"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"swimmer_figure", "timeline_figure"})
    also_called: ClassVar[str] = "individual patients"

    method: Literal["by_subject"]
    variables: tuple[VariableRef, ...] = Field(min_length=1)
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of numbers; as they are in the data where it is left out, which computed values need."""

    @property
    def listed(self) -> tuple[Reference, ...]:
        """The variables."""
        return self.variables

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and variables that would be listed twice."""
        yield from super().problems(names, path)
        yield from named_twice(map(str, self.variables), (*path, "variables"))
