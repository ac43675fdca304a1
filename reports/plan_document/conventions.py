"""The definitions that hold for every analysis."""

from reports.words.markdown import bullets, paragraph_text, pipe_table
from reports.words.plan_words import day, related_in_words
from sap.data.rules import RULES, TOLD
from sap.model.conventions import DataCutoff
from sap.plan.plan import DataRule, Plan


def conventions(plan: Plan) -> str:
    """Return what holds for the numbers: days, rounding, missing values, multiplicity."""
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


COMPARED = (
    "A missing value equals nothing but a missing value: NE and NOT IN hold for it, and no order does. Numbers are "
    "compared as numbers."
)
"""How where-clauses compare."""


def data_handling(plan: Plan) -> str:
    """Return what holds for the data: baseline, visits and their windows, partial dates, names of subjects."""
    c = plan.conventions
    named = "Pages name subjects by their identifiers." if c.show_subject_ids else "Pages do not name subjects."
    items = [
        f"**Baseline.** {paragraph_text(c.baseline)}",
        f"**Visits.** {paragraph_text(c.visits)}",
        f"**Partial dates.** {paragraph_text(c.partial_dates)}",
        f"**Comparisons.** {COMPARED}",
        f"**Times to event.** AVAL of ADTTE is {c.origin_day} on the start date itself, and times, landmarks and axes "
        f"are in the same count.{_survival(plan)}",
        *([] if plan.data_cutoff is None else [f"**Data cut-off.** {_cutoff(plan.data_cutoff)}"]),
        *([] if c.emergent_days is None else [f"**Treatment-emergent events.** {_emergent(c.emergent_days)}"]),
        *([f"**Related events.** {related_in_words(plan)}"] if "ADAE" in plan.datasets else []),
        f"**Subjects.** {named}",
    ]
    return bullets(items) + _visit_windows(plan) + _exceptions(plan)


def _exceptions(plan: Plan) -> str:
    """Return the exceptions from the rules that the data are held to."""
    if not plan.data_rules:
        return ""
    sentences = {r.id: r.sentence for r in RULES} | dict(TOLD)
    rows = [
        (e.rule, sentences[e.rule], e.severity, _whose(e, named=plan.conventions.show_subject_ids), e.reason)
        for e in plan.data_rules
    ]
    head = ("Rule", "What breaks it", "Severity here", "Records", "Why it is excepted")
    return "\nThe data are held to rules, of which this plan makes exceptions:\n" + pipe_table(
        head, rows, (8, 30, 12, 20, 30)
    )


def _whose(exception: DataRule, *, named: bool) -> str:
    """Return whose records may break a rule."""
    subjects = len(exception.subjects)
    who = ", ".join(exception.subjects) if named else f"{subjects} subject{'s' * (subjects > 1)}"
    return f"{exception.dataset or 'all datasets'}{f', {who}' if subjects else ''}"


def _emergent(days: int) -> str:
    return f"They start on or after the first treatment and within {days} days after the last."


def _cutoff(cutoff: DataCutoff) -> str:
    day = cutoff.date or f"the day in ADSL.{cutoff.variable}, subject by subject"
    by = [f"{name} by {v}" if v else f"{name} not at all" for name, v in cutoff.dated_by.items()]
    dated = f" Records are dated by ADT, else ASTDT; {', '.join(by)}." if by else ""
    return (
        f"What happened after {day} is not analysed. Records dated later are left out; what began before and ended "
        f"later is ongoing; who died later is alive; times to event that end later are censored on that day.{dated}"
    )


def _survival(plan: Plan) -> str:
    parameter = plan.conventions.survival_parameter
    if parameter is None:
        return ""
    return f" {paragraph_text(f'Parameter {parameter} is overall survival: its events are the deaths of ADSL.')}"


def _visit_windows(plan: Plan) -> str:
    windows = plan.conventions.visit_windows
    if not windows:
        return ""
    rows = [(w.name, day(w.day), f"{day(w.start)} to {day(w.end)}") for w in windows]
    return pipe_table(("Visit", "Planned day since first treatment", "Days that belong to it"), rows, (34, 33, 33))
