"""The posterior of a proportion, and the stopping rule."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sap.model.design import BetaPrior
from sap.model.figures import FigureName
from sap.model.names import Defined, Names
from sap.model.part import Level, Reference, Value, VariableRef
from sap.model.step import FIRST_TREATMENT, OneStep
from sap.model.words import joined
from sap.text.problems import Fault, Place


@dataclass(frozen=True)
class Question:
    """What a posterior of a proportion is asked."""

    prior: BetaPrior
    """Of the proportion."""
    threshold: float
    """The unacceptable rate, in (0, 1)."""
    probability: float | None
    """The trial stops when the posterior probability of a rate above it is this or more; None without a rule."""
    looks: tuple[int, ...]
    """After how many evaluated subjects; empty without a rule."""


class Posterior(OneStep):
    """Posterior of the proportion of subjects with an event, and what the plan's stopping rule makes of it."""

    sentence: ClassVar[str] = (
        "The posterior of the proportion under a prior Beta(a, b) is Beta(a + subjects with the event, b + subjects "
        "without): its mean, median and equal-tailed credible interval, and the probability that the proportion is "
        "above the unacceptable rate. Where the plan has a stopping rule for this event, prior, unacceptable rate, "
        "probability and looks are the rule's, but for what the options state; the least number of events that stops "
        "at each look is given, and events and posterior probability after each subject. The order of evaluation is "
        "taken to be that of the start of treatment, and of the identifiers on the same day."
    )
    if_missing: ClassVar[str] = "A subject without a value counts as one without the event."
    applied_to: ClassVar[frozenset[str]] = frozenset({"event", "variable"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"posterior_figure"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)
    option_words: ClassVar[Mapping[str, str]] = {"threshold": "unacceptable rate"}
    shares: ClassVar[frozenset[str]] = frozenset({"conf_level", "threshold"})
    also_called: ClassVar[str] = "bayes bayesian beta_binomial"

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

    @property
    def named_parts(self) -> tuple[tuple[str, ...], ...]:
        """The stopping rule."""
        return (("sample_size", "proportion", "stopping"),)

    def question(self, plan: Defined) -> Question | None:
        """Return what the step asks; None where it needs a rule and the plan has none for its event."""
        rule = plan.stopping_rule(self.variable, self.event)
        prior = self.prior or (rule.prior if rule is not None else None)
        threshold = self.threshold or (rule.unacceptable_rate if rule is not None else None)
        if prior is None or threshold is None:
            return None
        return Question(prior, threshold, rule.probability if rule else None, rule.looks if rule else ())

    def asked_of_plan(self, plan: Defined, share: Callable[[float], str]) -> str:
        """Return prior, rate, probability and looks, as the step or the stopping rule sets them."""
        asked, rule = self.question(plan), plan.stopping_rule(self.variable, self.event)
        if asked is None:
            return ""
        told = f"Here the prior is {asked.prior}, and the unacceptable rate {share(asked.threshold)}"
        if rule is None:
            return f"{told}; no stopping rule of the plan counts this event."
        stops = f"the rule stops at {share(rule.probability)}, at looks after {joined(map(str, rule.looks))} subjects"
        return f"{told}; {stops}. {rule.unless_stopped(plan.study.planned_n)}"

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and a posterior that needs a stopping rule and has none."""
        yield from super().problems(names, path)
        if self.question(names.plan) is not None:
            return
        examples = {"prior": "prior: {a: 1, b: 1}", "threshold": "threshold: 0.3"}
        lacking = {name: example for name, example in examples.items() if getattr(self, name) is None}
        planned = names.plan.sample_size.proportion
        counted = f"{self.variable} = {' / '.join(self.event)}"
        if planned is None or planned.stopping is None:
            what = "the plan has no stopping rule (sample_size.proportion.stopping) to take it from"
        else:
            what = f"the stopping rule counts the events of {planned.analysis}, and {counted} is not one of its events"
        message = f"the posterior of {counted} has no {' and no '.join(lacking)}: {what}."
        fix = f"State {' and '.join(lacking)} in the step, as {' and '.join(lacking.values())}."
        yield Fault(path, message, fix)
