"""Why the trial has the size it has, and when it stops: what the planned number of subjects can show."""

from analysis.design.operating_characteristics import (
    LookResult,
    at_least_one,
    operating_characteristics,
    planned_intervals,
    stopping_bounds,
    stopping_table,
)
from reports.words.markdown import paragraph_text, pipe_table
from reports.words.numbers import formatted, percent, stated
from sap.model.design import PlannedProportion, StoppingRule
from sap.model.words import joined
from sap.plan.plan import Plan


def sample_size(plan: Plan) -> str:
    """Return the justification of the number of subjects, with the exact figures behind it."""
    n, s = plan.study.planned_n, plan.sample_size
    parts = [f"\n{n} subjects are planned. {paragraph_text(s.text)}\n"]
    if s.proportion is not None:
        parts += [_seen_at_least_once(n, s.proportion), _intervals(n, s.proportion)]
    return "\n".join(parts)


def _seen_at_least_once(n: int, p: PlannedProportion) -> str:
    rates = "; ".join(f"{percent(r.probability)} at {stated(r.true_rate)}" for r in at_least_one(n, p.true_rates))
    seen = f"Probability of at least one subject with {p.event} among {n}, by true rate"
    return f"\n{paragraph_text(seen)}, 1 − (1 − rate)^{n}^: {rates}.\n"


def _intervals(n: int, p: PlannedProportion) -> str:
    level = stated(p.conf_level)
    text = (
        f"Two-sided {level} Clopper–Pearson interval for each possible number of subjects with {p.event} among {n} "
        f"({p.analysis}), and its width in percentage points:"
    )
    rows = [
        (
            f"{r.x}/{r.n}",
            percent(r.estimate),
            f"{percent(r.interval.conf_low)} to {percent(r.interval.conf_high)}",
            formatted(100 * r.width, "xx.x"),
        )
        for r in planned_intervals(n, p.conf_level)
    ]
    return f"\n{paragraph_text(text)}\n" + pipe_table(("Subjects", "Estimate", "Interval", "Width"), rows)


def stopping(plan: Plan) -> str:
    """Return the stopping rule: what it says to every possible result, and how it behaves under each true rate."""
    p = plan.sample_size.proportion
    if p is None or p.stopping is None:
        return "\nThe plan has no stopping rule.\n"
    rule = p.stopping
    return "\n".join(
        [f"\n{paragraph_text(rule.text)}\n", _rule(plan, p, rule), _table(rule), _behaviour(plan, p, rule)]
    )


def _rule(plan: Plan, p: PlannedProportion, rule: StoppingRule) -> str:
    looks = joined(str(n) for n in rule.looks)
    bounds = [
        f"{x} of {n}" if x is not None else f"never at {n}"
        for x, n in zip(stopping_bounds(rule), rule.looks, strict=True)
    ]
    text = (
        f"The trial stops when the posterior probability that the rate of {p.event} exceeds "
        f"{stated(rule.unacceptable_rate)} is {stated(rule.probability)} or more, with the prior "
        f"Beta({rule.prior.a:.15g}, {rule.prior.b:.15g}), at looks after {looks} evaluated subjects. The smallest "
        f"counts that stop it: {', '.join(bounds)}. {rule.unless_stopped(plan.study.planned_n)}"
    )
    return f"\n{paragraph_text(text)}\n"


def _table(rule: StoppingRule) -> str:
    looks = stopping_table(rule)
    head = ("Subjects with the event", *(f"After {n} subjects" for n in rule.looks))
    rows = [(str(x), *(_said(look, x) for look in looks)) for x in range(rule.looks[-1] + 1)]
    text = f"\nPosterior probability that the rate exceeds {stated(rule.unacceptable_rate)}, by result at each look:\n"
    return text + pipe_table(head, rows)


def _said(look: tuple[LookResult, ...], x: int) -> str:
    if x >= len(look):
        return "–"
    return f"{percent(look[x].prob_above)}{', stop' if look[x].stop else ''}"


def _behaviour(plan: Plan, p: PlannedProportion, rule: StoppingRule) -> str:
    found = operating_characteristics(rule, p.true_rates, plan.study.planned_n)
    head = ("True rate", *(f"Stopped by {n} subjects" for n in rule.looks), "Subjects, mean")
    rows = [(stated(o.true_rate), *map(percent, o.stopped_by), formatted(o.expected_subjects, "xx.x")) for o in found]
    text = (
        "\nExact probability that the trial has stopped at a look or before, and the mean number of subjects, "
        f"{plan.study.planned_n} if no look stops it, under each true rate, where every subject can be evaluated:\n"
    )
    return text + pipe_table(head, rows)
