"""Analysis results metadata: each table and figure, and the analyses that it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.ars.analyses import PURPOSES, REASONS
from analysis.ars.define.elements import Element, described, element, text
from analysis.ars.define.tables import Table, where_clause
from analysis.ars.outputs import PAGES, POST_HOC_PAGE, Promised, promised
from analysis.ars.populations import datasets, swapped
from analysis.results.tasks import Task, tasks
from sap.model.clause import AllOf, Condition, WhereClause, conditions
from sap.model.part import Reference
from sap.model.words import in_words
from sap.plan.plan import Analysis, Plan

PLAN_LEAF: Final = "LF.PLAN"
SENSITIVITY: Final = "SENSITIVITY ANALYSIS"
SUPPLEMENTARY: Final = "SUPPLEMENTARY ANALYSIS"


@dataclass
class _Event:
    """What the displays of a plan have in common."""

    plan: Plan
    known: Mapping[str, Table]
    program: str
    clauses: list[Element]
    """The where-clauses that analyses name, as they come."""


def displays(plan: Plan, known: Mapping[str, Table], program: str) -> tuple[Element, list[Element]]:
    """Return the displays, and the where-clauses that their analyses name."""
    event = _Event(plan, known, program, [])
    made = [_display(event, p) for p in promised(plan) if p.analyses]
    return element("arm:AnalysisResultDisplays", {}, *made), event.clauses


def _display(event: _Event, output: Promised) -> Element:
    results = (r for a in output.analyses for r in _results(event, output, event.plan.analysis(a)))
    attributes = {"OID": f"RD.{output.spec.id}", "Name": f"{output.kind} {output.spec.number}"}
    page = element("def:DocumentRef", {"leafID": f"LF.{output.spec.id}"})
    return element("arm:ResultDisplay", attributes, described(output.spec.title), page, *results)


def pages(plan: Plan, site: str) -> Iterator[tuple[str, str, str]]:
    """Yield the page of each display: id of the leaf, file and title."""
    for p in promised(plan):
        if p.analyses:
            page = POST_HOC_PAGE if p.spec.reason == "post hoc" else PAGES[p.kind]
            yield f"LF.{p.spec.id}", f"{site}/reports/{page}#{p.spec.id.lower()}", p.title


def _results(event: _Event, output: Promised, analysis: Analysis) -> Iterator[Element]:
    plan, kinds = event.plan, {s.id: s for s in analysis.sensitivity}
    for task in (t for t in tasks(plan) if t.id in {analysis.id, *kinds}):
        change = kinds.get(task.id)
        purpose, title = PURPOSES[analysis.purpose], analysis.title
        if change is not None:
            purpose = SENSITIVITY if change.kind == "sensitivity" else SUPPLEMENTARY
            title = f"{analysis.title}: {change.title}"
        oid = f"AR.{output.spec.id}.{task.id}"
        attributes = {
            "OID": oid,
            "ParameterOID": _parameter(event, task),
            "AnalysisReason": REASONS[task.reason],
            "AnalysisPurpose": purpose,
        }
        who = swapped(plan.set_of(task.analysis_set).where, task.use)
        of_plan = element("def:DocumentRef", {"leafID": PLAN_LEAF})
        yield element(
            "arm:AnalysisResult",
            attributes,
            described(title),
            element("arm:AnalysisDatasets", {}, *_datasets(event, task, who, oid)),
            element("arm:Documentation", {}, described(_words(plan, task, who)), of_plan),
            element("arm:ProgrammingCode", {"Context": event.program}, text("arm:Code", "sap run")),
        )


def _parameter(event: _Event, task: Task) -> str | None:
    """Return the variable that names the parameter of an analysis of one."""
    of = dict.fromkeys(step.quantified[0] for step in task.steps if step.quantified is not None)
    tables = (event.known[name] for name in of if name in event.known)
    return next((t.item("PARAMCD") for t in tables), None)


def _datasets(event: _Event, task: Task, who: WhereClause, oid: str) -> Iterator[Element]:
    """Yield the datasets of an analysis, each with the variables that are analysed and who is chosen by it."""
    of: dict[str, dict[str, None]] = {name: {} for name in sorted(datasets(who))}
    for step in task.steps:
        for reference in step.references:
            seen = _seen(reference, task.use)
            of.setdefault(seen.dataset, {})[seen.variable] = None
    for table, variables in ((event.known[name], v) for name, v in of.items() if name in event.known):
        below = []
        if checks := _checks(who, table):
            where = f"WC.{oid}.{table.name}"
            event.clauses.append(where_clause(where, checks))
            below.append(element("def:WhereClauseRef", {"WhereClauseOID": where}))
        present = [v for v in variables if v in table.frame]
        below += [element("arm:AnalysisVariable", {"ItemOID": table.item(v)}) for v in present]
        yield element("arm:AnalysisDataset", {"ItemGroupOID": table.oid}, *below)


def _seen(reference: Reference, use: Mapping[str, str]) -> Reference:
    return reference.model_copy(update={"dataset": use.get(reference.dataset, reference.dataset)})


def _checks(clause: WhereClause, table: Table) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the comparisons with a dataset that all must hold; what cannot be said so is said in words alone."""
    parts = clause.clauses if isinstance(clause, AllOf) else (clause,)
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for part in parts:
        if isinstance(part, Condition) and part.dataset == table.name and part.variable in table.frame:
            found.append((table.item(part.variable), part.comparator.value, part.value))
        elif isinstance(part, AllOf) and {c.dataset for c in conditions(part)} == {table.name}:
            found += _checks(part, table)
    return found


def _words(plan: Plan, task: Task, who: WhereClause) -> str:
    """Return who is analysed and how, in words."""
    said = [f"{plan.set_of(task.analysis_set).title}: {in_words(who)}"]
    if task.data_subset is not None:
        said.append(f"Of these: {in_words(swapped(task.data_subset, task.use))}")
    said += dict.fromkeys(step.in_words for step in task.steps)
    return " ".join(f"{s.rstrip('.')}." for s in said)
