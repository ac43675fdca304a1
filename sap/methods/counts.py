"""Methods that count subjects."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.methods.disposition_parts import Counted, CountedSet, Stage, clauses, told_apart
from sap.model.clause import WhereClause, conditions
from sap.model.design import BetaPrior
from sap.model.part import DatasetName, Identifier, Level, Reference, Text, Value
from sap.model.step import FIRST_TREATMENT, OneStep, Place, VariableRef, variables_of


class Binomial(OneStep):
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

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)


class Posterior(OneStep):
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
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)

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

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)

    @model_validator(mode="after")
    def _of_all(self) -> "Posterior":
        if self.by is not None:
            msg = "a posterior is that of all subjects: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self


class Distribution(OneStep):
    """Subjects per category."""

    of_all: ClassVar[str] = "all subjects in the analysis set"
    of_recorded: ClassVar[str] = "the subjects with a value"
    sentence: ClassVar[str] = (
        f"Categories are counted, with percentages of {of_all}; a value that is none of them counts as other, and "
        "subjects without a value are counted apart, as missing."
    )
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

    @property
    def other(self) -> str:
        """What is called the category of subjects with a value that is none of the levels."""
        return self._unlike_levels("Other", "Other (not listed)")

    @property
    def missing(self) -> str:
        """What is called the category of subjects without a value, where no level stands for it."""
        return self._unlike_levels("Missing", "Missing (no value)")

    def _unlike_levels(self, name: str, longer: str) -> str:
        taken = {text.casefold() for text in (*self.levels, *self.labels.values())}
        return longer if name.casefold() in taken else name

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The categories."""
        return ((("levels",), self.variable, self.levels),)

    @model_validator(mode="after")
    def _labels_of_levels(self) -> "Distribution":
        unknown = [v for v in self.labels if v not in self.levels]
        if unknown:
            msg = f"labels names {', '.join(map(repr, unknown))}, which is none of the levels"
            raise ValueError(msg)
        return self


class Criteria(OneStep):
    """Subjects who met each criterion of a dose-limiting toxicity rule; a subject may meet several."""

    sentence: ClassVar[str] = (
        "Subjects are counted under each criterion they met; a subject may be counted under several."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"data"})

    method: Literal["criteria"]
    data: DatasetName

    @property
    def references(self) -> tuple[Reference, ...]:
        """The criteria that each subject met."""
        return variables_of(self.data, ("CRITERIA",))


class AdverseEvents(OneStep):
    """Subjects with adverse events by system organ class and preferred term."""

    on_groups: ClassVar[str] = (
        " Every class and term that anybody in the analysis has is counted in every group, as 0 where nobody in the "
        "group has it."
    )
    sentence: ClassVar[str] = (
        "Adverse events are counted by system organ class and preferred term in subjects, each subject once a class "
        "and once a term: with an event of any grade, of a severe grade, called related, and by the worst grade. An "
        "event without a grade counts as any grade only."
        f"{on_groups}"
    )

    method: Literal["adverse_events"]
    severe: int = Field(default=3, ge=2, le=5)
    """Lowest grade that is called severe."""
    treatment_emergent: bool = True
    """Whether only events with TRTEMFL = Y count."""

    @property
    def in_words(self) -> str:
        """The sentence, without what is said of groups where there are none."""
        return self.sentence if self.by is not None else self.sentence.replace(self.on_groups, "")

    @property
    def references(self) -> tuple[Reference, ...]:
        """What an event is called, how severe it was, and whether it was related."""
        return variables_of("ADAE", ("AEBODSYS", "AEDECOD", "ATOXGR", "AREL"))


class Disposition(OneStep):
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
    def references(self) -> tuple[Reference, ...]:
        """Who the subjects are, and what the clauses compare."""
        compared = (c for _, clause in self.clauses for c in conditions(clause))
        named = (Reference(dataset=c.dataset, variable=c.variable) for c in compared)
        return tuple(dict.fromkeys((*variables_of("ADSL", ("USUBJID",)), *named)))

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Who reached each stage, the outcomes, and the reasons."""
        return tuple(clauses(self.stages, self.outcomes, self.sets))

    @property
    def named_sets(self) -> tuple[tuple[Place, Identifier], ...]:
        """The analysis sets that are counted."""
        return tuple((("sets", i, "analysis_set"), s.analysis_set) for i, s in enumerate(self.sets))

    def among(self, counted: CountedSet) -> int:
        """Return the position of the stage among whose subjects a set is counted, from 0."""
        labels = [s.label for s in self.stages]
        return len(labels) - 1 if counted.among is None else labels.index(counted.among)
