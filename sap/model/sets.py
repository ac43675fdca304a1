"""Who takes part in the trial, who is analysed, and how subjects are grouped."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

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


class Eligibility(Part):
    """Who may take part."""

    inclusion: tuple[Text, ...] = Field(min_length=1)
    """What a subject must fulfil, a criterion each."""
    exclusion: tuple[Text, ...] = ()
    """What keeps a subject out, a criterion each."""


class Withdrawal(Part):
    """What leaving the trial means, and what is told of it."""

    levels: Text | None = None
    """From what a subject may withdraw: treatment, follow-up, or both."""
    timing: Text | None = None
    """When withdrawal and loss to follow-up are recorded."""
    reasons: Text | None = None
    """Which reasons are told, and how they are shown."""


class TrialPopulation(Part):
    """Who is screened, who may take part, who leaves, and how those treated are described."""

    screening: Text | None = None
    """Who is screened, and what is told of those who do not take part."""
    eligibility: Eligibility | None = None
    withdrawal: Withdrawal | None = None
    baseline: tuple[Identifier, ...] = ()
    """The analyses that describe subjects at baseline: their steps name the characteristics and how each is shown."""
