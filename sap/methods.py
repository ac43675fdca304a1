"""The methods a plan may promise, each with the options it must state.

How they are computed is the business of ``analysis``; a test holds the two lists together.
"""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from sap.clause import WhereClause, conditions
from sap.design import BetaPrior
from sap.disposition import Counted, CountedSet, Stage, clauses, told_apart
from sap.model import DatasetName, Identifier, Level, Part, Reference, Text, Value, VariableName, Window


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


def _days_in_order(days: tuple[int, ...], name: str) -> None:
    if list(days) != sorted(set(days)) or any(d < 0 for d in days):
        msg = f"{name} must be days since the start in increasing order, none negative"
        raise ValueError(msg)


INFUSION: Final = Reference(dataset="ADSL", variable="TRTSDT")
"""The day from which days since infusion are counted."""
Place = tuple[str | int, ...]
"""Where in a step, as keys and positions."""


class _Step(Part):
    """One method applied to one variable; several make an analysis."""

    sentence: ClassVar[str]
    """What the method is, for the statistical methods section."""
    applied_to: ClassVar[frozenset[str]] = frozenset()
    """Options that say what the method is applied to, not how it computes; what it is grouped by is always one."""
    reads: ClassVar[tuple[Reference, ...]] = ()
    """Variables the method reads beside those the plan names."""

    by: Identifier | None = None
    label: Text | None = None

    @property
    def in_words(self) -> str:
        """The sentence, without what the step's own options leave out."""
        return self.sentence

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """The where-clauses the step states, each with its place in the step."""
        return ()


class Binomial(_Step):
    """Proportion of subjects with an event, with an exact interval."""

    sentence: ClassVar[str] = "The proportion is reported with a Clopper–Pearson (exact) confidence interval."
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})

    method: Literal["binomial"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    conf_level: Level = 0.95
    upper_bound: bool = False
    """Whether the one-sided upper bound at the same level is given beside the interval."""


class Posterior(_Step):
    """Posterior of the proportion of subjects with an event, and what the plan's stopping rule makes of it."""

    sentence: ClassVar[str] = (
        "The posterior of the proportion under a prior Beta(a, b) is Beta(a + subjects with the event, b + subjects "
        "without): its mean, median and equal-tailed credible interval, and the probability that the proportion is "
        "above the unacceptable rate. Where the plan has a stopping rule for this event, prior, unacceptable rate, "
        "probability and looks are the rule's, but for what the options state; the least number of events that stops "
        "at each look is given, and events and posterior probability after each subject. The order of evaluation is "
        "taken to be that of the start of treatment, and of the identifiers on the same day. A subject without a "
        "value counts as one without the event."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})
    reads: ClassVar[tuple[Reference, ...]] = (INFUSION,)

    method: Literal["posterior"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    conf_level: Level = 0.95
    """Probability content of the credible interval."""
    prior: BetaPrior | None = None
    """The prior, where it is not that of the stopping rule."""
    threshold: Level | None = None
    """The unacceptable rate, where it is not that of the stopping rule."""

    @model_validator(mode="after")
    def _of_all(self) -> "Posterior":
        if self.by is not None:
            msg = "a posterior is that of all subjects: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self


class Distribution(_Step):
    """Subjects per category."""

    of_all: ClassVar[str] = "all subjects in the analysis set"
    of_recorded: ClassVar[str] = "the subjects with a value"
    sentence: ClassVar[str] = f"Categories are counted, with percentages of {of_all}."
    applied_to: ClassVar[frozenset[str]] = frozenset({"levels", "variable"})

    method: Literal["distribution"]
    variable: VariableRef
    levels: tuple[Value, ...] = Field(min_length=1)
    """The categories, in the order in which they are shown."""
    labels: dict[Value, Text] = Field(default_factory=dict)
    """What a category is called where its value is a code or empty: ``{"": Alive}``."""
    percentages: Literal["all", "recorded"] = "all"
    """Whose percentages: of all subjects, or of those with a value."""

    @property
    def in_words(self) -> str:
        """The sentence, with the denominator of this step."""
        return self.sentence if self.percentages == "all" else self.sentence.replace(self.of_all, self.of_recorded)

    @model_validator(mode="after")
    def _labels_of_levels(self) -> "Distribution":
        unknown = [v for v in self.labels if v not in self.levels]
        if unknown:
            msg = f"labels names {', '.join(map(repr, unknown))}, which is none of the levels"
            raise ValueError(msg)
        return self


class Criteria(_Step):
    """Subjects who met each criterion of a dose-limiting toxicity rule; a subject may meet several."""

    sentence: ClassVar[str] = (
        "Subjects are counted under each criterion they met; a subject may be counted under several."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"data"})

    method: Literal["criteria"]
    data: DatasetName


class AdverseEvents(_Step):
    """Subjects with adverse events by system organ class and preferred term."""

    sentence: ClassVar[str] = (
        "Adverse events are counted by system organ class and preferred term in subjects, each subject once a class "
        "and once a term: with an event of any grade, of a severe grade, called related, and by the worst grade."
    )

    method: Literal["adverse_events"]
    severe: int = Field(default=3, ge=2, le=5)
    """Lowest grade that is called severe."""
    treatment_emergent: bool = True
    """Whether only events with TRTEMFL = Y count."""


class Disposition(_Step):
    """Subjects by stage of the trial, by outcome and by analysis set, with the reasons of those who are missing."""

    sentence: ClassVar[str] = (
        "Subjects are counted stage by stage, each stage among those of the stage before, with percentages of all "
        "subjects of the analysis. Subjects who did not reach a stage, or who are not in an analysis set, are counted "
        "once, under the first reason that fits; those whom none fits are counted as other or not recorded, so that "
        "the numbers always add up."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"outcomes", "sets", "stages"})

    method: Literal["disposition"]
    stages: tuple[Stage, ...] = Field(min_length=1)
    """The stages, in the order in which subjects pass through them."""
    outcomes: tuple[Counted, ...] = ()
    """What became of the subjects of the last stage; each counts once, under the first that fits."""
    sets: tuple[CountedSet, ...] = ()
    """The analysis sets that are counted, in the order in which they are shown."""

    @model_validator(mode="after")
    def _parts_told_apart(self) -> "Disposition":
        labels = [s.label for s in self.stages]
        told_apart((*labels, *(o.label for o in self.outcomes), *(s.analysis_set for s in self.sets)))
        for counted in self.sets:
            if counted.among is not None and counted.among not in labels:
                msg = f"no stage is called '{counted.among}', among which {counted.analysis_set} is to be counted"
                raise ValueError(msg)
        return self

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Who reached each stage, the outcomes, and the reasons."""
        return tuple(clauses(self.stages, self.outcomes, self.sets))

    def among(self, counted: CountedSet) -> int:
        """Return the position of the stage among whose subjects a set is counted, from 0."""
        labels = [s.label for s in self.stages]
        return len(labels) - 1 if counted.among is None else labels.index(counted.among)


class Summary(_Step):
    """Description of a quantity."""

    sentence: ClassVar[str] = (
        "Quantities are described by n, mean, standard deviation, median (R type 7), minimum and maximum."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})

    method: Literal["summary"]
    variable: VariableRef
    digits: int = Field(default=0, ge=0, le=4)
    """Decimals of the data; mean, median and standard deviation of whole numbers show one."""


class BySubject(_Step):
    """The values of variables, subject by subject."""

    sentence: ClassVar[str] = "Individual values are listed."
    applied_to: ClassVar[frozenset[str]] = frozenset({"variables"})

    method: Literal["by_subject"]
    variables: tuple[VariableRef, ...] = Field(min_length=1)
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals of numbers; as they are in the data where it is left out, which computed values need."""


class Profile(_Step):
    """The course of a repeated measurement, each subject's and that of all, by day since infusion."""

    sentence: ClassVar[str] = (
        "A repeated measurement is shown by day since infusion: the values of each subject, and for each day with a "
        "value n, mean, standard deviation and median (R type 7). Several values of a subject on one day are averaged. "
        "Only days measured are described, with the subjects measured; nothing is imputed or carried forward. The "
        "highest and the lowest median are those of the days on which at least half of the subjects with a value "
        "were measured."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "parameter"})
    reads: ClassVar[tuple[Reference, ...]] = (INFUSION,)

    method: Literal["profile"]
    dataset: DatasetName = "ADLB"
    parameter: Identifier
    """The parameter that is followed."""
    window: Window | None = None
    """The days that are described, where not all (days since infusion)."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""
    scale: Literal["linear", "log"] = "linear"
    """The axis on which a figure draws it; the statistics are those of the values themselves."""
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""

    @model_validator(mode="after")
    def _of_all(self) -> "Profile":
        if self.by is not None:
            msg = "a profile shows every subject together: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self


class Records(_Step):
    """The records of a dataset, subject by subject, each with the days it starts and ends."""

    sentence: ClassVar[str] = (
        "Records are listed subject by subject, in order of their first day: each stands alone, so that a change of "
        "grade is seen and no two records are merged. Days are days since infusion. A record without an end is "
        "ongoing; its end is not imputed."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "end", "name", "start", "value", "where"})
    reads: ClassVar[tuple[Reference, ...]] = (INFUSION,)

    method: Literal["records"]
    dataset: DatasetName
    where: WhereClause | None = None
    """Which records, where not all."""
    start: VariableName
    """The date on which a record starts, or its only date."""
    end: VariableName | None = None
    """The date on which it ends, where records last; a record without one is ongoing."""
    value: VariableName | None = None
    """Its grade or value, as ``ATOXGR`` or ``AVALC``."""
    name: VariableName | None = None
    """What it is called, as ``AEDECOD``."""

    @model_validator(mode="after")
    def _told_apart(self) -> "Records":
        if self.by is not None:
            msg = "records stand subject by subject: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        named = [v for v in (self.start, self.end, self.value, self.name) if v is not None]
        if len(set(named)) < len(named):
            msg = "start, end, value and name must be different variables"
            raise ValueError(msg)
        return self

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records, where not all."""
        return () if self.where is None else ((("where",), self.where),)

    @property
    def about(self) -> VariableName:
        """The variable that says what a record is: its name, else its value, else its date."""
        return self.name or self.value or self.start

    @property
    def told(self) -> tuple[VariableName, ...]:
        """The variables of a record that are told, what it is about first."""
        named = (self.about, self.name, self.value, self.start, self.end)
        return tuple(v for v in dict.fromkeys(named) if v is not None)


class KaplanMeier(_Step):
    """Time to event by Kaplan and Meier, with follow-up."""

    on_follow_up: ClassVar[str] = (
        "Follow-up is described by the reverse Kaplan–Meier median and by the plain median of observed times. "
    )
    """The part of the sentence that a step without follow-up leaves out."""
    sentence: ClassVar[str] = (
        "The survival function is estimated by Kaplan and Meier with pointwise two-sided intervals, on the scale the "
        "plan names, from Greenwood's variance; the median and its interval come from the same curve and band "
        f"(Brookmeyer–Crowley). {on_follow_up}Survival past the last observed time is not estimated."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"at_risk", "data", "landmarks"})

    method: Literal["kaplan_meier"]
    data: DatasetName
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain", "logit", "arcsine"] = "log-log"
    """The scale on which the intervals are made; software packages differ in their default."""
    median_rule: Literal["midpoint", "table", "left", "right", "sas"] = "midpoint"
    """What the median is where the curve is flat at one half."""
    follow_up: bool = True
    """Whether times censored are follow-up: not so when censoring is an event such as transplantation."""
    landmarks: tuple[int, ...] = ()
    """Days since the start at which survival is given."""
    at_risk: tuple[int, ...] = ()
    """Days since the start at which the subjects still at risk are counted."""

    @property
    def in_words(self) -> str:
        """The sentence; times that are not follow-up are not described as such."""
        return self.sentence if self.follow_up else self.sentence.replace(self.on_follow_up, "")

    @model_validator(mode="after")
    def _times_in_order(self) -> "KaplanMeier":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            _days_in_order(times, name)
        return self


class CompetingRisks(_Step):
    """Cumulative incidence of each of several causes by Aalen and Johansen."""

    sentence: ClassVar[str] = (
        "The cumulative incidence of each cause is estimated by Aalen and Johansen, the other causes being competing "
        "events and not censored, with pointwise two-sided intervals on the scale the plan names, from Greenwood's "
        "variance for several causes. One minus the Kaplan–Meier estimate of one cause is not used: it exceeds the "
        "probability of that cause. Incidence past the last observed time is not estimated."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"causes", "data", "landmarks"})

    method: Literal["competing_risks"]
    data: DatasetName
    causes: tuple[Text, ...] = Field(min_length=2)
    """What may end the time, as EVNTDESC has it: every event the parameter names."""
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    """The scale on which the intervals are made."""
    landmarks: tuple[int, ...] = Field(min_length=1)
    """Days since the start at which incidence is given."""

    @model_validator(mode="after")
    def _causes_and_times(self) -> "CompetingRisks":
        _days_in_order(self.landmarks, "landmarks")
        if len(set(self.causes)) < len(self.causes):
            msg = "a cause stands twice"
            raise ValueError(msg)
        return self


class TimeDependent(_Step):
    """Time to event by a state that subjects enter during follow-up, as transplantation."""

    on_landmark: ClassVar[str] = (
        "A landmark analysis groups the subjects by their state on one day and follows from it those still observed; "
        "who enters the state later stays in the group of that day. "
    )
    """The part of the sentence that a step without a landmark leaves out."""
    sentence: ClassVar[str] = (
        "A state that subjects enter during follow-up is analysed by the time spent in it, so that nobody is credited "
        "with the time survived until entering it (immortal-time bias): a subject counts as unexposed up to and "
        "including the day of entry, and as exposed after it. The curves are those of Simon and Makuch, with pointwise "
        "two-sided intervals, on the scale the plan names, from Greenwood's variance; they are not curves of fixed "
        "groups. The states are compared by the test of Mantel and Byar, a log-rank test in which each subject is in "
        "the state of the moment; its p-value rests on an asymptotic chi-square distribution. "
        f"{on_landmark}No hazard ratio is estimated: with few events it is unstable, it is infinite where a state has "
        "none, and the states are not made by chance."
    )

    applied_to: ClassVar[frozenset[str]] = frozenset(
        {"at_risk", "data", "exposed", "exposure", "landmarks", "unexposed"}
    )
    reads: ClassVar[tuple[Reference, ...]] = (INFUSION,)

    method: Literal["time_dependent"]
    data: DatasetName
    exposure: VariableRef
    """The day on which a subject enters the state, counted from the start of the time; never where it is missing."""
    exposed: Text
    """What subjects are called after they entered the state."""
    unexposed: Text
    """What subjects are called until then."""
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain", "logit", "arcsine"] = "log-log"
    """The scale on which the intervals are made."""
    start: int = Field(default=0, ge=0)
    """The day from which the curves run; what happens up to a day above 0 is left out of them."""
    landmarks: tuple[int, ...] = Field(min_length=1)
    """Days since the start of the time at which survival is given."""
    at_risk: tuple[int, ...] = ()
    """Days since the start of the time at which the subjects in each state are counted."""
    landmark: int | None = Field(default=None, ge=1)
    """The day of the landmark analysis."""

    @property
    def in_words(self) -> str:
        """The sentence; without a landmark none is described."""
        return self.sentence if self.landmark is not None else self.sentence.replace(self.on_landmark, "")

    @model_validator(mode="after")
    def _states_and_times(self) -> "TimeDependent":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            _days_in_order(times, name)
            if times and times[0] < self.start:
                msg = f"{name} has day {times[0]}, before the curves start on day {self.start}"
                raise ValueError(msg)
        if self.exposed == self.unexposed:
            msg = "both states are called the same"
            raise ValueError(msg)
        if self.by is not None:
            msg = "the states are the groups: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self


class RankComparison(_Step):
    """Two groups compared by the exact Wilcoxon–Mann–Whitney test."""

    sentence: ClassVar[str] = (
        "Two groups are compared by the exact Wilcoxon–Mann–Whitney test on midranks (full permutation distribution), "
        "with the smallest p-value the group sizes and ties allow, the Hodges–Lehmann shift with the interval that "
        "inverts the same test, and the rank-biserial correlation and probability of superiority as effect sizes."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable"})

    method: Literal["rank_comparison"]
    variable: VariableRef
    by: Identifier
    two_sided: Literal["absolute_deviation", "twice_smaller_tail"] = "absolute_deviation"
    """Which results are as extreme as the one observed; with few subjects the choice can turn the verdict."""
    conf_level: Level = 0.95
    digits: int = Field(default=1, ge=0, le=4)
    """Decimals of the data."""


class Correlation(_Step):
    """Two quantities of each subject by a rank correlation with the exact permutation test."""

    sentence: ClassVar[str] = (
        "Whether two quantities go together is described by Spearman's rho on midranks or Kendall's tau-b, with "
        "approximate two-sided intervals by Fisher's z (standard errors of Bonett and Wright) and the p-value of the "
        "exact permutation distribution given the ties: the share of pairings in which the coefficient is at least as "
        "far from zero, with the smallest p these values allow. Of more than 14 pairs without ties, p is approximate "
        "and says so. Subjects without both values are left out. A correlation shows no cause."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"variable", "with_variable"})

    method: Literal["correlation"]
    variable: VariableRef
    with_variable: VariableRef
    """The quantity that the first is held against."""
    coefficient: Literal["spearman", "kendall"]
    """Spearman's rho, or Kendall's tau-b."""
    conf_level: Level = 0.95
    digits: int = Field(default=2, ge=1, le=4)
    """Decimals of the coefficient."""

    @model_validator(mode="after")
    def _of_two(self) -> "Correlation":
        if self.variable == self.with_variable:
            msg = f"{self.variable} is held against itself: with_variable must be another variable"
            raise ValueError(msg)
        return self


Step = Annotated[
    Binomial
    | Posterior
    | Distribution
    | Criteria
    | AdverseEvents
    | Disposition
    | Summary
    | BySubject
    | Profile
    | Records
    | KaplanMeier
    | CompetingRisks
    | TimeDependent
    | RankComparison
    | Correlation,
    Field(discriminator="method"),
]


def references(step: Step) -> tuple[Reference, ...]:
    """Return the variables a step uses.

    Parameters
    ----------
    step : Step
        One method applied.

    Returns
    -------
    tuple of Reference
        In the order of the plan.
    """
    if isinstance(step, BySubject):
        return step.variables
    if isinstance(step, Criteria):
        return (Reference(dataset=step.data, variable="CRITERIA"),)
    if isinstance(step, AdverseEvents):
        names = ("AEBODSYS", "AEDECOD", "ATOXGR", "AREL")
        return tuple(Reference(dataset="ADAE", variable=name) for name in names)
    if isinstance(step, Disposition):
        compared = [c for _, clause in step.clauses for c in conditions(clause)]
        named = (Reference(dataset=c.dataset, variable=c.variable) for c in compared)
        return tuple(dict.fromkeys((Reference(dataset="ADSL", variable="USUBJID"), *named)))
    if isinstance(step, Profile | Records):
        used = ("AVAL", "ADT") if isinstance(step, Profile) else step.told
        return tuple(Reference(dataset=step.dataset, variable=name) for name in used)
    if isinstance(step, CompetingRisks):
        return tuple(Reference(dataset=step.data, variable=name) for name in ("AVAL", "CNSR", "EVNTDESC"))
    if isinstance(step, KaplanMeier | TimeDependent):
        entered = (step.exposure,) if isinstance(step, TimeDependent) else ()
        return (*(Reference(dataset=step.data, variable=name) for name in ("AVAL", "CNSR")), *entered)
    return (step.variable, step.with_variable) if isinstance(step, Correlation) else (step.variable,)
