"""What a row of the results is called: the part of its method, and what it is about."""

from collections.abc import Mapping
from typing import Final

from analysis.results import Row
from sap.plan import Plan

CONTEXTS: Final[Mapping[str, str]] = {
    "analysis": "Subjects of an analysis",
    "analysis_set": "Analysis set",
    "at_risk": "Numbers at risk",
    "criteria": "Criteria met",
    "curve": "Curve",
    "distribution": "Distribution",
    "effect": "Effect size",
    "follow_up_observed": "Follow-up, observed times",
    "follow_up_reverse_km": "Follow-up, reverse Kaplan–Meier",
    "proportion": "Proportion",
    "proportion_upper_bound": "Upper bound of a proportion",
    "rank_test": "Exact rank test",
    "shift": "Shift in location",
    "subject": "Individual values",
    "summary": "Description",
    "survival": "Time to event",
    "survival_at": "Survival at a time",
}
"""Parts of the methods, in words."""
ON_DAYS: Final = frozenset({"at_risk", "curve", "survival_at"})
"""Parts whose levels are days since the start of the time."""


def part(row: Row) -> str:
    """Return which part of a method gave a row, in words."""
    return CONTEXTS.get(row.context, row.context.replace("_", " ").capitalize())


def place(plan: Plan, row: Row, *, level: bool = True) -> str:
    """Return what a row is about: variable, level or day, group.

    Parameters
    ----------
    plan : Plan
        Titles of the groupings.
    row : Row
        Any row of the results.
    level : bool
        Whether to say the level.
    """
    at = f"day {row.variable_level}" if row.context in ON_DAYS else row.variable_level
    titles = {g.id: g.title for g in plan.groupings}
    group = f"{titles.get(row.group1, row.group1)}: {row.group1_level}" if row.group1_level else ""
    return ", ".join(p for p in (row.variable, at if level else "", group) if p)
