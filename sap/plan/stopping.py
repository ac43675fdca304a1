"""What a posterior is asked: the prior, the rate and the looks, of the plan's stopping rule or of the step itself."""

from dataclasses import dataclass

from sap.methods.binomial import Binomial
from sap.methods.posterior import Posterior
from sap.model.design import BetaPrior, StoppingRule
from sap.plan.plan import Plan


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


def question(plan: Plan, step: Posterior) -> Question | None:
    """Return what a step asks; None where it needs a rule and the plan has none for its event."""
    rule = rule_for(plan, step)
    prior = step.prior or (rule.prior if rule is not None else None)
    threshold = step.threshold or (rule.unacceptable_rate if rule is not None else None)
    if prior is None or threshold is None:
        return None
    return Question(prior, threshold, rule.probability if rule else None, rule.looks if rule else ())


def rule_for(plan: Plan, step: Posterior) -> StoppingRule | None:
    """Return the stopping rule of the plan where it counts the event of a step."""
    planned = plan.sample_size.proportion
    if planned is None or planned.stopping is None:
        return None
    counted = (s for a in plan.analyses if a.id == planned.analysis for s in a.steps if isinstance(s, Binomial))
    same = any(s.variable == step.variable and set(s.event) == set(step.event) for s in counted)
    return planned.stopping if same else None
