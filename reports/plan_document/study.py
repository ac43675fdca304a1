"""What is studied and what will be shown: particulars, design, objectives, changes, and the numbered outputs."""

from reports.words.labels import window_in_words
from reports.words.markdown import bullets, paragraph_text, pipe_table
from sap.model.figures import FIGURES
from sap.model.words import clause_in_words
from sap.plan.plan import Listing, Output, Plan


def output_label(output: Output) -> str:
    """Return a table or figure as it is called: "Table 14.2.1"."""
    return f"{'Table' if output.kind == 'table' else 'Figure'} {output.number}"


def outputs(plan: Plan) -> str:
    """Return the tables and figures promised, in the order of their numbers."""
    return _list([_output(o) for o in sorted(plan.outputs, key=lambda o: _order(o.number))])


def listings(plan: Plan) -> str:
    """Return the listings promised, in the order of their numbers, and what is not shown at all."""
    promised = _list([_listing(x) for x in sorted(plan.listings, key=lambda x: _order(x.number))])
    return f"{promised}\n{not_shown(plan)}"


def not_shown(plan: Plan) -> str:
    """Return what the plan leaves out, and why; nothing where it names nothing."""
    items = [f"{paragraph_text(x.what)}: {paragraph_text(x.why)}" for x in plan.not_shown]
    return f"**Not shown**\n\n{bullets(items)}" if items else ""


def _list(items: list[str]) -> str:
    return bullets(items) if items else "\nNone.\n"


def _order(number: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts 14.2.10 after 14.2.9, and parts that are words before numbers."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in number.split("."))


def _output(o: Output) -> str:
    more = [
        *([FIGURES[o.kind].shows] if o.kind != "table" else []),
        f"analyses: {', '.join(o.analyses)}",
        *(["with the values of each subject"] if o.by_subject else []),
        *([f"axis: {o.axis}"] if o.axis is not None else []),
        *([f"height of the curve: {o.curve}"] if o.curve is not None else []),
        *([f"points marked by {o.marks}"] if o.marks is not None else []),
        *([f"{window_in_words(o.window)}"] if o.window is not None else []),
        *([f"line at {o.reference:.15g}"] if o.reference is not None else []),
    ]
    return _item(output_label(o), o.id, o.title, more, o.footnotes)


def _listing(x: Listing) -> str:
    more = [
        f"records of {x.dataset}",
        *([f"where {clause_in_words(x.where)}"] if x.where is not None else []),
        f"subjects of {x.analysis_set}",
        f"columns: {', '.join(map(str, x.variables))}",
        f"sorted by {', '.join(x.sort)}",
    ]
    return _item(f"Listing {x.number}", x.id, x.title, more, x.footnotes)


def _item(label: str, identifier: str, title: str, more: list[str], footnotes: tuple[str, ...]) -> str:
    notes = "".join(f"\n    - {paragraph_text(note)}" for note in footnotes)
    about = "; ".join(more)
    said = paragraph_text(f"({identifier}) {title}. {about[:1].upper()}{about[1:]}.")
    return f"[**{label}**]{{#plan-{identifier.lower()}}} {said}{notes}"


def document(plan: Plan) -> str:
    """Return what identifies the plan and the study."""
    d, s = plan.plan, plan.study
    return pipe_table(
        ("Item", "Content"),
        [
            ("Plan", f"{d.id}, version {d.version}, {d.date}"),
            ("Title", d.title),
            *([("Authors", ", ".join(d.author_names))] if d.authors else []),
            *([("Protocol", d.protocol)] if d.protocol else []),
            ("Study", f"{s.id}: {s.title}"),
            ("Short title", s.short_title),
            ("Phase", s.phase),
            ("Population", s.population),
            ("Treatment", s.treatment),
            ("Planned subjects", str(s.planned_n)),
            ("Source", s.source),
        ],
        (22, 78),
    )


def plan_notice(plan: Plan) -> str:
    """Return what a reader must know about when the plan was written; nothing where the plan says nothing."""
    return f"\n{paragraph_text(plan.study.plan_notice)}\n" if plan.study.plan_notice else "\n"


def design(plan: Plan) -> str:
    """Return the design in words."""
    d = plan.design
    return bullets(
        [
            f"**{name}.** {paragraph_text(text)}"
            for name, text in (
                ("Overview", d.overview),
                ("Control", d.control),
                ("Randomisation", d.randomisation),
                ("Blinding", d.blinding),
                ("Treatment", d.treatment),
                ("Follow-up", d.follow_up),
            )
        ]
    )


def objectives(plan: Plan) -> str:
    """Return each objective with its endpoints, the analyses that answer it and where these are shown."""
    rows = []
    for o in plan.objectives:
        answers = [a for a in plan.analyses if a.objective == o.id]
        shown = dict.fromkeys(output_label(x) for x in plan.outputs for a in answers if a.id in x.analyses)
        rows.append(
            (
                o.id,
                o.purpose,
                o.text,
                "; ".join(dict.fromkeys(a.endpoint for a in answers)),
                ", ".join(a.id for a in answers),
                ", ".join(shown),
            )
        )
    head = ("Id", "Purpose", "Objective", "Endpoints", "Analyses", "Shown in")
    return pipe_table(head, rows, (6, 13, 26, 22, 18, 15))


def assumptions(plan: Plan) -> str:
    """Return what the source does not state and the plan decided."""
    if not plan.assumptions:
        return "\nNone.\n"
    return pipe_table(
        ("Id", "Assumption", "Why it is needed"), [(a.id, a.text, a.reason) for a in plan.assumptions], (8, 50, 42)
    )


def changes_from_protocol(plan: Plan) -> str:
    """Return where the plan departs from the protocol; "None." when it does not."""
    if not plan.changes_from_protocol:
        return "\nNone.\n"
    rows = [(c.id, c.protocol, c.plan, c.reason) for c in plan.changes_from_protocol]
    return pipe_table(("Id", "Protocol", "This plan", "Why"), rows, (6, 34, 30, 30))
