"""What the trial was designed for: objectives, design, size, and what changed since the protocol."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sap.model.part import Identifier, Level, Part, Text

Purpose = Literal["primary", "secondary", "exploratory"]
PURPOSES: tuple[Purpose, ...] = ("primary", "secondary", "exploratory")
"""From the first in rank to the last."""


class Registration(Part):
    """An entry of the trial in a public register."""

    registry: Text
    """The register, as ClinicalTrials.gov."""
    number: Text
    """The trial's number there."""


class Study(Part):
    """The trial."""

    id: Identifier
    title: Text
    short_title: Text
    """Title for the head of a page."""
    phase: Text
    """Phase, as I or II."""
    population: Text
    treatment: Text
    source: Text
    """Where the study is described."""
    registration: tuple[Registration, ...] = ()
    """Where the trial is registered."""
    background: Text | None = None
    """Background and rationale in short, with the question the trial asks."""
    data_notice: Text
    """What every page says about where its rows come from."""
    plan_notice: Text | None = None
    """What a reader must know about when the plan was written; the plan's document and the reconciliation say it."""
    planned_n: int = Field(ge=1)
    """Planned number of subjects."""


class Objective(Part):
    """A question of the trial; analyses answer it by its id."""

    id: Identifier
    purpose: Purpose
    text: Text


class Framework(Part):
    """Whether hypotheses are tested, and of which kind."""

    kind: Literal["superiority", "non-inferiority", "equivalence", "estimation"]
    text: Text
    """Which comparisons or estimates it holds for."""


class Interim(Part):
    """What is looked at before the final analysis."""

    text: Text
    """Which interim analyses there are and when; that there are none, where there are none."""
    adjustment: Text | None = None
    """What is done to levels and intervals because of them; why nothing, where nothing is."""
    data: Text | None = None
    """Up to which moment the data of each decision reach."""


class Design(Part):
    """The design in words (ICH E9, section 3; E3, section 9)."""

    overview: Text
    """The design in one sentence."""
    control: Text
    """The control, or why there is none."""
    randomisation: Text
    """How subjects are assigned to treatment."""
    blinding: Text
    """Who knows the treatment."""
    treatment: Text
    """What is given, how much and when."""
    follow_up: Text
    """How long subjects are observed."""
    framework: Framework | None = None
    interim: Interim | None = None
    final_analysis: Text | None = None
    """When the final analysis is done: after which event, visit or day."""
    assessments: Text | None = None
    """When outcomes are measured, where the visit windows of the conventions do not say it."""


class BetaPrior(Part):
    """Beta(a, b): the prior of a proportion; a and b weigh as so many subjects with and without the event."""

    a: float = Field(gt=0)
    """Weight of subjects with the event."""
    b: float = Field(gt=0)
    """Weight of subjects without the event."""

    def __str__(self) -> str:
        """Return ``Beta(a, b)``."""
        return f"Beta({self.a:.15g}, {self.b:.15g})"


class StoppingRule(Part):
    """When too many events stop the trial: P(rate > unacceptable rate | data) reaches a probability at a look."""

    text: Text
    """How the rule is applied; that a trial no look stops goes on to ``study.planned_n`` subjects is said beside it."""
    prior: BetaPrior
    unacceptable_rate: Level
    """The rate above which the trial should not go on."""
    probability: Level
    """The trial stops when the posterior probability is this or more."""
    looks: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    """After how many evaluated subjects."""

    def unless_stopped(self, planned: int) -> str:
        """Return how many subjects a trial has that no look stops, and how many no look is of."""
        later = planned - self.looks[-1]
        if not later:
            return f"A trial that no look stops is complete at the last look, with the {planned} subjects planned."
        last = f"the last {later} come" if later > 1 else "the last of them comes"
        return f"A trial that no look stops goes on to the {planned} subjects planned; {last} after the last look."

    @model_validator(mode="after")
    def _looks_in_order(self) -> "StoppingRule":
        if list(self.looks) != sorted(set(self.looks)):
            msg = "looks must be numbers of subjects in increasing order"
            raise ValueError(msg)
        return self


class PlannedProportion(Part):
    """What the planned number of subjects can say about the proportion with an event."""

    event: Text
    """The event, in words."""
    analysis: Identifier
    """The analysis that will estimate it."""
    conf_level: Level
    """Of the two-sided Clopper–Pearson interval; the analysis has the same."""
    true_rates: tuple[Annotated[float, Field(ge=0, le=1)], ...] = Field(min_length=1)
    """Rates under which the design is described."""
    stopping: StoppingRule | None = None

    @model_validator(mode="after")
    def _rates_in_order(self) -> "PlannedProportion":
        if list(self.true_rates) != sorted(set(self.true_rates)):
            msg = "true_rates must be in increasing order, none twice"
            raise ValueError(msg)
        return self


class SampleSize(Part):
    """Why the planned number of subjects (``study.planned_n``) is what it is."""

    text: Text
    proportion: PlannedProportion | None = None


class ProtocolChange(Part):
    """Where the plan departs from the protocol."""

    id: Identifier
    protocol: Text
    """What the protocol says, and where."""
    plan: Text
    """What the plan does instead."""
    reason: Text


class DoseLevel(Part):
    """A dose that the trial may give."""

    label: Text
    dose: Text
    """How much, with its unit."""
    start: bool = False
    """Whether it is the first dose given."""


Domain = Literal["toxicity", "activity", "pharmacokinetics", "pharmacodynamics"]
"""What an outcome of an early phase trial is about."""


class DoseFinding(Part):
    """What a plan of an early phase trial says of dose beside the definitions of dose-limiting toxicity."""

    levels: tuple[DoseLevel, ...] = ()
    """The planned doses, in their order."""
    decisions: Text | None = None
    """Who decides on the next dose, on which data and when."""
    target_rate: Level | None = None
    """The rate of dose-limiting toxicity that is tolerated, where no stopping rule states it."""
    replacement: Text | None = None
    """Whether a subject who cannot be evaluated is replaced."""
    recommendation: Text | None = None
    """What makes a dose the recommended one."""
    bayes: Text | None = None
    """Of the Bayesian models: why this prior, what it weighs, how the posterior is computed."""
    outcomes: dict[Domain, Annotated[tuple[Identifier, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """The objectives about toxicity, activity, pharmacokinetics and pharmacodynamics."""
    exposure: tuple[Identifier, ...] = ()
    """The analyses of dose intensity and of changes of dose."""
    expansion: Text | None = None
    """Cohorts that follow at a chosen dose."""
