"""A posterior in a table, and in a sentence: the rate, the stopping rule at its looks, and the sequence."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analysis.results.ard import Row, unique
from reports.layout.cells import Cells
from reports.layout.lookup import Lookup
from reports.layout.method_table import Context, MethodTable, event_heading, event_level
from reports.layout.model import AND, COUNTED, OVER, SLOT, WITH_LIMITS, Line
from reports.words.numbers import shown, stated
from sap.methods.posterior import Posterior
from sap.plan.plan import Plan

BETA = f"Beta({SLOT}{AND}{SLOT})"


def posterior_lines(cells: Cells, step: Posterior) -> Iterator[Line]:
    """Yield the lines of a posterior."""
    name = cells.section(step)
    at = {"variable": step.variable.variable}
    whole = {"context": "posterior", **at}
    level = f"{stated(step.conf_level)} credible interval, equal-tailed"
    for label, layout, names in (
        ("Events / subjects", f"{SLOT}{OVER}{SLOT}", ("n", "N")),
        ("Prior", BETA, ("prior.a", "prior.b")),
        ("Posterior", BETA, ("a", "b")),
        ("Posterior mean (SD)", COUNTED, ("mean", "sd")),
        (f"Posterior median ({level})", WITH_LIMITS, ("median", "conf.low", "conf.high")),
        ("Unacceptable rate", SLOT, ("threshold",)),
        ("Probability that the rate is above it", SLOT, ("prob.above",)),
        ("Probability at which the rule stops", SLOT, ("probability",)),
        ("Reached by all subjects together", SLOT, ("reached",)),
        ("First look at which the rule is met", SLOT, ("first.stop",)),
    ):
        lines = cells.stats(f"{name}: posterior of the rate", label, layout, names, **whole)
        notes = tuple(filter(None, [after_looks(cells.plan, step)])) if names == ("first.stop",) else ()
        yield from (replace(line, notes=notes) for line in lines)
    for look in _levels(cells, context="posterior_look", **at):
        here = {"context": "posterior_look", "level": look, **at}
        title = f"{name}: stopping rule after {look} subjects"
        yield from cells.stats(title, "Least number of events that stops", SLOT, ("stop.at",), **here)
        yield from cells.stats(
            title,
            "Events seen (probability of a rate above the unacceptable one)",
            COUNTED,
            ("n", "prob.above"),
            **here,
        )
        yield from cells.stats(title, "Stops", SLOT, ("reached",), **here)
    for evaluated in _levels(cells, context="posterior_sequence", **at):
        here = {"context": "posterior_sequence", "level": evaluated, **at}
        title = f"{name}: events so far (probability of a rate above the unacceptable one), by number evaluated"
        yield from cells.stats(title, evaluated, COUNTED, ("n", "prob.above"), **here)


def _levels(cells: Cells, **at: str) -> tuple[str, ...]:
    """Return the numbers of subjects of a part, smallest first; analyses may have evaluated different numbers."""
    found = unique(r.variable_level for t in cells.wanted for r in cells.rows(t.id, **at))
    return tuple(sorted(found, key=int))


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
    return "" if rule is None else rule.unless_stopped(plan.study.planned_n)


def _looks(lookup: Lookup, analysis_id: str, step: Posterior) -> str:
    looks = lookup.by_level(analysis_id, context="posterior_look", variable=step.variable.variable)
    return " ".join(_look(n, of) for n, of in looks.items())


def _look(n: str, of: dict[str, Row]) -> str:
    stops = "no number of events stops" if of["stop.at"].stat is None else f"stops at {shown(of['stop.at'])} events"
    seen = "not reached" if of["n"].stat is None else f"{shown(of['n'])} seen"
    return f"After {n} subjects: {stops}, {seen}."


TABLE: Final = MethodTable(
    lines=posterior_lines,
    contexts={
        "posterior": Context("Posterior of a proportion"),
        "posterior_look": Context("Stopping rule at a look", "Evaluated", level="{} evaluated"),
        "posterior_sequence": Context("Posterior after each subject", "Evaluated", level="{} evaluated"),
    },
    heading=event_heading,
    told_apart=("variable", "by", "event"),
    stated=("prior.a", "prior.b", "threshold", "probability", "stop.at"),
    row_level=event_level,
)
