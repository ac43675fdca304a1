"""The grouping factors of a reporting event, and where each result stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.ars.populations import Json, swapped, variant_id, variant_words, where
from analysis.ars.units import SUBJECTS, Unit
from analysis.results.ard import Row
from analysis.steps import Level, LevelKind, method
from sap.model.clause import Comparator, Condition, WhereClause
from sap.model.part import Reference
from sap.model.sets import Grouping
from sap.model.step import AND_WITHIN, OnRecords
from sap.plan.plan import Plan
from sap.plan.source_event import SourceEvent

KINDS = {
    "category": "categories",
    "criterion": "criteria",
    "event": "event",
    "level": "levels",
    "record": "records",
    "subject": "subjects",
    "time": "days",
}
"""What the levels of a factor are, for its title."""


@dataclass(frozen=True)
class Factor:
    """What the levels of a result are levels of."""

    kind: LevelKind
    """What a level is."""
    reference: Reference
    """The variable it is a value of."""
    levels: tuple[Level, ...] = ()
    """Those the plan defines; empty where the data define them."""


def factor(plan: Plan, unit: Unit) -> Factor | None:
    """Return the factor whose levels the results of an analysis are about; None when there is none."""
    if unit.step is None or isinstance(unit.step, OnRecords):
        return None
    of = method(unit.step.method)
    if of.levels == "level" and not any(r.variable_level for r in unit.rows):
        return None
    reference = SUBJECTS if of.levels == "subject" else unit.reference
    return Factor(of.levels, reference, of.planned_levels(unit.step, plan, unit.reference.dataset))


@dataclass(frozen=True)
class Place:
    """The factors that the results of one analysis are grouped by."""

    by: str
    """Id of the plan's grouping, or of its variant; empty without one."""
    labels: tuple[str, ...]
    """Labels of its groups."""
    levels: str
    """Id of the factor of its levels; empty without one."""
    names: tuple[str, ...]
    """Names of its predefined levels."""
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Ids of the groupings whose groups a level is made of, each with the labels of its groups."""


@dataclass(frozen=True)
class Groupings:
    """Every grouping factor, and the place of each analysis in them."""

    factors: tuple[Json, ...]
    """As the standard writes them: the plan's groupings, each followed by its variants, then those of the methods."""
    places: Mapping[str, Place]
    """By id of the analysis."""
    source: SourceEvent | None = None
    """What the groups are called in the event the plan was made from."""

    def ordered(self, unit: Unit) -> list[Json]:
        """Return the ordered groupings of an analysis."""
        place = self.places[unit.id]
        found = [(place.by, any(r.group1_level for r in unit.rows))] if place.by else []
        found += [(place.levels, True)] if place.levels else [(g, True) for g, _ in place.within]
        return [{"order": i, "groupingId": g, "resultsByGroup": each} for i, (g, each) in enumerate(found, start=1)]

    def of(self, unit: Unit, row: Row) -> list[Json]:
        """Return the groups a result is about; a grouping named without a group is one whose groups are compared."""
        place = self.places[unit.id]
        found: list[Json] = []
        if row.group1:
            found.append(self._named(place.by, place.labels, row.group1_level))
        if place.within and row.variable_level:
            parts = row.variable_level.split(AND_WITHIN)
            found += [self._named(g, labels, part) for (g, labels), part in zip(place.within, parts, strict=False)]
            return found
        if row.variable_level and place.levels and not unit.statistic_level(row):
            found.append(self._named(place.levels, place.names, row.variable_level))
        return found

    def _named(self, grouping: str, known: tuple[str, ...], level: str) -> Json:
        if not level:
            return {"groupingId": grouping}
        if level in known:
            return {"groupingId": grouping, "groupId": _ids(self.source, grouping, len(known))[known.index(level)]}
        return {"groupingId": grouping, "groupValue": level}


def _ids(source: SourceEvent | None, grouping: str, size: int) -> tuple[str, ...]:
    """Return the ids of the groups of a grouping: those of the event the plan was made from, or numbered."""
    named = {} if source is None else {source.called(g): ids for g, ids in source.groups.items()}
    return named.get(grouping) or tuple(f"{grouping}.{i}" for i in range(1, size + 1))


def groupings(plan: Plan, units: tuple[Unit, ...]) -> Groupings:
    """Return the grouping factors of the analyses."""
    ids: dict[Factor, str] = {}
    source = plan.reporting_event
    variants: dict[str, dict[str, Json]] = {g.id: {g.id: _grouping(g, {}, source)} for g in plan.groupings}
    places = {}
    for unit in units:
        by = ""
        labels: tuple[str, ...] = ()
        if unit.step is not None and unit.step.by is not None:
            grouping = plan.grouping(unit.step.by)
            made = _grouping(grouping, unit.use, source)
            by = str(made["id"])
            labels = tuple(level.label for level in grouping.levels)
            variants[grouping.id].setdefault(by, made)
        levels = factor(plan, unit)
        name = "" if levels is None else _name(levels, ids)
        names = () if levels is None else tuple(level.name for level in levels.levels)
        inner = [plan.grouping(g) for g in unit.step.groupings[unit.step.by is not None :]] if unit.step else []
        within = tuple((str(variants[g.id][g.id]["id"]), tuple(x.label for x in g.levels)) for g in inner)
        places[unit.id] = Place(by, labels, name, names, within)
    of_plan = (made for found in variants.values() for made in found.values())
    return Groupings((*of_plan, *(_factor(f, name) for f, name in ids.items())), places, source)


def _name(levels: Factor, ids: dict[Factor, str]) -> str:
    """Return the id of a factor; factors of one variable and kind are numbered as they come."""
    alike = sum(f.reference == levels.reference and f.kind == levels.kind for f in ids)
    return ids.setdefault(levels, f"{levels.reference}.{levels.kind}.{alike + 1}")


def _grouping(grouping: Grouping, use: Mapping[str, str], source: SourceEvent | None) -> Json:
    about = frozenset({grouping.variable.dataset})
    name = variant_id(grouping.id if source is None else source.called(grouping.id), about, use)
    dataset = use.get(grouping.variable.dataset, grouping.variable.dataset)
    variable = grouping.variable.model_copy(update={"dataset": dataset})
    ids = _ids(source, name, len(grouping.levels))
    groups = [
        {"id": group, "name": x.label, "label": x.label}
        | where(swapped(_one_value(grouping.clause(x)), use), level=1, order=i)
        for i, (group, x) in enumerate(zip(ids, grouping.levels, strict=True), start=1)
    ]
    found: Json = {
        "id": name,
        "name": f"{grouping.title}{variant_words(about, use)}",
        "label": grouping.title,
        "groupingDataset": variable.dataset,
        "groupingVariable": variable.variable,
        "dataDriven": not groups,
    }
    return found | ({"groups": groups} if groups else {})


def _one_value(clause: WhereClause) -> WhereClause:
    """Return a clause that says of one value that it equals it."""
    if isinstance(clause, Condition) and clause.comparator == "IN" and len(clause.value) == 1:
        return clause.model_copy(update={"comparator": Comparator.EQ})
    return clause


def _factor(levels: Factor, name: str) -> Json:
    found: Json = {
        "id": name,
        "name": f"{levels.reference}, {KINDS[levels.kind]}",
        "groupingDataset": levels.reference.dataset,
        "groupingVariable": levels.reference.variable,
        "dataDriven": not levels.levels,
    }
    return found | ({"groups": _groups(name, levels.reference, levels.levels)} if levels.levels else {})


def _groups(grouping: str, variable: Reference, levels: tuple[Level, ...]) -> list[Json]:
    return [_group(f"{grouping}.{i}", variable, i, level) for i, level in enumerate(levels, start=1)]


def _group(name: str, variable: Reference, order: int, level: Level) -> Json:
    """Return a group; where no single comparison defines it, its description does."""
    found: Json = {"id": name, "name": level.name, "label": level.name}
    if level.label != level.name:
        found["description"] = level.label
    if level.comparator is None:
        return found | {"level": 1, "order": order}
    condition = Condition(
        dataset=variable.dataset, variable=variable.variable, comparator=level.comparator, value=level.values
    )
    return found | where(condition, level=1, order=order)
