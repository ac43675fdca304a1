"""Who is analysed, in a reporting event: analysis sets and data subsets."""

from collections.abc import Mapping

from analysis.ars.clause import Json, datasets, swapped, variant_id, variant_words, where
from analysis.ars.units import Unit
from sap.model.sets import AnalysisSet
from sap.plan.plan import Plan

RECORDS = (
    "A subject is in when one of its records satisfies the whole clause about a dataset; clauses about several "
    "datasets are settled in subjects first, and so is a negation."
)


def set_id(plan: Plan, unit: Unit) -> str:
    """Return the id of the analysis set of an analysis, as it sees it."""
    return variant_id(unit.analysis_set, datasets(plan.set_of(unit.analysis_set).where), unit.use)


def subset_id(unit: Unit) -> str:
    """Return the id of the data subset of an analysis; empty without one."""
    if unit.task is None or unit.analysis is None or unit.task.data_subset is None:
        return ""
    return variant_id(f"{unit.analysis.id}.subset", datasets(unit.task.data_subset), unit.use)


def analysis_sets(plan: Plan, units: tuple[Unit, ...]) -> list[Json]:
    """Return the analysis sets, each followed by its variants.

    A set that is defined by a derivation is another set where another derivation stands in its place.
    """
    found: dict[str, Json] = {}
    for s in plan.analysis_sets:
        seen: list[Mapping[str, str]] = [{}, *(u.use for u in units if u.analysis_set == s.id)]
        for use in seen:
            name = variant_id(s.id, datasets(s.where), use)
            found.setdefault(name, _set(s, name, use, len(found) + 1))
    return list(found.values())


def _set(analysis_set: AnalysisSet, name: str, use: Mapping[str, str], order: int) -> Json:
    title = f"{analysis_set.title}{variant_words(datasets(analysis_set.where), use)}"
    words: Json = {"id": name, "name": title, "label": analysis_set.title, "description": analysis_set.text}
    return words | where(swapped(analysis_set.where, use), level=1, order=order)


def data_subsets(units: tuple[Unit, ...]) -> list[Json]:
    """Return the data subsets of the analyses that have one, in the plan's order."""
    found: dict[str, Json] = {}
    for unit in units:
        name = subset_id(unit)
        if not name or name in found or unit.task is None or unit.task.data_subset is None or unit.analysis is None:
            continue
        clause = swapped(unit.task.data_subset, unit.use)
        title = f"Subset of {unit.analysis.id}{variant_words(datasets(unit.task.data_subset), unit.use)}"
        words: Json = {"id": name, "name": title, "label": unit.analysis.title, "description": RECORDS}
        found[name] = words | where(clause, level=1, order=len(found) + 1)
    return list(found.values())
