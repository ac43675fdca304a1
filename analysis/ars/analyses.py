"""The analyses of a reporting event, each with its results, in the words of the standard and ours where it has none."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.ars.code import values
from analysis.ars.groupings import Groupings
from analysis.ars.methods import Method, options
from analysis.ars.populations import Json, set_id, subset_id
from analysis.ars.source import asked_for
from analysis.ars.units import Unit
from analysis.results.ard import Row, number_text
from analysis.results.provenance import Provenance
from sap.plan.plan import Analysis, Plan

PURPOSES = {
    "primary": "PRIMARY OUTCOME MEASURE",
    "secondary": "SECONDARY OUTCOME MEASURE",
    "exploratory": "EXPLORATORY OUTCOME MEASURE",
}
REASONS = {"specified in SAP": "SPECIFIED IN SAP", "post hoc": "DATA DRIVEN"}

SENSITIVITY = "TERM-SENSITIVITY"
SUPPLEMENTARY = "TERM-SUPPLEMENTARY"
SET_SIZE = "TERM-SET-SIZE"
HTML = "TERM-HTML"


def purpose(unit: Unit) -> Json:
    """Return the purpose of an analysis; a change of another analysis has that as its purpose, not the outcome."""
    if unit.analysis is None:
        return {"sponsorTermId": SET_SIZE}
    if unit.change is not None:
        return {"sponsorTermId": SENSITIVITY if unit.change.kind == "sensitivity" else SUPPLEMENTARY}
    return {"controlledTerm": PURPOSES[unit.analysis.purpose]}


def reason(unit: Unit) -> Json:
    """Return why an analysis was done."""
    return {"controlledTerm": REASONS[unit.reason]}


def terminology() -> list[Json]:
    """Return the terms that the standard's lists do not have."""
    purposes = [
        _term(
            SENSITIVITY, "SENSITIVITY ANALYSIS", "The same question under other assumptions (ICH E9(R1), A.5.2); the "
            "category names the main analysis."
        ),
        _term(
            SUPPLEMENTARY, "SUPPLEMENTARY ANALYSIS", "Another question beside that of a main analysis (ICH E9(R1), "
            "A.5.3); the category names it."
        ),
        _term(SET_SIZE, "SIZE OF ANALYSIS SET", "How many subjects are in an analysis set."),
    ]  # fmt: skip
    files = [_term(HTML, "html", "A page of the report.")]
    return [
        _extension("TERMS-PURPOSE", "AnalysisPurposeEnum", purposes),
        _extension("TERMS-FILE", "OutputFileTypeEnum", files),
    ]


def _term(name: str, value: str, description: str) -> Json:
    return {"id": name, "submissionValue": value, "description": description}


def _extension(name: str, enumeration: str, terms: list[Json]) -> Json:
    return {"id": name, "enumeration": enumeration, "sponsorTerms": terms}


CODE = "CODE"
POST_HOC = "POST-HOC"


@dataclass(frozen=True)
class Event:
    """What the analyses of a reporting event have in common."""

    plan: Plan
    methods: Mapping[str, Method]
    """By id of the analysis."""
    subsets: bool
    """Whether any analysis has a data subset."""
    groupings: Groupings
    """The factors of the results."""
    provenance: Provenance
    """Which program computed them."""
    shown: Callable[[Row, int], str]
    """A row and the decimals of a p-value to the row as it is printed."""


def titles(plan: Plan, unit: Unit) -> tuple[str, str]:
    """Return the full name of an analysis, and what it is called among its neighbours."""
    if unit.analysis is None:
        title = plan.set_of(unit.analysis_set).title
        return f"Number of subjects: {title}", title
    short = _short(plan, unit)
    changed = f" ({unit.change.kind}: {unit.change.title})" if unit.change is not None else ""
    return f"{unit.analysis.title}{changed}: {short}", short


def _short(plan: Plan, unit: Unit) -> str:
    step = unit.step
    if step is None:
        return "Number of subjects"
    by = f" by {plan.grouping(step.by).title}" if step.by is not None else ""
    if step.listed:
        return f"{unit.reference} of each subject{by}"
    return f"{step.label or f'{unit.reference}, {step.method}'.replace('_', ' ')}{by}"


def analysis(event: Event, unit: Unit) -> Json:
    """Return one analysis as the standard writes it, without its results."""
    plan, method = event.plan, event.methods[unit.id]
    name, label = titles(plan, unit)
    found: Json = {"id": unit.id, "name": name, "label": label, "description": _description(plan, unit)}
    found |= {"reason": reason(unit), "purpose": purpose(unit), "methodId": method.id}
    if unit.analysis is not None:
        found["categoryIds"] = [unit.analysis.id, *([unit.change.id] if unit.change is not None else [])]
        found["documentRefs"] = [_section(plan, unit.analysis, post_hoc=unit.reason == "post hoc")]
    found |= {"dataset": unit.reference.dataset, "variable": unit.reference.variable}
    found["analysisSetId"] = set_id(plan, unit)
    if subset := subset_id(unit, any_other=event.subsets):
        found["dataSubsetId"] = subset
    if ordered := event.groupings.ordered(unit):
        found["orderedGroupings"] = ordered
    if referenced := method.referenced(unit):
        found["referencedAnalysisOperations"] = referenced
    found["programmingCode"] = _program(event, unit)
    return found


def results_of(event: Event, unit: Unit) -> list[Json]:
    """Return the results of an analysis, in the order of the analysis results dataset."""
    return [_result(event, unit, row) for row in unit.rows]


def _description(plan: Plan, unit: Unit) -> str:
    """Return what the analysis asks, what it changes, and what a reader of its results must know."""
    said = []
    if unit.analysis is not None and unit.change is None:
        said += [f"Endpoint: {unit.analysis.endpoint}", f"Estimated: {unit.analysis.estimand.summary}"]
    if unit.analysis is not None and unit.change is not None:
        kind = unit.change.kind.capitalize()
        said += [f"{kind} analysis of {unit.analysis.id}", f"Changed: {unit.change.changes}", unit.change.reason]
        said += [f"{new} stands in the place of {old}" for old, new in unit.use.items()]
    said += [f"{d.id}: {d.text}" for d in plan.derivations if d.id == unit.reference.dataset]
    if unit.analysis is None:
        said.append(plan.set_of(unit.analysis_set).text)
    warnings = Counter(r.warning for r in unit.rows if r.warning)
    absent = Counter(r.error for r in unit.rows if r.error)
    said += [f"Warning: {text}" for text in warnings]
    said += [f"{text[:1].upper()}{text[1:]} ({n} result{'' if n == 1 else 's'})" for text, n in absent.items()]
    return " ".join(f"{s.rstrip('.')}." for s in said)


def _section(plan: Plan, analysis: Analysis, *, post_hoc: bool) -> Json:
    if post_hoc:
        return {"referenceDocumentId": POST_HOC}
    page = {"refType": "NamedDestination", "label": analysis.title, "pageNames": [f"sec-{analysis.id.lower()}"]}
    return {"referenceDocumentId": plan.plan.id, "pageRefs": [page]}


def _program(event: Event, unit: Unit) -> Json:
    """Return the program that computed an analysis, its options, and what the template of its method asks for."""
    chosen: Mapping[str, str] = {} if unit.step is None else options(unit.step, all_of_them=True)
    context = f"Python {event.provenance.python}"
    parameters: list[Json] = [{"name": name, "value": [value]} for name, value in chosen.items()]
    parameters += values(event.plan, unit, event.methods[unit.id])
    return {"context": context, "documentRef": {"referenceDocumentId": CODE}, "parameters": parameters}


def _result(event: Event, unit: Unit, row: Row) -> Json:
    """Return one result; one that cannot be estimated has no raw value."""
    found: Json = {"operationId": event.methods[unit.id].operation_id(unit, row)}
    if groups := event.groupings.of(unit, row):
        found["resultGroups"] = groups
    if row.stat is not None or not row.error:
        found["rawValue"] = row.stat_text if row.stat is None else number_text(row.stat)
    shown = event.shown(row, event.plan.conventions.p_value_digits)
    return found | {"formattedValue": shown} | asked_for(unit.names, row)


def categories(plan: Plan) -> list[Json]:
    """Return the categories that say which analyses belong together: those of the plan, and what changes each."""
    listed = []
    for a in plan.analyses:
        found: Json = {"id": a.id, "label": a.title}
        if a.sensitivity:
            changes = [{"id": s.id, "label": f"{s.kind.capitalize()}: {s.title}"} for s in a.sensitivity]
            label = "Sensitivity and supplementary analyses"
            found["subCategorizations"] = [{"id": f"{a.id}.CHANGED", "label": label, "categories": changes}]
        listed.append(found)
    kinds = [{"id": f"OUTPUT.{kind.upper()}", "label": kind} for kind in ("Table", "Figure", "Listing")]
    return [
        {"id": "ANALYSES", "label": "Analyses of the plan", "categories": listed},
        {"id": "OUTPUTS", "label": "Kinds of output", "categories": kinds},
    ]
