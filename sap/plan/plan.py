"""The model of a statistical analysis plan."""

from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from sap.methods import Step
from sap.methods.binomial import Binomial
from sap.model.clause import WhereClause
from sap.model.conventions import Conventions, DataCutoff
from sap.model.derivations import Derivation, DltRule
from sap.model.design import Design, DoseFinding, Objective, ProtocolChange, Purpose, SampleSize, StoppingRule, Study
from sap.model.figures import FigureName
from sap.model.part import (
    DatasetName,
    DateText,
    Identifier,
    OutputNumber,
    Part,
    PublicKey,
    Reference,
    Text,
    Value,
    VariableName,
    VariableRef,
    Window,
)
from sap.model.principles import Content, Documents, Principles
from sap.model.sets import AnalysisSet, Grouping, Reason, TrialPopulation
from sap.model.variables import Dataset
from sap.plan.source_event import SourceEvent
from sap.text.problems import UserError, suggest


class Author(Part):
    """Somebody who wrote the plan or a part of it."""

    name: Text
    """The author's name."""
    affiliation: Text
    """Where the author works."""
    role: Text
    """What the author does in the trial."""


_Author = Annotated[
    Annotated[Author, Tag("author")] | Annotated[Text, Tag("name")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "author"),
]
"""An author; plans of former versions give the name alone."""


class Signatory(Part):
    """Somebody who signs the plan."""

    name: Text
    """The name of the person."""
    key: PublicKey | None = None
    """The public key the person signs with: the text that `sap keygen` prints."""


class Signatories(Part):
    """Who answers for the plan by signing it."""

    author: Signatory | None = None
    """Who wrote it."""
    senior_statistician: Signatory | None = None
    """Who is responsible for its statistics."""
    chief_investigator: Signatory | None = None
    """Who is responsible for the trial."""


class Document(Part):
    """The plan as a document."""

    id: Identifier
    version: Text
    """Version of this text; an amendment raises it."""
    date: DateText
    """Date of this version, as 2026-11-23."""
    title: Text
    protocol: Text | None = None
    """The protocol the plan belongs to, with its version and date."""
    authors: tuple[_Author, ...] = ()
    """Who wrote it, each with affiliation and role; a name alone does not say who that is."""
    signatories: Signatories | None = None

    @property
    def author_names(self) -> tuple[str, ...]:
        """The names of those who wrote it."""
        return tuple(a.name if isinstance(a, Author) else a for a in self.authors)


class Assumption(Part):
    """Something the source does not state and the plan had to decide."""

    id: Identifier
    text: Text
    reason: Text


class DataRule(Part):
    """How the plan judges a rule about the data that its data break for a reason."""

    rule: Identifier
    """Id of the rule, as `sap validate` tells it: ``X06``."""
    severity: Literal["error", "warning"] = "warning"
    """Whether data that break it are refused, or analysed with a note of how many records do."""
    dataset: DatasetName | None = None
    """The dataset whose records may break it; every one when left out."""
    subjects: tuple[Value, ...] = ()
    """The subjects whose records may break it; everybody when left out."""
    reason: Text

    def covers(self, rule: str, dataset: str, subject: str) -> bool:
        """Return whether a failure is one of those the plan speaks of."""
        return rule == self.rule and self.dataset in {None, dataset} and (not self.subjects or subject in self.subjects)


class IntercurrentEvent(Part):
    """An event after treatment that affects the variable, and what is done about it (ICH E9(R1))."""

    event: Text
    """What may happen after treatment."""
    strategy: Literal[
        "treatment policy", "hypothetical", "composite variable", "while on treatment", "principal stratum"
    ]
    """How ICH E9(R1) calls what is done about it."""
    handling: Text
    """What is done about it, in this analysis."""


class Estimand(Part):
    """What is to be estimated (ICH E9(R1))."""

    population: Text
    treatment: Text
    variable: Text
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    summary: Text
    """The population-level summary, as a proportion or a median."""


class Sensitivity(Part):
    """The same analysis with one thing changed.

    A sensitivity analysis asks the same question under other assumptions; a supplementary one asks another question
    (another estimand), and says what it changes (ICH E9(R1), A.5.2 and A.5.3).
    """

    id: Identifier
    kind: Literal["sensitivity", "supplementary"]
    title: Text
    changes: Text
    """What it changes, in words."""
    reason: Text
    analysis_set: Identifier | None = None
    use: dict[DatasetName, DatasetName] = Field(default_factory=dict)
    """Derivations that take the place of others: ``{OS: OSNEW}``."""
    steps: tuple[Step, ...] = ()


class Analysis(Part):
    """One promise: what is estimated, in whom, how, and where it is shown."""

    id: Identifier
    title: Text
    objective: Identifier | None = None
    """The objective it answers; every analysis specified in the plan has one."""
    purpose: Purpose
    reason: Reason = "specified in SAP"
    endpoint: Text
    """The endpoint it estimates."""
    estimand: Estimand
    analysis_set: Identifier
    data_subset: WhereClause | None = None
    """Which subjects of the set are analysed, where not all: those with a record that it means. A method that looks at
    one value of a subject looks at that record, where the dataset has several of the subject, as those of a visit."""
    steps: tuple[Step, ...] = Field(min_length=1)
    sensitivity: tuple[Sensitivity, ...] = ()
    assumptions: tuple[Identifier, ...] = ()


class Output(Part):
    """A table or figure that is promised."""

    reason: ClassVar[Reason] = "specified in SAP"

    id: Identifier
    number: OutputNumber
    kind: Literal["table", FigureName]
    title: Text
    analyses: tuple[Identifier, ...] = Field(min_length=1)
    footnotes: tuple[Text, ...] = ()
    by_subject: bool = False
    """Whether a table also lists the values of each subject."""
    axis: Text | None = None
    """Label of the measured axis of a figure, with its unit."""
    curve: Text | None = None
    """What the height of a survival curve is, as ``Overall survival (%)``; subjects without the event when left out."""
    marks: Identifier | None = None
    """Grouping whose groups a scatter figure tells apart by the shape of their points."""
    window: Window | None = None
    """The days a timeline shows, where not all (days since first treatment); what lies beyond is marked."""
    reference: float | None = None
    """A value of the measurement at which a timeline draws a line, as 0.5 for neutrophils in 10^9/L."""


class NotShown(Part):
    """Something a reader may look for that the plan does not show."""

    what: Text
    """What is not shown."""
    why: Text
    """Why it is left out."""


class Listing(Part):
    """A listing that is promised: the records of a dataset, source or derived, as they are."""

    reason: ClassVar[Reason] = "specified in SAP"

    id: Identifier
    number: OutputNumber
    title: Text
    dataset: DatasetName
    analysis_set: Identifier
    where: WhereClause | None = None
    """Which records, where not all."""
    variables: tuple[VariableRef, ...] = Field(min_length=1)
    """Columns: variables of the dataset, or of another that has one record a subject."""
    sort: tuple[VariableName, ...] = ("USUBJID",)
    """Variables by which the records are sorted."""
    footnotes: tuple[Text, ...] = ()


class Plan(Part):
    """A statistical analysis plan."""

    plan: Document
    study: Study
    design: Design
    objectives: tuple[Objective, ...] = Field(min_length=1)
    sample_size: SampleSize
    dose_finding: DoseFinding | None = None
    trial_population: TrialPopulation | None = None
    principles: Principles | None = None
    software: Text | None = None
    """What computes the results, and where its versions are kept."""
    documents: Documents | None = None
    content: Content = Content()
    """Items of the guideline for analysis plans that have no answer here, and why."""
    changes_from_protocol: tuple[ProtocolChange, ...]
    """Empty when nothing changed: the key is written all the same, for it is a statement."""
    conventions: Conventions
    assumptions: tuple[Assumption, ...] = ()
    data_cutoff: DataCutoff | None = None
    """The day after which nothing that happened is analysed, where the plan has one."""
    datasets: dict[DatasetName, Dataset] = Field(min_length=1)
    data_rules: tuple[DataRule, ...] = ()
    """Exceptions from the rules that the data are held to, each with its reason."""
    dlt_rules: tuple[DltRule, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    """What is derived for each subject before anything is analysed."""
    analysis_sets: tuple[AnalysisSet, ...] = Field(min_length=1)
    groupings: tuple[Grouping, ...] = ()
    analyses: tuple[Analysis, ...] = Field(min_length=1)
    outputs: tuple[Output, ...] = ()
    listings: tuple[Listing, ...] = ()
    not_shown: tuple[NotShown, ...] = ()
    """What a reader may look for among the outputs that the plan leaves out, and why."""
    reporting_event: SourceEvent | None = None
    """What the parts of the plan are called in the CDISC ARS reporting event it was made from, where it was."""

    def dlt_rule(self, rule_id: str) -> DltRule:
        """Return the DLT rule of that id (the plan has been checked to have it)."""
        return next(r for r in self.dlt_rules if r.id == rule_id)

    def set_of(self, set_id: str) -> AnalysisSet:
        """Return the analysis set of that id."""
        return next(s for s in self.analysis_sets if s.id == set_id)

    def grouping(self, grouping_id: str) -> Grouping:
        """Return the grouping of that id."""
        return next(g for g in self.groupings if g.id == grouping_id)

    @property
    def analysis_ids(self) -> tuple[str, ...]:
        """The ids of the analyses, in their order."""
        return tuple(a.id for a in self.analyses)

    def analysis(self, analysis_id: str) -> Analysis:
        """Return the analysis of that id."""
        return next(a for a in self.analyses if a.id == analysis_id)

    def output(self, output_id: str) -> Output:
        """Return the table or figure of that id, which a page or a notebook asks for."""
        found = {o.id: o for o in self.outputs}
        if output_id not in found:
            raise UserError(f"The plan has no table or figure '{output_id}'. {suggest(output_id, found)}")
        return found[output_id]

    def stopping_rule(self, variable: Reference, event: tuple[str, ...]) -> StoppingRule | None:
        """Return the stopping rule where the analysis whose proportion it watches counts this event."""
        planned = self.sample_size.proportion
        if planned is None or planned.stopping is None:
            return None
        counted = (s for a in self.analyses if a.id == planned.analysis for s in a.steps if isinstance(s, Binomial))
        same = any(s.variable == variable and set(s.event) == set(event) for s in counted)
        return planned.stopping if same else None
