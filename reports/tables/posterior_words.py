"""A posterior and its stopping rule in a sentence, for those who do not see the figure."""

from analysis.results.ard import Row
from reports.layout.lookup import Lookup
from reports.words.numbers import shown, stated
from reports.words.plan_words import unless_stopped
from sap.methods.posterior import Posterior
from sap.plan.plan import Plan


def posterior_words(plan: Plan, lookup: Lookup, analysis_id: str, step: Posterior) -> str:
    """Return the posterior, what the rule says of it, and events at each look against the stopping line."""
    of = lookup.by_stat(analysis_id, context="posterior", variable=step.variable.variable)
    about = step.label or " / ".join(step.event)
    if of["a"].stat is None:
        return f"{about}: no subjects, so there is no posterior. {_looks(lookup, analysis_id, step)}".strip()
    level = stated(step.conf_level)
    limits = f"{shown(of['conf.low'])} to {shown(of['conf.high'])}"
    told = (
        f"{about}: {shown(of['n'])} of {shown(of['N'])} subjects. Posterior Beta({shown(of['a'])}, {shown(of['b'])}), "
        f"median {shown(of['median'])} ({level} credible interval {limits}). "
        f"The probability that the rate is above {shown(of['threshold'])} is {shown(of['prob.above'])}."
    )
    if "probability" not in of:
        return told
    return (
        f"{told} The rule stops at {shown(of['probability'])}; "
        f"reached by all subjects together: {shown(of['reached'])}. "
        f"{_looks(lookup, analysis_id, step)} First look that stops: {shown(of['first.stop'])}. "
        f"{after_looks(plan, step)}"
    )


def after_looks(plan: Plan, step: Posterior) -> str:
    """Return what becomes of a trial that no look stops; empty where no rule counts the event."""
    rule = plan.stopping_rule(step.variable, step.event)
    return "" if rule is None else unless_stopped(plan, rule.looks)


def _looks(lookup: Lookup, analysis_id: str, step: Posterior) -> str:
    looks = lookup.by_level(analysis_id, context="posterior_look", variable=step.variable.variable)
    return " ".join(_look(n, of) for n, of in looks.items())


def _look(n: str, of: dict[str, Row]) -> str:
    stops = "no number of events stops" if of["stop.at"].stat is None else f"stops at {shown(of['stop.at'])} events"
    seen = "not reached" if of["n"].stat is None else f"{shown(of['n'])} seen"
    return f"After {n} subjects: {stops}, {seen}."
