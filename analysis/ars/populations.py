"""Who is analysed, in a reporting event: where-clauses as the standard writes them, analysis sets and data subsets."""

from collections.abc import Mapping

from analysis.ars.units import Unit
from sap.methods import Step
from sap.model.clause import AllOf, Comparator, Condition, Not, WhereClause, conditions
from sap.model.sets import AnalysisSet
from sap.plan.plan import Plan

Json = dict[str, object]


def where(clause: WhereClause, *, level: int, order: int) -> Json:
    """Return a clause as an ARS where-clause."""
    place: Json = {"level": level, "order": order}
    if isinstance(clause, Condition):
        comparison = {
            "dataset": clause.dataset,
            "variable": clause.variable,
            "comparator": clause.comparator.value,
            "value": list(clause.value),
        }
        return place | {"condition": comparison}
    if isinstance(clause, Not):
        parts: tuple[WhereClause, ...] = (clause.clause,)
        return place | _compound("NOT", parts, level)
    if len(clause.clauses) == 1:  # the standard combines two clauses or more
        return where(clause.clauses[0], level=level, order=order)
    return place | _compound("AND" if isinstance(clause, AllOf) else "OR", clause.clauses, level)


def _compound(operator: str, parts: tuple[WhereClause, ...], level: int) -> Json:
    clauses = [where(part, level=level + 1, order=i) for i, part in enumerate(parts, start=1)]
    return {"compoundExpression": {"logicalOperator": operator, "whereClauses": clauses}}


def swapped(clause: WhereClause, use: Mapping[str, str]) -> WhereClause:
    """Return a clause with datasets replaced by those that stand in their place."""
    if isinstance(clause, Condition):
        return clause.model_copy(update={"dataset": use.get(clause.dataset, clause.dataset)})
    if isinstance(clause, Not):
        return clause.model_copy(update={"clause": swapped(clause.clause, use)})
    return clause.model_copy(update={"clauses": tuple(swapped(part, use) for part in clause.clauses)})


def datasets(clause: WhereClause | None) -> frozenset[str]:
    """Return the datasets a clause is about; none without a clause."""
    return frozenset() if clause is None else frozenset(c.dataset for c in conditions(clause))


def replaced(about: frozenset[str], use: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return those replacements that change something about these datasets, as (in the plan, in its place)."""
    return tuple(sorted((old, new) for old, new in use.items() if old in about))


def variant_id(identifier: str, about: frozenset[str], use: Mapping[str, str]) -> str:
    """Return the id of a set, subset or grouping as an analysis sees it."""
    return ".".join([identifier, *(f"{old}-{new}" for old, new in replaced(about, use))])


def variant_words(about: frozenset[str], use: Mapping[str, str]) -> str:
    """Return what is replaced, for a title; empty where nothing is."""
    words = ", ".join(f"{new} in place of {old}" for old, new in replaced(about, use))
    return f" ({words})" if words else ""


RECORDS = (
    "A subject is in when one of its records satisfies the whole clause about a dataset; clauses about several "
    "datasets are settled in subjects first, and so is a negation."
)


def set_id(plan: Plan, unit: Unit) -> str:
    """Return the id of the analysis set of an analysis, as it sees it."""
    return variant_id(unit.analysis_set, datasets(plan.set_of(unit.analysis_set).where), unit.use)


OF_RECORDS = "What is said of the dataset of the analysis is said of its records: those that meet it are analysed."
EVERYBODY = "ALL-SUBJECTS"
"""Id of the data subset of a plan without one: readers look for the name of a subset in the analyses."""


def subset(unit: Unit) -> WhereClause | None:
    """Return which subjects of the set, and which records of theirs, an analysis is of; None for all."""
    asked = unit.task.data_subset if unit.task is not None else None
    parts = tuple(c for c in (asked, _records(unit.step)) if c is not None)
    return AllOf.model_validate({"and": parts}) if len(parts) > 1 else parts[0] if parts else None


def _records(step: Step | None) -> WhereClause | None:
    """Return which records a method looks at that looks at records; None for all, or where it does not."""
    if step is None or not step.reads_records:
        return None
    if step.quantified is not None:
        dataset, parameter, _ = step.quantified
        named = Condition(dataset=dataset, variable="PARAMCD", comparator=Comparator.EQ, value=(parameter,))
        where: WhereClause | None = getattr(step, "where", None)
        return named if where is None else AllOf.model_validate({"and": (named, where)})
    if step.coded_events == "treatment-emergent":
        return Condition(dataset="ADAE", variable="TRTEMFL", comparator=Comparator.EQ, value=("Y",))
    return getattr(step, "where", None)


def subset_id(unit: Unit, *, any_other: bool = True) -> str:
    """Return the id of the data subset of an analysis; empty without one."""
    clause = subset(unit)
    if clause is None or unit.analysis is None:
        return "" if any_other or unit.task is not None else EVERYBODY
    if unit.names is not None and unit.names.subset:
        return unit.names.subset
    of = unit.analysis.id if _records(unit.step) is None else unit.id
    return variant_id(f"{of}.subset", datasets(clause), unit.use)


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
    """Return the data subsets of the analyses that have one, in the plan's order; that of everybody without any."""
    found: dict[str, Json] = {}
    for unit in units:
        name, clause = subset_id(unit), subset(unit)
        if not name or name in found or clause is None or unit.analysis is None:
            continue
        of_records = _records(unit.step) is not None
        words = variant_words(datasets(clause), unit.use)
        title = f"{'Records' if of_records else 'Subset'} of {unit.analysis.id}{words}"
        said = f"{RECORDS} {OF_RECORDS}" if of_records else RECORDS
        texts: Json = {"id": name, "name": title, "label": unit.analysis.title, "description": said}
        found[name] = texts | where(swapped(clause, unit.use), level=1, order=len(found) + 1)
    if found:
        return list(found.values())
    everybody = Condition(dataset="ADSL", variable="USUBJID", comparator=Comparator.NE, value=("",))
    return [{"id": EVERYBODY, "name": "All subjects", "label": "All subjects"} | where(everybody, level=1, order=1)]
