"""Results as a reporting event of the CDISC Analysis Results Standard, version 1.0 [1]_.

References
----------
.. [1] CDISC, Analysis Results Standard v1.0, logical data model, 2024.
"""

import json
import re
from collections.abc import Callable
from typing import cast

from analysis.ars.analyses import CODE, POST_HOC, Event, analysis, categories, results_of, terminology
from analysis.ars.code import code_template
from analysis.ars.groupings import groupings
from analysis.ars.methods import methods
from analysis.ars.outputs import headers, main_contents, other_contents, outputs
from analysis.ars.populations import RECORDS, Json, analysis_sets, data_subsets, subset_id
from analysis.ars.units import units
from analysis.data.derived_files import csv_file, parquet_file
from analysis.data.load import Study
from analysis.results.ard import Results, Row
from analysis.results.provenance import DRAFT, DRY_RUN, Provenance
from sap.event.embedded import CONTEXT, carried
from sap.plan.plan import Plan

STATES = {
    "": "Plan, data and program agreed with their seal when these results were computed.",
    DRAFT: "DRAFT: these results were not held against a seal, or differ from it; they are not final.",
    DRY_RUN: "DRY RUN: every value comes from synthetic data; nothing here is a result of a trial.",
}


PLACE = r"\\u0000"
"""Where the results of an analysis go, as JSON writes it: a character no YAML, and so no plan, can hold."""


def reporting_event(study: Study, results: Results, provenance: Provenance, shown: Callable[[Row, int], str]) -> str:
    """Return results as an ARS ReportingEvent in JSON.

    Every row of the results is in it once. The same arguments give the same bytes.
    """
    plan = study.plan
    found = units(plan, results)
    used = methods(found)
    grouped = groupings(plan, found)
    subsets = any(map(subset_id, found))
    common = Event(plan, used, subsets, grouped, provenance, shown)
    event: Json = {"id": f"{plan.study.id}.{plan.plan.id}", "name": plan.plan.title, "label": _label(plan, provenance)}
    event["description"] = f"{STATES[provenance.stamp]} {plan.study.data_notice} {RECORDS}"
    event["mainListOfContents"] = main_contents(plan, found)
    event["otherListsOfContents"] = other_contents(plan)
    event["referenceDocuments"] = [*_documents(plan, provenance), *_derived(study)]
    event["terminologyExtensions"] = terminology()
    event["analysisOutputCategorizations"] = categories(plan)
    event["analysisSets"] = analysis_sets(plan, found)
    event["dataSubsets"] = data_subsets(found)
    event["analysisGroupings"] = list(grouped.factors)
    made = {m.id: m for m in used.values()}.values()
    event["methods"] = [m.as_json() | code_template(m) for m in made]
    analyses = [analysis(common, u) | {"results": f"\0{position}"} for position, u in enumerate(found)]
    # What the standard has no words for is in the plan itself, which is the code that computed the results.
    program = cast("Json", analyses[0]["programmingCode"])
    program |= {"context": CONTEXT, "code": carried(plan)}
    event["analyses"] = analyses
    event["globalDisplaySections"] = headers(provenance)
    event["outputs"] = outputs(plan, provenance)
    return _text(
        {name: part for name, part in event.items() if part != [] or name == "analysisGroupings"},
        [results_of(common, u) for u in found],
    )


def _text(event: Json, results: list[list[Json]]) -> str:
    """Return a reporting event as JSON for people too: indented, but each result on a line of its own."""
    outline = json.dumps(event, ensure_ascii=False, allow_nan=False, indent=1)
    lines = [",\n".join(json.dumps(r, ensure_ascii=False, allow_nan=False) for r in found) for found in results]
    return re.sub(rf'"{PLACE}(\d+)"', lambda at: f"[\n{lines[int(at[1])]}\n]", outline) + "\n"


def _label(plan: Plan, provenance: Provenance) -> str:
    return f"{provenance.stamp}: {plan.study.short_title}" if provenance.stamp else plan.study.short_title


def _documents(plan: Plan, provenance: Provenance) -> list[Json]:
    source, code = provenance.plan, provenance.code
    found: list[Json] = [
        _document(
            plan.plan.id,
            plan.plan.title,
            f"Version {plan.plan.version} of {plan.plan.date}; SHA-256 of the plan {source.sha256}",
            "sap.html",
        )
    ]
    if source.post_hoc_sha256 or any(a.reason == "post hoc" for a in plan.analyses):
        digest = f"; SHA-256 {source.post_hoc_sha256}" if source.post_hoc_sha256 else ""
        said = f"Analyses that the plan does not promise{digest}"
        found.append(_document(POST_HOC, "Post hoc analyses", said, "reconciliation.html"))
    at = f"; commit {code.commit}{' with changes' if code.dirty else ''}" if code.commit else ""
    found.append(_document(CODE, f"executable-sap {code.version}", f"SHA-256 of the program {code.sha256}{at}"))
    found += [
        _document(
            f"DATA.{d.dataset}",
            f"Dataset {d.dataset}",
            f"{d.rows} records, {d.columns} variables; SHA-256 {d.sha256}",
            d.file,
        )
        for d in provenance.data
    ]
    return found


def _derived(study: Study) -> list[Json]:
    """Return the derived datasets, as they stand beside the event: programs of others can start from them."""
    found = []
    for d in study.plan.derivations:
        rows, columns = study.derived[d.id].shape
        said = f"{d.text.rstrip('.')}. {rows} records, {columns} variables; the same with labels and types in "
        at = csv_file(d.id)
        found.append(_document(f"DERIVED.{d.id}", f"Derived dataset {d.id}", f"{said}{parquet_file(d.id)}", at))
    return found


def _document(name: str, title: str, description: str, location: str = "") -> Json:
    found: Json = {"id": name, "name": title, "description": description}
    return found | ({"location": location} if location else {})
