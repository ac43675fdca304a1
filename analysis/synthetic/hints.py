"""Which values a plan names for a variable: a synthetic trial should have them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sap.methods import Step
from sap.model.clause import Comparator, WhereClause, conditions
from sap.plan.plan import Plan

Place = tuple[str, str]
"""Dataset and variable."""


@dataclass(frozen=True)
class Hints:
    """What a plan says about values."""

    named: dict[Place, tuple[str, ...]]
    """Values a clause, a grouping or a step names, in order of first appearance."""
    grouped: dict[Place, tuple[str, ...]]
    """Values of groupings: every subject should be in a group, and every group should have subjects."""


def hints(plan: Plan) -> Hints:
    """Return the values a plan names, by dataset and variable."""
    named: dict[Place, dict[str, None]] = {}
    for place, values in _named(plan):
        named.setdefault(place, {}).update(dict.fromkeys(v for v in values if v))
    grouped: dict[Place, dict[str, None]] = {}
    for g in plan.groupings:
        place = (g.variable.dataset, g.variable.variable)
        grouped.setdefault(place, {}).update(dict.fromkeys(v for level in g.levels for v in level.values if v))
    return Hints({p: tuple(v) for p, v in named.items()}, {p: tuple(v) for p, v in grouped.items()})


def _named(plan: Plan) -> Iterator[tuple[Place, tuple[str, ...]]]:
    for clause in _clauses(plan):
        for c in conditions(clause):
            yield (c.dataset, c.variable), c.value if c.comparator in _EQUALITY else ()
    for g in plan.groupings:
        for level in g.levels:
            yield (g.variable.dataset, g.variable.variable), level.values
    for step in _steps(plan):
        for _, variable, values in step.named_values:
            yield (variable.dataset, variable.variable), values


_EQUALITY = frozenset({Comparator.EQ, Comparator.NE, Comparator.IN, Comparator.NOTIN})


def _clauses(plan: Plan) -> Iterator[WhereClause]:
    yield from (c.event for r in plan.dlt_rules for c in r.criteria)
    yield from (s.where for s in plan.analysis_sets)
    yield from (a.data_subset for a in plan.analyses if a.data_subset is not None)
    yield from (where for s in _steps(plan) for _, where in s.clauses)
    yield from (x.where for x in plan.listings if x.where is not None)


def _steps(plan: Plan) -> Iterable[Step]:
    for a in plan.analyses:
        yield from a.steps
        for s in a.sensitivity:
            yield from s.steps
