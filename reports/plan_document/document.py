"""The plan as the document a statistician signs: each section from the plan alone."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from reports.plan_document.analyses import analyses, estimands
from reports.plan_document.definitions import (
    analysis_sets,
    conventions,
    data_handling,
    datasets,
    derivations,
    dlt_rules,
    groupings,
)
from reports.plan_document.sample_size import sample_size, stopping
from reports.plan_document.steps import methods, statistical_methods
from reports.plan_document.study import (
    assumptions,
    changes_from_protocol,
    design,
    listings,
    objectives,
    outputs,
    plan_notice,
)
from sap.plan.plan import Plan

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
    "estimands": estimands,
    "groupings": groupings,
    "listings": listings,
    "methods": methods,
    "objectives": objectives,
    "outputs": outputs,
    "plan_notice": plan_notice,
    "sample_size": sample_size,
    "statistical_methods": statistical_methods,
    "stopping": stopping,
}
"""Sections a page may print by name."""


def section(plan: Plan, name: str, late: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a section of the plan's document."""
    return analyses(plan, late) if name == "analyses" else SECTIONS[name](plan)
