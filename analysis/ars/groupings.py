"""The grouping factors of a reporting event, and where each result stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.ars.populations import Json, variant_id, variant_words, where
from analysis.ars.units import SUBJECTS, Unit
from analysis.results.ard import Row
from analysis.steps import Level, LevelKind, method, one_of
from sap.model.clause import Condition
from sap.model.part import Reference
from sap.model.sets import Grouping
from sap.plan.plan import Plan

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
    if unit.step is None:
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


@dataclass(frozen=True)
class Groupings:
    """Every grouping factor, and the place of each analysis in them."""

    factors: tuple[Json, ...]
    """As the standard writes them: the plan's groupings, each followed by its variants, then those of the methods."""
    places: Mapping[str, Place]
    """By id of the analysis."""

    def ordered(self, unit: Unit) -> list[Json]:
        """Return the ordered groupings of an analysis."""
        place = self.places[unit.id]
        found = [(place.by, any(r.group1_level for r in unit.rows))] if place.by else []
        found += [(place.levels, True)] if place.levels else []
        return [{"order": i, "groupingId": g, "resultsByGroup": each} for i, (g, each) in enumerate(found, start=1)]

    def of(self, unit: Unit, row: Row) -> list[Json]:
        """Return the groups a result is about; a grouping named without a group is one whose groups are compared."""
        place = self.places[unit.id]
        found: list[Json] = []
        if row.group1:
            found.append(_named(place.by, place.labels, row.group1_level))
        if row.variable_level and place.levels and not unit.statistic_level(row):
            found.append(_named(place.levels, place.names, row.variable_level))
        return found


def _named(grouping: str, known: tuple[str, ...], level: str) -> Json:
    if not level:
        return {"groupingId": grouping}
    if level in known:
        return {"groupingId": grouping, "groupId": f"{grouping}.{known.index(level) + 1}"}
    return {"groupingId": grouping, "groupValue": level}


def groupings(plan: Plan, units: tuple[Unit, ...]) -> Groupings:
    """Return the grouping factors of the analyses."""
    ids: dict[Factor, str] = {}
    variants: dict[str, dict[str, Json]] = {g.id: {g.id: _grouping(g, {})} for g in plan.groupings}
    places = {}
    for unit in units:
        by = ""
        labels: tuple[str, ...] = ()
        if unit.step is not None and unit.step.by is not None:
            grouping = plan.grouping(unit.step.by)
            made = _grouping(grouping, unit.use)
            by = str(made["id"])
            labels = tuple(level.label for level in grouping.levels)
            variants[grouping.id].setdefault(by, made)
        levels = factor(plan, unit)
        name = "" if levels is None else _name(levels, ids)
        names = () if levels is None else tuple(level.name for level in levels.levels)
        places[unit.id] = Place(by, labels, name, names)
    of_plan = (made for found in variants.values() for made in found.values())
    return Groupings((*of_plan, *(_factor(f, name) for f, name in ids.items())), places)


def _name(levels: Factor, ids: dict[Factor, str]) -> str:
    """Return the id of a factor; factors of one variable and kind are numbered as they come."""
    alike = sum(f.reference == levels.reference and f.kind == levels.kind for f in ids)
    return ids.setdefault(levels, f"{levels.reference}.{levels.kind}.{alike + 1}")


def _grouping(grouping: Grouping, use: Mapping[str, str]) -> Json:
    about = frozenset({grouping.variable.dataset})
    name = variant_id(grouping.id, about, use)
    dataset = use.get(grouping.variable.dataset, grouping.variable.dataset)
    variable = grouping.variable.model_copy(update={"dataset": dataset})
    levels = tuple(Level(x.label, x.label, *one_of(x.values)) for x in grouping.levels)
    return {
        "id": name,
        "name": f"{grouping.title}{variant_words(about, use)}",
        "label": grouping.title,
        "groupingDataset": variable.dataset,
        "groupingVariable": variable.variable,
        "dataDriven": False,
        "groups": _groups(name, variable, levels),
    }


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
