"""The model of a statistical analysis plan."""

from typing import Literal

from pydantic import Field

from sap.clause import WhereClause
from sap.derivations import Derivation
from sap.dlt import DltRule
from sap.methods import Step, VariableRef
from sap.model import DatasetName, Identifier, OutputNumber, Part, Text, Value, VariableName
from sap.variables import Dataset


class Document(Part):
    """The plan as a document."""

    id: Identifier
    version: Text
    date: Text
    title: Text
    authors: tuple[Text, ...] = ()


class Study(Part):
    """The trial."""

    id: Identifier
    title: Text
    short_title: Text
    phase: Text
    design: Text
    population: Text
    treatment: Text
    source: Text
    data_notice: Text
    planned_n: int = Field(ge=1)


class Conventions(Part):
    """Definitions that hold for every analysis."""

    days: Text
    month_days: float = Field(default=30.4375, gt=0)
    rounding: Literal["half away from zero"] = "half away from zero"
    p_value_digits: int = Field(default=3, ge=1, le=6)
    missing: Text
    multiplicity: Text
    survival_parameter: Identifier | None = None
    """``PARAMCD`` of overall survival in ADTTE: its events are the deaths of ADSL."""
    origin_day: Literal[0, 1] = 0
    """``AVAL`` of ADTTE on the start date itself: 0 here, 1 where AVAL = ADT − STARTDT + 1."""
    show_subject_ids: bool = True
    """Whether pages name subjects; results for the statistician always do."""


class Assumption(Part):
    """Something the source does not state and the plan had to decide."""

    id: Identifier
    text: Text
    reason: Text


class AnalysisSet(Part):
    """Which subjects are analysed."""

    id: Identifier
    title: Text
    text: Text
    where: WhereClause


class GroupLevel(Part):
    """One group: the values of the grouping variable that make it."""

    label: Text
    values: tuple[Value, ...] = Field(min_length=1)


class Grouping(Part):
    """A factor that splits an analysis set."""

    id: Identifier
    title: Text
    variable: VariableRef
    levels: tuple[GroupLevel, ...] = Field(min_length=1)


class IntercurrentEvent(Part):
    """An event after treatment that affects the variable, and what is done about it (ICH E9(R1))."""

    event: Text
    strategy: Literal[
        "treatment policy", "hypothetical", "composite variable", "while on treatment", "principal stratum"
    ]
    handling: Text


class Estimand(Part):
    """What is to be estimated (ICH E9(R1))."""

    population: Text
    treatment: Text
    variable: Text
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    summary: Text


class Sensitivity(Part):
    """The same analysis with one thing changed.

    A sensitivity analysis asks the same question under other assumptions; a supplementary one asks another question
    (another estimand), and says what it changes (ICH E9(R1), A.5.2 and A.5.3).
    """

    id: Identifier
    kind: Literal["sensitivity", "supplementary"]
    title: Text
    changes: Text
    reason: Text
    analysis_set: Identifier | None = None
    use: dict[DatasetName, DatasetName] = Field(default_factory=dict)
    """Derivations that take the place of others: ``{OS: OSNEW}``."""
    steps: tuple[Step, ...] = ()


class Analysis(Part):
    """One promise: what is estimated, in whom, how, and where it is shown."""

    id: Identifier
    title: Text
    purpose: Literal["primary", "secondary", "exploratory"]
    reason: Literal["specified in SAP", "post hoc"] = "specified in SAP"
    endpoint: Text
    estimand: Estimand
    analysis_set: Identifier
    data_subset: WhereClause | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    sensitivity: tuple[Sensitivity, ...] = ()
    assumptions: tuple[Identifier, ...] = ()


class Output(Part):
    """A table or figure that is promised."""

    id: Identifier
    number: OutputNumber
    kind: Literal["table", "kaplan_meier_figure", "proportion_figure", "dot_figure"]
    title: Text
    analyses: tuple[Identifier, ...] = Field(min_length=1)
    footnotes: tuple[Text, ...] = ()
    by_subject: bool = False
    """Whether a table also lists the values of each subject."""
    axis: Text | None = None
    """Label of the measured axis of a figure, with its unit."""


class Listing(Part):
    """A listing that is promised: the records of a dataset, source or derived, as they are."""

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
    footnotes: tuple[Text, ...] = ()


class Plan(Part):
    """A statistical analysis plan."""

    plan: Document
    study: Study
    objectives: tuple[Text, ...] = Field(min_length=1)
    conventions: Conventions
    assumptions: tuple[Assumption, ...] = ()
    datasets: dict[DatasetName, Dataset] = Field(min_length=1)
    dlt_rules: tuple[DltRule, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    analysis_sets: tuple[AnalysisSet, ...] = Field(min_length=1)
    groupings: tuple[Grouping, ...] = ()
    analyses: tuple[Analysis, ...] = Field(min_length=1)
    outputs: tuple[Output, ...] = ()
    listings: tuple[Listing, ...] = ()

    def dlt_rule(self, rule_id: str) -> DltRule:
        """Return the DLT rule of that id (the plan has been checked to have it)."""
        return next(r for r in self.dlt_rules if r.id == rule_id)

    def set_of(self, set_id: str) -> AnalysisSet:
        """Return the analysis set of that id."""
        return next(s for s in self.analysis_sets if s.id == set_id)

    def grouping(self, grouping_id: str) -> Grouping:
        """Return the grouping of that id."""
        return next(g for g in self.groupings if g.id == grouping_id)

    def analysis(self, analysis_id: str) -> Analysis:
        """Return the analysis of that id."""
        return next(a for a in self.analyses if a.id == analysis_id)

    def output(self, output_id: str) -> Output:
        """Return the output of that id."""
        return next(o for o in self.outputs if o.id == output_id)
