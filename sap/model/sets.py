"""Who is analysed, and how subjects are grouped."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.clause import WhereClause
from sap.model.part import Identifier, Part, Text, Value, VariableRef

Reason = Literal["specified in SAP", "post hoc"]
"""Whether something was promised."""


class AnalysisSet(Part):
    """Which subjects are analysed."""

    reason: ClassVar[Reason] = "specified in SAP"

    id: Identifier
    title: Text
    text: Text
    where: WhereClause


class GroupLevel(Part):
    """One group: the values of the grouping variable that make it."""

    label: Text
    values: tuple[Value, ...] = Field(min_length=1)
    """Values of the variable that belong to the group."""


class Grouping(Part):
    """A factor that splits an analysis set."""

    id: Identifier
    title: Text
    variable: VariableRef
    levels: tuple[GroupLevel, ...] = Field(min_length=1)
