"""The plan's document in the six sections of the guideline for analysis plans, each answer under its item's number."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reports.plan_document.analyses import analyses, estimands
from reports.plan_document.definitions import (
    analysis_sets,
    data_handling,
    datasets,
    derivations,
    dlt_rules,
    groupings,
    visit_windows,
)
from reports.plan_document.sample_size import sample_size, stopping
from reports.plan_document.steps import statistical_methods
from reports.plan_document.study import (
    assumptions,
    changes_from_protocol,
    contributors,
    design,
    eligibility,
    listings,
    objectives,
    output_label,
    outputs,
    plan_notice,
)
from reports.words.markdown import markdown_table, paragraph_text
from reports.words.numbers import stated
from sap.model.figures import FIGURES
from sap.model.words import joined
from sap.plan.content import Answer, content
from sap.plan.plan import Analysis, Plan

Body = Callable[[Plan], str]


@dataclass(frozen=True)
class Block:
    """A part of the document, and the items that it answers."""

    items: str
    """Their numbers, with blanks between them."""
    title: str
    body: Body
    """What it says, as Markdown; empty where the plan says nothing."""
    anchor: str = ""
    """Of a block that has a heading, what links lead to."""


def _at(*keys: str) -> Body:
    """Return what shows a text of the plan, where there is one."""

    def body(plan: Plan) -> str:
        value: object = plan
        for key in keys:
            value = getattr(value, key, None)
        return paragraph_text(value) if isinstance(value, str) else ""

    return body


def _title(plan: Plan) -> str:
    s = plan.study
    return paragraph_text(f"{plan.plan.title}. Trial {s.id}: {s.title}. In short: {s.short_title}.")


def _registration(plan: Plan) -> str:
    return paragraph_text("; ".join(f"{r.registry} {r.number}" for r in plan.study.registration))


def _version(plan: Plan) -> str:
    d = plan.plan
    return paragraph_text(f"{d.id}, version {d.version}, {d.date}. Described in {plan.study.source}.")


def _framework(plan: Plan) -> str:
    f = plan.design.framework
    return paragraph_text(f"{f.kind.capitalize()}. {f.text}") if f is not None else ""


def _assessments(plan: Plan) -> str:
    said = _at("design", "assessments")(plan)
    return " ".join(filter(None, (said, visit_windows(plan))))


def _dose_levels(plan: Plan) -> str:
    levels = plan.dose_finding.levels if plan.dose_finding is not None else ()
    return paragraph_text("; ".join(f"{x.label}: {x.dose}{' (first dose)' if x.start else ''}" for x in levels))


def _toxicity(plan: Plan) -> str:
    if not plan.dlt_rules:
        return ""
    rate = plan.dose_finding.target_rate if plan.dose_finding is not None else None
    planned = plan.sample_size.proportion
    tolerated = ""
    if rate is not None:
        tolerated = f" The target is a rate of {stated(rate)}."
    elif planned is not None and planned.stopping is not None:
        tolerated = f" The stopping rule calls a rate above {stated(planned.stopping.unacceptable_rate)} unacceptable."
    met = "A subject has a dose-limiting toxicity under a definition when any of its criteria is met."
    return f"\n{met}{tolerated}\n{dlt_rules(plan)}"


def _evaluable(plan: Plan) -> str:
    found = answer_of(plan, "E4")
    said = _at("dose_finding", "replacement")(plan)
    sets = [plan.analysis_sets[int(p[1])].title for p in found.places if p[0] == "analysis_sets"]
    who = f"{paragraph_text(joined(sets))} (defined with the [analysis sets](#plan-sets)). " if sets else ""
    return f"{who}{f'Replacement: {said}' if said else ''}"


def _domains(plan: Plan) -> str:
    outcomes = plan.dose_finding.outcomes if plan.dose_finding is not None else {}
    told = "; ".join(f"{domain}: objectives {', '.join(ids)}" for domain, ids in outcomes.items())
    return paragraph_text(f"{told[0].upper()}{told[1:]}.") if told else ""


def _led_to(plan: Plan, ids: Iterable[str]) -> str:
    """Return analyses and outputs by name, each as a link to where the document defines it."""
    known = {a.id: (a.title, f"sec-{a.id.lower()}") for a in plan.analyses}
    known |= {o.id: (output_label(o), f"plan-{o.id.lower()}") for o in plan.outputs}
    known |= {x.id: (f"Listing {x.number}", f"plan-{x.id.lower()}") for x in plan.listings}
    return "; ".join(f"[{paragraph_text(known[i][0])}](#{known[i][1]})" for i in ids)


def _exposure(plan: Plan) -> str:
    named = plan.dose_finding.exposure if plan.dose_finding is not None else ()
    return f"Dose and what was given of it are described in {_led_to(plan, named)}." if named else ""


def _shown(key: str) -> Body:
    def body(plan: Plan) -> str:
        part = getattr(plan.principles, key, None)
        named = part.shown_in if part is not None else ()
        return f"{_led_to(plan, named)}." if named else ""

    return body


_CREDIBLE: Final = "the posterior (a credible interval)"


def _intervals(plan: Plan) -> str:
    """Return the levels of the intervals, and by which methods."""
    levels: dict[float, dict[str, None]] = {}
    for step in (s for a in plan.analyses for s in (*a.steps, *(s for x in a.sensitivity for s in x.steps))):
        level = getattr(step, "conf_level", None)
        if level is not None:
            name = _CREDIBLE if step.method == "posterior" else step.method.replace("_", " ")
            levels.setdefault(level, {})[name] = None
    told = "; ".join(f"{stated(level)} for {joined(methods)}" for level, methods in levels.items())
    return f"Two-sided, unless a method says otherwise: {paragraph_text(told)}." if told else ""


def _flow(plan: Plan) -> str:
    found = [o.id for o in plan.outputs if o.kind == "flow_figure"]
    return f"Drawn in {_led_to(plan, found)}: {paragraph_text(FIGURES['flow_figure'].shows)}." if found else ""


def _baseline(plan: Plan) -> str:
    named = plan.trial_population.baseline if plan.trial_population is not None else ()
    told = []
    for a in (plan.analysis(i) for i in named):
        what = paragraph_text(", ".join(s.label or s.method for s in a.steps))
        told.append(f"{_led_to(plan, [a.id])} ({paragraph_text(a.estimand.summary.lower())}): {what}")
    return f"{'; '.join(told)}. The methods stand with each analysis." if told else ""


def _some(picks: Callable[[Analysis], bool], after: str = "") -> Body:
    """Return what names the analyses of a kind."""

    def body(plan: Plan) -> str:
        found = [a.id for a in plan.analyses if picks(a)]
        return f"{_led_to(plan, found)}.{after}" if found else ""

    return body


def _beside(plan: Plan) -> str:
    told = [
        f"{_led_to(plan, [a.id])}: {paragraph_text(', '.join(s.id for s in a.sensitivity))}"
        for a in plan.analyses
        if a.sensitivity
    ]
    return f"{'; '.join(told)}. Each stands with its analysis." if told else ""


def _outputs(plan: Plan) -> str:
    notes = "Footnotes stand under each table, figure and listing; they explain it, and are sealed with the plan."
    return f"{notes}\n{outputs(plan)}"


def _endpoints(plan: Plan) -> str:
    ranked = (a for a in plan.analyses if a.purpose == "primary")
    primary = "; ".join(f"{paragraph_text(a.endpoint)} ({_led_to(plan, [a.id])})" for a in ranked)
    others = "The others stand with their [objectives](#plan-objectives). Each is defined with its analysis."
    return f"Primary: {primary}. {others}\n{estimands(plan)}"


_SECTIONS: Final[Mapping[int, tuple[Block, ...]]] = {
    1: (
        Block("1a", "Title", _title),
        Block("1b", "Trial registration", _registration),
        Block("2", "Version", _version),
        Block("3", "Protocol", _at("plan", "protocol")),
        Block("5", "Contributors", contributors),
        Block("", "Changes from the protocol", changes_from_protocol, "plan-changes"),
    ),
    2: (
        Block("7", "Background and question", _at("study", "background")),
        Block("8", "Objectives and endpoints", objectives, "plan-objectives"),
        Block(
            "",
            "Assumptions: what the source does not state, and what the plan decided instead",
            assumptions,
            "plan-assumptions",
        ),
    ),
    3: (
        Block("9", "Design", design, "plan-design"),
        Block("10", "Randomisation", _at("design", "randomisation")),
        Block("11 E6", "Sample size", sample_size, "plan-sample-size"),
        Block("12", "Framework", _framework),
        Block("13a", "Interim analyses", _at("design", "interim", "text")),
        Block("13b", "Adjustment for them", _at("design", "interim", "adjustment")),
        Block("E10", "Data of each decision", _at("design", "interim", "data")),
        Block("13c", "Stopping rule", stopping, "plan-stopping"),
        Block("14", "Final analysis", _at("design", "final_analysis")),
        Block("15", "Times of assessment", _assessments),
        Block("E1", "Dose levels", _dose_levels),
        Block("E2", "Decisions on dose", _at("dose_finding", "decisions")),
        Block("E3", "Dose-limiting toxicity", _toxicity, "plan-rules"),
        Block("E4", "Evaluable subjects", _evaluable),
        Block("E5", "Recommended dose", _at("dose_finding", "recommendation")),
        Block("E7", "Bayesian models", _at("dose_finding", "bayes")),
        Block("E8", "Domains of the objectives", _domains),
        Block("E9", "Exposure", _exposure),
        Block("E11", "Expansion", _at("dose_finding", "expansion")),
    ),
    4: (
        Block("16", "Level of significance", _at("principles", "significance")),
        Block("17", "Multiplicity", _at("conventions", "multiplicity")),
        Block("18", "Confidence intervals", _intervals),
        Block("19a", "Adherence", _at("principles", "adherence", "definition")),
        Block("19b", "Adherence, shown in", _shown("adherence")),
        Block("19c", "Protocol deviations", _at("principles", "deviations", "definition")),
        Block("19d", "Protocol deviations, shown in", _shown("deviations")),
        Block("20", "Analysis sets", analysis_sets, "plan-sets"),
        Block("", "Conventions", data_handling, "plan-conventions"),
    ),
    5: (
        Block("21", "Screening", _at("trial_population", "screening")),
        Block("22", "Eligibility", eligibility),
        Block("23", "Flow of subjects", _flow),
        Block("24a", "Withdrawal", _at("trial_population", "withdrawal", "levels")),
        Block("24b", "Withdrawal, when recorded", _at("trial_population", "withdrawal", "timing")),
        Block("24c", "Withdrawal, reasons", _at("trial_population", "withdrawal", "reasons")),
        Block("25a 25b", "Baseline", _baseline),
    ),
    6: (
        Block("26a", "Outcomes and estimands", _endpoints, "plan-estimands"),
        Block("26b", "Data sets and units", datasets, "plan-datasets"),
        Block("26c", "Derived variables", derivations, "plan-derivations"),
        Block("", "Groupings", groupings, "plan-groupings"),
        Block("27a", "Statistical methods", statistical_methods, "plan-methods"),
        Block("27b", "Covariates", _at("principles", "covariates")),
        Block("27c", "Assumptions of the methods", _at("principles", "method_assumptions")),
        Block("27d", "Where an assumption fails", _at("principles", "alternatives")),
        Block("27e", "Sensitivity and supplementary analyses", _beside),
        Block("27f", "Subgroups", _at("principles", "subgroups")),
        Block("28", "Missing data", _at("conventions", "missing")),
        Block("29", "Exploratory analyses", _some(lambda a: a.purpose == "exploratory")),
        Block(
            "30",
            "Harms",
            _some(
                lambda a: any(s.method == "adverse_events" for s in a.steps),
                " Single toxicities have analyses of their own.",
            ),
        ),
        Block("31", "Software", _at("software")),
        Block("32a", "References of methods", _at("documents", "methods")),
        Block("32b", "Data management plan", _at("documents", "data_management_plan")),
        Block("32c", "Trial master file", _at("documents", "trial_master_file")),
        Block("32d", "Procedures", _at("documents", "procedures")),
        Block("", "Analyses", analyses, "plan-analyses"),
        Block("", "Tables and figures", _outputs, "plan-outputs"),
        Block("", "Listings", listings, "plan-listings"),
    ),
}
"""The document; what the seal says of revisions and signatures (4a to 6c) stands between its first two sections."""


def answer_of(plan: Plan, number: str) -> Answer:
    """Return what a plan says of one item."""
    return next(a for a in content(plan) if a.item.number == number)


def mark(*numbers: str, led_to: bool = True) -> str:
    """Return the numbers of items for the margin, each a place that links lead to unless something else is."""
    spans = " ".join(f"[{n}]{{.item{f' #item-{n.lower()}' if led_to else ''}}}" for n in numbers)
    return f"[{spans}]{{.margin}} " if spans else ""


def led_to(text: str, *numbers: str) -> str:
    """Return a passage to which the links of items lead: a heading stands in the contents too, an id stands once."""
    for n in numbers:
        text = f"\n::: {{#item-{n.lower()}}}\n{text}\n:::\n"
    return text


def why_not(answer: Answer) -> str:
    """Return what stands where an answer does not."""
    if answer.status == "missing":
        return f"**Missing.** {paragraph_text(answer.reason)}"
    return f"*{answer.status.capitalize()}.* {paragraph_text(answer.reason)}"


def guideline_section(plan: Plan, number: int, late: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a section of the document, from 1 to 6: each block under the numbers of the items it answers."""
    answers = {a.item.number: a for a in content(plan)}
    blocks = _SECTIONS[number]
    return (plan_notice(plan) if number == 2 else "") + "\n".join(_block(plan, b, answers, late) for b in blocks)


def _block(plan: Plan, block: Block, answers: Mapping[str, Answer], late: Mapping[str, str]) -> str:
    numbers = block.items.split()
    open_items = [n for n in numbers if answers[n].status != "answered"]
    text = analyses(plan, late) if block.body is analyses else block.body(plan)
    answered = [n for n in numbers if n not in open_items]
    parts = []
    if text.strip() and block.anchor:
        marks = mark(*answered, led_to=False)
        parts.append(f"\n### {marks}{block.title} {{#{block.anchor}}}\n\n{led_to(text, *answered)}\n")
    elif text.strip():
        parts.append(f"\n{mark(*answered)}**{block.title}.** {text}\n")
    titles = [block.title if len(numbers) == 1 and not parts else _topic(answers[n]) for n in open_items]
    parts += [f"\n{mark(n)}**{title}.** {why_not(answers[n])}\n" for n, title in zip(open_items, titles, strict=True)]
    return "".join(parts)


def _topic(answer: Answer) -> str:
    return paragraph_text(f"{answer.item.topic[0].upper()}{answer.item.topic[1:]}")


def checklist(plan: Plan) -> str:
    """Return the list of the guideline, filled in: each item with where it is answered, or why not."""
    rows = [
        (
            f"[{a.item.number}](#item-{a.item.number.lower()})",
            _topic(a),
            f"Section {a.item.section}" if a.status == "answered" else why_not(a),
        )
        for a in content(plan)
    ]
    return markdown_table(("Item", "What it asks for", "Where it is answered"), rows, (8, 46, 66))
