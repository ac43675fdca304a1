"""What is studied and what will be shown: particulars, design, objectives, changes, and the numbered outputs."""

from collections.abc import Sequence

from reports.words.labels import window_in_words
from reports.words.markdown import bullets, column_widths, markdown_table, paragraph_text, pipe_table
from sap.model.figures import FIGURES
from sap.model.words import clause_in_words
from sap.plan.plan import Author, Output, Plan


def output_label(output: Output) -> str:
    """Return a table or figure as it is called: "Table 14.2.1"."""
    return f"{'Table' if output.kind == 'table' else 'Figure'} {output.number}"


def outputs(plan: Plan) -> str:
    """Return the tables and figures promised, in the order of their numbers, and what each kind of figure shows."""
    planned = sorted(plan.outputs, key=lambda o: _order(o.number))
    rows = [(o.id, output_label(o), o.title, ", ".join(o.analyses), _particulars(o)) for o in planned]
    shown = "; ".join(dict.fromkeys(f"{_kind(o)}, {FIGURES[o.kind].shows}" for o in planned if o.kind != "table"))
    text = f"\n{paragraph_text(f'Kinds of figure: {shown}.')}\n" if shown else ""
    return _numbered(("Number", "Title", "Analyses", "Particulars"), rows) + text


def listings(plan: Plan) -> str:
    """Return the listings promised, in the order of their numbers, and what is not shown at all."""
    rows = [
        (
            x.id,
            f"Listing {x.number}",
            x.title,
            f"{x.dataset}{f' where {clause_in_words(x.where)}' if x.where is not None else ''}, {x.analysis_set}",
            ", ".join(map(str, x.variables)),
            ", ".join(x.sort),
        )
        for x in sorted(plan.listings, key=lambda x: _order(x.number))
    ]
    return _numbered(("Number", "Title", "Records, subjects", "Columns", "Sorted by"), rows) + not_shown(plan)


def _numbered(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table of rows that begin with their id, each a place that links lead to."""
    if not rows:
        return "\nNone.\n"
    cells = [(f"[{number}]{{#plan-{i.lower()}}} ({i})", *map(paragraph_text, rest)) for i, number, *rest in rows]
    return markdown_table(head, cells, column_widths(head, [(f"{number} ({i})", *rest) for i, number, *rest in rows]))


def not_shown(plan: Plan) -> str:
    """Return what the plan leaves out, and why; nothing where it names nothing."""
    items = [f"{paragraph_text(x.what)}: {paragraph_text(x.why)}" for x in plan.not_shown]
    return f"\n**Not shown**\n\n{bullets(items)}" if items else ""


def _order(number: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts 14.2.10 after 14.2.9, and parts that are words before numbers."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in number.split("."))


def _particulars(o: Output) -> str:
    """Return what an output shows beyond the results of its analyses."""
    found = [
        *([_kind(o)] if o.kind != "table" else []),
        *(["values of each subject"] if o.by_subject else []),
        *([f"axis: {o.axis}"] if o.axis is not None else []),
        *([f"curve: {o.curve}"] if o.curve is not None else []),
        *([f"points marked by {o.marks}"] if o.marks is not None else []),
        *([f"{window_in_words(o.window)}"] if o.window is not None else []),
        *([f"line at {o.reference:.15g}"] if o.reference is not None else []),
    ]
    return "; ".join(found)


def _kind(o: Output) -> str:
    return o.kind.removesuffix("_figure").replace("_", " ")


def contributors(plan: Plan) -> str:
    """Return who wrote the plan, each with affiliation and role where it says so."""
    told = (f"{a.name}, {a.affiliation} ({a.role})" if isinstance(a, Author) else a for a in plan.plan.authors)
    return paragraph_text(f"{'; '.join(told)}.") if plan.plan.authors else ""


def plan_notice(plan: Plan) -> str:
    """Return what a reader must know about when the plan was written; nothing where the plan says nothing."""
    return f"\n{paragraph_text(plan.study.plan_notice)}\n" if plan.study.plan_notice else "\n"


def design(plan: Plan) -> str:
    """Return the design in words."""
    d, study = plan.design, plan.study
    return bullets(
        [
            f"**{name}.** {paragraph_text(text)}"
            for name, text in (
                ("Phase", study.phase),
                ("Overview", d.overview),
                ("Control", d.control),
                ("Blinding", d.blinding),
                ("Population", f"{study.population}; {study.planned_n} subjects are planned."),
                ("Treatment", f"{study.treatment}. {d.treatment}"),
                ("Follow-up", d.follow_up),
            )
        ]
    )


def eligibility(plan: Plan) -> str:
    """Return who may take part; nothing where the plan does not say it."""
    found = plan.trial_population.eligibility if plan.trial_population is not None else None
    if found is None:
        return ""
    lists = [("Inclusion", found.inclusion), ("Exclusion", found.exclusion)]
    return bullets([f"**{name}.** {paragraph_text('; '.join(items))}" for name, items in lists if items])


def objectives(plan: Plan) -> str:
    """Return each objective with its endpoints, the analyses that answer it and where these are shown."""
    rows = []
    for o in plan.objectives:
        answers = [a for a in plan.analyses if a.objective == o.id]
        by_endpoint = {a.endpoint: [b.id for b in answers if b.endpoint == a.endpoint] for a in answers}
        endpoints = "; ".join(f"{endpoint} ({', '.join(ids)})" for endpoint, ids in by_endpoint.items())
        shown = dict.fromkeys(output_label(x) for x in plan.outputs for a in answers if a.id in x.analyses)
        rows.append((o.id, o.purpose, o.text, endpoints, ", ".join(shown)))
    return pipe_table(("Id", "Purpose", "Objective", "Endpoints (analyses)", "Shown in"), rows)


def assumptions(plan: Plan) -> str:
    """Return what the source does not state and the plan decided."""
    if not plan.assumptions:
        return "\nNone.\n"
    return pipe_table(("Id", "Assumption", "Why it is needed"), [(a.id, a.text, a.reason) for a in plan.assumptions])


def changes_from_protocol(plan: Plan) -> str:
    """Return where the plan departs from the protocol; "None." when it does not."""
    if not plan.changes_from_protocol:
        return "\nNone.\n"
    rows = [(c.id, c.protocol, c.plan, c.reason) for c in plan.changes_from_protocol]
    return pipe_table(("Id", "Protocol", "This plan", "Why"), rows)
