"""Statistical principles and references in prose, and what a plan says of items that it does not answer."""

from pydantic import Field

from sap.model.part import Identifier, Part, Text, Value


class Shown(Part):
    """Something that must be defined before it can be counted, and what shows it."""

    definition: Text | None = None
    """What counts as such."""
    shown_in: tuple[Identifier, ...] = ()
    """The analyses, tables, figures or listings that show it."""


class Principles(Part):
    """Principles that no other part of the plan states."""

    significance: Text | None = None
    """Level of significance; why there is none, where there is none."""
    adherence: Shown | None = None
    """Adherence to the treatment."""
    deviations: Shown | None = None
    """Deviations from the protocol."""
    covariates: Text | None = None
    """Which covariates results are adjusted for; why none, where none."""
    method_assumptions: Text | None = None
    """What the methods assume, and how it is checked."""
    alternatives: Text | None = None
    """What is done where an assumption fails."""
    subgroups: Text | None = None
    """Which subgroups are analysed; why none, where none."""


class Documents(Part):
    """Other documents the plan rests on."""

    methods: Text | None = None
    """References of the statistical methods that are not common knowledge."""
    data_management_plan: Text | None = None
    """The plan of data management, and where it is."""
    trial_master_file: Text | None = None
    """Where the trial master file and the statistical file are."""
    procedures: Text | None = None
    """Standard procedures that are followed."""


class Content(Part):
    """Items of the guideline that the plan does not answer, by their number."""

    not_applicable: dict[Value, Text] = Field(default_factory=dict)
    """Why an item does not apply to this trial."""
    not_stated: dict[Value, Text] = Field(default_factory=dict)
    """Where an answer was looked for and not found."""
