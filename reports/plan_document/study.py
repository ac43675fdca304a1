"""What is studied: the plan's own particulars, the design, the objectives, and what changed since the protocol."""

from reports.plan_document.shown import output_label
from reports.words.markdown import bullets, paragraph_text, pipe_table
from sap.plan.plan import Plan


def document(plan: Plan) -> str:
    """Return what identifies the plan and the study."""
    d, s = plan.plan, plan.study
    return pipe_table(
        ("Item", "Content"),
        [
            ("Plan", f"{d.id}, version {d.version}, {d.date}"),
            ("Title", d.title),
            *([("Authors", ", ".join(d.authors))] if d.authors else []),
            ("Protocol", d.protocol),
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
