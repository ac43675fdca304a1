"""The plan as the document a statistician signs: each section from the plan alone."""

from collections.abc import Callable, Mapping

from reports.plan_sections.analyses import analyses, methods
from reports.plan_sections.conventions import conventions, data_handling
from reports.plan_sections.definitions import analysis_sets, datasets, derivations, dlt_rules, groupings
from reports.plan_sections.sample_size import sample_size, stopping
from reports.plan_sections.shown import listings, outputs
from reports.plan_sections.study import assumptions, changes_from_protocol, design, document, objectives
from sap.plan import Plan

SECTIONS: Mapping[str, Callable[[Plan], str]] = {
    "analyses": analyses,
    "analysis_sets": analysis_sets,
    "assumptions": assumptions,
    "changes_from_protocol": changes_from_protocol,
    "conventions": conventions,
    "data_handling": data_handling,
    "datasets": datasets,
    "derivations": derivations,
    "design": design,
    "dlt_rules": dlt_rules,
    "document": document,
    "groupings": groupings,
    "listings": listings,
    "methods": methods,
    "objectives": objectives,
    "outputs": outputs,
    "sample_size": sample_size,
    "stopping": stopping,
}
"""Sections a page may print by name."""
