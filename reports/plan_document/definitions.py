"""What analyses are made of: datasets, analysis sets, rules, derived variables, groupings."""

from reports.words.markdown import paragraph_text, pipe_table
from reports.words.plan_words import related_in_words, window_in_words
from sap.model.derivations import (
    AreaUnderCurve,
    BestResponse,
    Criterion,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    Peak,
    TimeToEvent,
)
from sap.model.variables import Parameter, Variable
from sap.model.words import clause_in_words, shown_values
from sap.plan.plan import Plan


def datasets(plan: Plan) -> str:
    """Return the datasets, with the variables and parameters this trial has beyond the core of their kind."""
    parts = []
    for name, dataset in plan.datasets.items():
        key = f"; one record for each {', '.join(dataset.key)}" if dataset.key else ""
        missing = f"; missing: {', '.join(dataset.missing_values)}" if dataset.missing_values else ""
        parts.append(f"\n**{name}**: {paragraph_text(f'{dataset.title} ({dataset.file}{key}{missing})')}\n")
        rows = [_variable(v) for v in dataset.variables]
        if rows:
            parts.append(pipe_table(("Variable", "Label", "Type", "Values"), rows, (14, 40, 12, 34)))
        rows = [_parameter(code, p) for code, p in dataset.parameters.items()]
        if rows:
            parts.append(pipe_table(("Parameter", "Label", "Unit", "Values"), rows, (14, 40, 12, 34)))
    return "\n".join(parts)


def _variable(v: Variable) -> tuple[str, ...]:
    missing = "; may be missing" if v.missing else ""
    optional = "" if v.required else "; the column may be absent"
    return (
        v.name,
        f"{v.label} ({v.unit})" if v.unit else v.label,
        v.type,
        f"{_values(v)}{missing}{optional}".strip("; "),
    )


def _parameter(code: str, p: Parameter) -> tuple[str, ...]:
    return code, p.label, p.unit or "", "; ".join(part for part in (_values(p), _clock(p)) if part)


def _clock(p: Parameter) -> str:
    """Return what starts and what ends a time to event."""
    parts = []
    if p.origin is not None:
        records = f"{p.origin.dataset}.{p.origin.parameter or p.origin.variable}"
        first = f"first {records}" if p.origin.parameter else records
        of = f" of {' or '.join(p.origin.values)}" if p.origin.values else ""
        date = f" (by {p.origin.variable})" if p.origin.parameter else ""
        parts.append(f"starts at {first}{of}{date}")
    if p.events:
        parts.append(f"ends with {' or '.join(p.events)}")
    return "; ".join(parts)


def _values(of: Variable | Parameter) -> str:
    if of.codelist:
        return shown_values(of.codelist)
    limits = [f"{word} {limit:.15g}" for word, limit in (("from", of.min), ("to", of.max)) if limit is not None]
    return " ".join(limits)


def analysis_sets(plan: Plan) -> str:
    """Return the analysis sets, in words and as where-clauses."""
    return pipe_table(
        ("Set", "Definition", "Records"),
        [(f"{s.title} ({s.id})", s.text, clause_in_words(s.where)) for s in plan.analysis_sets],
        (22, 40, 38),
    )


_EPISODES = (
    "Rows of one term at or above the grade of a criterion that overlap, or follow each other without a day between, "
    "are one episode: a change of grade does not end it. Its onset is the first day of its first row. An episode "
    "without an end lasts until the subject dies or is last known alive. A missing grade is no grade: such an event "
    "meets no criterion that asks for more than grade 1, and a subject without a dose-limiting toxicity is not "
    "evaluable where it would be one if its grade were high enough."
)
"""How rows become episodes, as the derivation does it."""


def dlt_rules(plan: Plan) -> str:
    """Return each definition of dose-limiting toxicity, criterion by criterion."""
    if not plan.dlt_rules:
        return "\nThe plan defines no dose-limiting toxicity.\n"
    parts = [f"\n{_EPISODES} {related_in_words(plan)}\n"]
    for rule in plan.dlt_rules:
        onset = window_in_words(rule.window)
        parts.append(f"\n**{paragraph_text(rule.title)}** ({paragraph_text(rule.id)}), onset in {onset}.\n")
        rows = [(c.id, c.text, _criterion(c), c.source) for c in rule.criteria]
        parts.append(pipe_table(("Id", "Criterion", "Adverse events that meet it", "Source"), rows, (8, 34, 48, 10)))
    return "\n".join(parts)


def _criterion(criterion: Criterion) -> str:
    parts = [clause_in_words(criterion.event), f"grade {criterion.min_grade} or higher"]
    if criterion.related_only:
        parts.append("called related")
    if criterion.min_duration_days is not None:
        parts.append(f"lasting at least {criterion.min_duration_days} days, first and last day counted")
    if criterion.window is not None:
        parts.append(window_in_words(criterion.window))
    return "; ".join(parts)


def derivations(plan: Plan) -> str:
    """Return what is derived for each subject."""
    if not plan.derivations:
        return "\nNone.\n"
    head = ("Id", "Derivation", "Rule", "Variables")
    rows = [
        (d.id, d.text, _derivation_rule(plan, d), ", ".join(f"{n}: {v.label}" for n, v in d.provides.items()))
        for d in plan.derivations
    ]
    return pipe_table(head, rows, (10, 28, 30, 32))


def _derivation_rule(plan: Plan, d: Derivation) -> str:
    match d:
        case DltStatus():
            return f"rule {d.rule}"
        case BestResponse():
            return _best_rule(plan, d)
        case TimeToEvent():
            stop = f"; censored at ADSL.{d.censor_at} when it comes first" if d.censor_at else ""
            return f"{d.dataset} {d.parameter}{stop}"
        case Peak():
            stop = f"; before ADSL.{d.before}" if d.before else ""
            below = f"below quantification counts as {d.below_quantification}; first day where several are highest"
            return f"{d.dataset} {d.parameter}, {window_in_words(d.window)}{stop}; {below}"
        case AreaUnderCurve():
            return _area_rule(d)
        case EventOccurrence():
            related = "; called related" if d.related_only else ""
            grade = f"grade {d.min_grade} or higher{related}; onset {window_in_words(d.window)}"
            told = f"; an end on or after ADSL.{d.before} is told apart" if d.before else ""
            return f"{clause_in_words(d.event)}; {grade}{told}"
        case DayOf():
            of = f" of {d.parameter}" if d.parameter else ""
            return f"{d.dataset}.{d.variable}{of}, in days since first treatment"


def _best_rule(plan: Plan, d: BestResponse) -> str:
    stop = f"; before ADSL.{d.before}" if d.before else ""
    known = dict.fromkeys((*plan.datasets[d.dataset].parameters[d.parameter].codelist, *d.order))
    ends = ", ".join(v for v in known if d.is_progression(v))
    until = f"up to and including the first {ends} after first treatment" if ends else "no value is progression"
    parts = [f"{d.dataset} {d.parameter}, best of {', '.join(d.order)}, {window_in_words(d.window)}{stop}; {until}"]
    stable = ", ".join(d.stable_values)
    if d.confirmation is not None:
        parts.append(
            f"{', '.join(d.responses)} when seen again, as good or better, at least {d.confirmation} days later with "
            f"no worse assessment between, else counted as {d.stable_values[0]}"
        )
    if d.min_days is not None:
        parts.append(f"{stable} from day {d.min_days} since first treatment on, and not counted before")
    return "; ".join((*parts, "NE without one"))


def _area_rule(d: AreaUnderCurve) -> str:
    stop = f"; before ADSL.{d.before}" if d.before else ""
    between = "falling values logarithmically" if d.rule == "linear-up/log-down" else "all values in straight lines"
    below = f"below quantification counts as {d.below_quantification}"
    rule = f"trapezoidal rule ({d.rule}), {between}; {below}; the highest of several values on one day"
    return f"{d.dataset} {d.parameter}, {window_in_words(d.window)}{stop}; {rule}; none unless the window is spanned"


def groupings(plan: Plan) -> str:
    """Return the groupings, group by group."""
    if not plan.groupings:
        return "\nNone.\n"
    rows = [
        (g.id, g.title, str(g.variable), "; ".join(f"{v.label}: {shown_values(v.values)}" for v in g.levels))
        for g in plan.groupings
    ]
    return pipe_table(("Id", "Grouping", "Variable", "Groups"), rows, (12, 28, 18, 42))
