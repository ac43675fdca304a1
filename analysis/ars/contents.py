"""The lists of contents of a reporting event: the plan's order, and which output shows which analyses."""

from dataclasses import dataclass, field

from analysis.ars.analyses import titles
from analysis.ars.clause import Json
from analysis.ars.outputs import promised
from analysis.ars.units import Unit
from sap.plan.plan import Plan


@dataclass(frozen=True)
class Item:
    """An entry: a heading, an analysis or an output, and what stands below it."""

    name: str
    analysis: str = ""
    output: str = ""
    below: tuple["Item", ...] = field(default=())


def _nested(items: tuple[Item, ...], level: int = 1) -> Json:
    return {"listItems": [_entry(item, level, order) for order, item in enumerate(items, start=1)]}


def _entry(item: Item, level: int, order: int) -> Json:
    found: Json = {"name": item.name, "level": level, "order": order}
    if item.analysis:
        found["analysisId"] = item.analysis
    if item.output:
        found["outputId"] = item.output
    if item.below:
        found["sublist"] = _nested(item.below, level + 1)
    return found


def _list(name: str, items: tuple[Item, ...]) -> Json:
    return {"name": name, "contentsList": _nested(items)}


def main_contents(plan: Plan, units: tuple[Unit, ...]) -> Json:
    """Return the plan's order: sets, analyses with what changes them, then outputs and listings."""
    sets = tuple(Item(titles(plan, u)[1], u.id) for u in units if u.analysis is None)
    analyses = []
    for a in plan.analyses:
        changes = tuple(
            Item(f"{s.kind.capitalize()}: {s.title}", below=_leaves(plan, units, s.id)) for s in a.sensitivity
        )
        words = f"{a.title} ({a.purpose}, {a.reason})"
        analyses.append(Item(words, below=(*_leaves(plan, units, a.id), *changes)))
    shown = tuple(Item(p.title, output=p.spec.id) for p in promised(plan))
    groups = [Item("Number of subjects in the analysis sets", below=sets), Item("Analyses", below=tuple(analyses))]
    return _list("Contents of the plan", (*groups, *([Item("Outputs", below=shown)] if shown else [])))


def other_contents(plan: Plan, units: tuple[Unit, ...]) -> list[Json]:
    """Return the outputs, each with the analyses it shows, main and changed."""
    items = []
    for p in promised(plan):
        below = tuple(
            Item(titles(plan, u)[0], u.id)
            for i in p.analyses
            for u in units
            if u.analysis is not None and u.analysis.id == i
        )
        items.append(Item(p.title, output=p.spec.id, below=below))
    return [_list("Analyses by output", tuple(items))] if items else []


def _leaves(plan: Plan, units: tuple[Unit, ...], task: str) -> tuple[Item, ...]:
    return tuple(Item(titles(plan, u)[1], u.id) for u in units if u.task is not None and u.task.id == task)
