"""Where-clauses of a plan as the CDISC Analysis Results Standard writes them."""

from collections.abc import Mapping

from sap.model.clause import AllOf, Condition, Not, WhereClause, conditions

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
