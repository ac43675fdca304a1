"""The plan as the document a statistician signs: each section from the plan alone."""

from collections.abc import Callable, Mapping

from reports.labels import variable_label
from reports.markdown import bullets, paragraph_text, pipe_table
from sap.clause import AllOf, AnyOf, Condition, Not, WhereClause
from sap.derivations import BestResponse, Derivation, DltStatus, Peak, TimeToEvent
from sap.dlt import Criterion
from sap.methods import BySubject, Step
from sap.model import Reference, Window
from sap.plan import Analysis, Plan, Sensitivity

KINDS = (
    ("sensitivity", "Sensitivity analyses (the same estimand under other assumptions)"),
    ("supplementary", "Supplementary analyses (another estimand)"),
)

WORDS = {
    "EQ": "is",
    "NE": "is not",
    "GT": "is greater than",
    "GE": "is at least",
    "LT": "is less than",
    "LE": "is at most",
    "IN": "is one of",
    "NOTIN": "is none of",
}


def in_words(clause: WhereClause) -> str:
    """Return a where-clause as a phrase.

    Parameters
    ----------
    clause : WhereClause
        Any clause.

    Returns
    -------
    str
        As ``ADSL.SAFFL is "Y" and (…)``.
    """
    match clause:
        case Condition():
            name = f"{clause.dataset}.{clause.variable}"
            if clause.value == ("",):
                return f"{name} is {'missing' if clause.comparator in {'EQ', 'IN'} else 'not missing'}"
            return f"{name} {WORDS[clause.comparator]} {', '.join(clause.value)}"
        case Not():
            return f"not ({in_words(clause.clause)})"
        case AllOf() | AnyOf():
            return (" and " if isinstance(clause, AllOf) else " or ").join(_bracketed(c) for c in clause.clauses)
    raise AssertionError(clause)


def _bracketed(clause: WhereClause) -> str:
    return in_words(clause) if isinstance(clause, Condition) else f"({in_words(clause)})"


def _window(window: Window) -> str:
    if window.start is not None and window.end is not None:
        return f"days {window.start} to {window.end} since infusion"
    if window.start is not None:
        return f"from day {window.start} since infusion"
    return f"up to day {window.end} since infusion" if window.end is not None else "any time"


def document(plan: Plan) -> str:
    """Return what identifies the plan and the study."""
    d, s = plan.plan, plan.study
    return pipe_table(
        ("Item", "Content"),
        [
            ("Plan", f"{d.id}, version {d.version}, {d.date}"),
            ("Authors", ", ".join(d.authors)),
            ("Study", f"{s.id}: {s.title}"),
            ("Phase", s.phase),
            ("Design", s.design),
            ("Population", s.population),
            ("Treatment", s.treatment),
            ("Planned subjects", str(s.planned_n)),
            ("Source", s.source),
        ],
        (22, 78),
    )


def objectives(plan: Plan) -> str:
    """Return the objectives."""
    return bullets([paragraph_text(o) for o in plan.objectives])


def conventions(plan: Plan) -> str:
    """Return the definitions that hold for every analysis."""
    c = plan.conventions
    return bullets(
        [
            f"**Days.** {paragraph_text(c.days)}",
            f"**Rounding.** Results are kept in full precision and rounded {c.rounding} when they are shown; p-values "
            f"show {c.p_value_digits} decimals.",
            f"**Missing data.** {paragraph_text(c.missing)}",
            f"**Multiplicity.** {paragraph_text(c.multiplicity)}",
        ]
    )


def assumptions(plan: Plan) -> str:
    """Return what the source does not state and the plan decided."""
    return pipe_table(
        ("Id", "Assumption", "Why it is needed"), [(a.id, a.text, a.reason) for a in plan.assumptions], (8, 50, 42)
    )


def analysis_sets(plan: Plan) -> str:
    """Return the analysis sets, in words and as where-clauses."""
    return pipe_table(
        ("Set", "Definition", "Records"),
        [(f"{s.title} ({s.id})", s.text, in_words(s.where)) for s in plan.analysis_sets],
        (22, 40, 38),
    )


def dlt_rules(plan: Plan) -> str:
    """Return each definition of dose-limiting toxicity, criterion by criterion."""
    parts = []
    for rule in plan.dlt_rules:
        parts.append(f"\n**{paragraph_text(rule.title)}** ({rule.id}), onset in {_window(rule.window)}.\n")
        rows = [(c.id, c.text, _criterion(c), c.source) for c in rule.criteria]
        parts.append(pipe_table(("Id", "Criterion", "Adverse events that meet it", "Source"), rows, (8, 34, 48, 10)))
    return "\n".join(parts)


def _criterion(criterion: Criterion) -> str:
    parts = [in_words(criterion.event), f"grade {criterion.min_grade} or higher"]
    if criterion.related_only:
        parts.append("called related")
    if criterion.min_duration_days is not None:
        parts.append(f"lasting at least {criterion.min_duration_days} days, first and last day counted")
    if criterion.window is not None:
        parts.append(_window(criterion.window))
    return "; ".join(parts)


def derivations(plan: Plan) -> str:
    """Return what is derived for each subject."""
    head = ("Id", "Derivation", "Rule", "Variables")
    rows = [
        (d.id, d.text, _derivation_rule(d), ", ".join(f"{n}: {v.label}" for n, v in d.provides.items()))
        for d in plan.derivations
    ]
    return pipe_table(head, rows, (10, 28, 30, 32))


def _derivation_rule(d: Derivation) -> str:
    match d:
        case DltStatus():
            return f"rule {d.rule}"
        case BestResponse():
            stop = f"; before ADSL.{d.before}" if d.before else ""
            order = ", ".join(d.order)
            return f"{d.dataset} {d.parameter}, best of {order}, {_window(d.window)}{stop}; NE without one"
        case TimeToEvent():
            stop = f"; censored at ADSL.{d.censor_at} when it comes first" if d.censor_at else ""
            return f"{d.dataset} {d.parameter}{stop}"
        case Peak():
            stop = f"; before ADSL.{d.before}" if d.before else ""
            below = f"below quantification counts as {d.below_quantification}; first day where several are highest"
            return f"{d.dataset} {d.parameter}, {_window(d.window)}{stop}; {below}"


def groupings(plan: Plan) -> str:
    """Return the groupings, group by group."""
    rows = [
        (g.id, g.title, str(g.variable), "; ".join(f"{v.label}: {', '.join(map(str, v.values))}" for v in g.levels))
        for g in plan.groupings
    ]
    return pipe_table(("Id", "Grouping", "Variable", "Groups"), rows, (12, 28, 18, 42))


def analyses(plan: Plan) -> str:
    """Return every analysis with its estimand, methods and sensitivity analyses."""
    return "\n".join(_analysis(plan, a) for a in plan.analyses)


def _analysis(plan: Plan, a: Analysis) -> str:
    analysis_set = plan.set_of(a.analysis_set)
    e = a.estimand
    rows = [
        ("Purpose", f"{a.purpose}, {a.reason}"),
        ("Endpoint", a.endpoint),
        ("Estimand: population", e.population),
        ("Estimand: treatment", e.treatment),
        ("Estimand: variable", e.variable),
        *(
            (f"Intercurrent event: {i.event}", f"{i.strategy.capitalize()}. {i.handling}")
            for i in e.intercurrent_events
        ),
        ("Estimand: summary", e.summary),
        ("Analysis set", f"{analysis_set.title} ({analysis_set.id})"),
        *([("Subset", in_words(a.data_subset))] if a.data_subset is not None else []),
        *([("Assumptions", ", ".join(a.assumptions))] if a.assumptions else []),
    ]
    shown_in = [o.id for o in plan.outputs if a.id in o.analyses]
    if shown_in:
        rows.append(("Shown in", ", ".join(shown_in)))
    parts = [
        f"\n### {paragraph_text(a.title)} ({a.id}) {{#sec-{a.id.lower()}}}\n",
        pipe_table(("Item", "Content"), rows, (28, 72)),
        "\nMethods:\n",
        bullets([_step(plan, s) for s in a.steps]),
    ]
    for kind, heading in KINDS:
        found = [_sensitivity(x) for x in a.sensitivity if x.kind == kind]
        if found:
            parts += [f"\n{heading}:\n", bullets(found)]
    return "\n".join(parts)


def _sensitivity(s: Sensitivity) -> str:
    uses = [f"{new} in place of {old}" for old, new in s.use.items()]
    swapped = [f"derivation {u}" for u in uses] + ([f"analysis set {s.analysis_set}"] if s.analysis_set else [])
    means = f" ({', '.join(swapped)})" if swapped else ""
    return f"**{s.id}**: {paragraph_text(s.title)}. {paragraph_text(f'Changes: {s.changes}{means}. {s.reason}')}"


def _step(plan: Plan, step: Step) -> str:
    if isinstance(step, BySubject):
        about = "; ".join(variable_label(plan, v) for v in step.variables)
    else:
        variable = getattr(step, "variable", None)
        about = step.label or (variable_label(plan, variable) if isinstance(variable, Reference) else "")
    skipped = {"method", "variable", "variables", "label"}
    options = ", ".join(
        f"{name} {_option(value)}"
        for name, value in step.model_dump(exclude=skipped, exclude_none=True).items()
        if value not in ((), "", None)
    )
    tail = f" Options: {paragraph_text(options)}." if options else ""
    return f"**{paragraph_text(about)}** (`{step.method}`). {paragraph_text(step.sentence)}{tail}"


def _option(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def outputs(plan: Plan) -> str:
    """Return the tables and figures promised."""
    rows = [(o.id, o.kind.replace("_", " "), o.title, ", ".join(o.analyses)) for o in plan.outputs]
    return pipe_table(("Id", "Kind", "Title", "Analyses"), rows, (12, 22, 46, 20))


def methods(plan: Plan) -> str:
    """Return the statistical methods of a manuscript: one sentence a method, in the plan's order, none twice."""
    sentences = dict.fromkeys(s.sentence for a in plan.analyses for s in a.steps if not isinstance(s, BySubject))
    return "\n" + " ".join(map(paragraph_text, sentences)) + "\n"


SECTIONS: Mapping[str, Callable[[Plan], str]] = {
    "analyses": analyses,
    "analysis_sets": analysis_sets,
    "assumptions": assumptions,
    "conventions": conventions,
    "derivations": derivations,
    "dlt_rules": dlt_rules,
    "document": document,
    "groupings": groupings,
    "methods": methods,
    "objectives": objectives,
    "outputs": outputs,
}
"""Sections a page may print by name."""
