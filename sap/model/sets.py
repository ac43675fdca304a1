"""Who is analysed, and how subjects are grouped."""

from typing import ClassVar, Literal

from pydantic import model_validator

from sap.model.clause import Condition, WhereClause
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
    """One group: the values of the grouping variable that make it, or a clause."""

    label: Text
    values: tuple[Value, ...] = ()
    """Values of the variable that belong to the group."""
    where: WhereClause | None = None
    """Or what holds for the group, where values of the variable do not say it: an age below 65."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "GroupLevel":
        if (self.where is None) == (not self.values):
            msg = f"say of the group '{self.label}' either which values make it, or where"
            raise ValueError(msg)
        return self


class Grouping(Part):
    """A factor that splits an analysis set."""

    id: Identifier
    title: Text
    variable: VariableRef
    levels: tuple[GroupLevel, ...] = ()
    """The groups; left out, one a value that the data have, in their order."""

    def clause(self, level: GroupLevel) -> WhereClause:
        """Return the clause that holds for a group."""
        if level.where is not None:
            return level.where
        about = self.variable
        asked = {"dataset": about.dataset, "variable": about.variable, "comparator": "IN", "value": level.values}
        return Condition.model_validate(asked)
