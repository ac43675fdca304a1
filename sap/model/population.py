"""Who the trial is about: screening, eligibility, withdrawal, and what is described at baseline."""

from pydantic import Field

from sap.model.part import Identifier, Part, Text


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
