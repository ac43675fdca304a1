"""The outputs of a reporting event, with titles, footnotes and pages, and the lists of what stands where."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.ars.analyses import HTML, titles
from analysis.ars.populations import Json
from analysis.ars.units import Unit
from analysis.results.provenance import Provenance
from sap.plan.plan import Analysis, Listing, Output, Plan

STAMP = "STAMP"
"""Id of the header that every display of a draft or dry run carries."""
PAGES = {"Table": "tables.html", "Figure": "figures.html", "Listing": "listings.html"}
"""The page of the report that shows each kind; a post hoc output stands on that of the reconciliation."""
POST_HOC_PAGE = "reconciliation.html"


@dataclass(frozen=True)
class Promised:
    """A table, figure or listing, with what it shows."""

    spec: Output | Listing
    """As the plan promises it."""
    kind: str
    """What it is."""
    analyses: tuple[str, ...]
    """Ids of the plan's analyses that it shows."""

    @property
    def title(self) -> str:
        """Number and title, as the output carries them."""
        return f"{self.kind} {self.spec.number}. {self.spec.title}"


def promised(plan: Plan) -> tuple[Promised, ...]:
    """Return the outputs and listings of a plan, in its order."""
    kinds = [Promised(o, "Table" if o.kind == "table" else "Figure", o.analyses) for o in plan.outputs]
    return (*kinds, *(Promised(spec, "Listing", ()) for spec in plan.listings))


def outputs(plan: Plan, provenance: Provenance) -> list[Json]:
    """Return the outputs, each with its one display."""
    return [_output(p, stamped=bool(provenance.stamp)) for p in promised(plan)]


def headers(provenance: Provenance) -> list[Json]:
    """Return the header of every display of a run that is not sealed; nothing for a sealed one."""
    if not provenance.stamp:
        return []
    return [{"sectionType": "Header", "subSections": [{"id": STAMP, "text": provenance.stamp}]}]


def _output(output: Promised, *, stamped: bool) -> Json:
    spec = output.spec
    page = POST_HOC_PAGE if spec.reason == "post hoc" else PAGES[output.kind]
    sections: list[Json] = []
    if stamped:
        sections.append({"sectionType": "Header", "orderedSubSections": [{"order": 1, "subSectionId": STAMP}]})
    sections.append(_section("Title", f"{spec.id}.TITLE", (output.title,)))
    if spec.footnotes:
        sections.append(_section("Footnote", f"{spec.id}.FOOTNOTE", spec.footnotes))
    display = {
        "id": f"{spec.id}.DISPLAY",
        "name": spec.title,
        "label": f"{output.kind} {spec.number}",
        "displayTitle": output.title,
        "displaySections": sections,
    }
    file = {"name": page, "fileType": {"sponsorTermId": HTML}, "location": f"{page}#{spec.id.lower()}"}
    return {
        "id": spec.id,
        "name": spec.title,
        "label": f"{output.kind} {spec.number}",
        "categoryIds": [f"OUTPUT.{output.kind.upper()}"],
        "displays": [{"order": 1, "display": display}],
        "fileSpecifications": [file],
    }


def _section(kind: str, name: str, texts: tuple[str, ...]) -> Json:
    ordered = [{"order": i, "subSection": {"id": f"{name}.{i}", "text": text}} for i, text in enumerate(texts, start=1)]
    return {"sectionType": kind, "orderedSubSections": ordered}


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
    """Return the outputs, each with the sizes of its sets and the analyses it shows; then what no output shows.

    Readers of the standard's examples pair these outputs with those of `other_contents` by their position.
    """
    tables, listings = _with_analyses(plan)
    items = [Item(p.title, output=p.spec.id, below=_shown(plan, units, p)) for p in tables]
    items += [Item(p.title, output=p.spec.id) for p in listings]
    shown = {a for p in tables for a in p.analyses}
    others = tuple(_analysis(plan, units, a) for a in plan.analyses if a.id not in shown)
    if others:
        items.append(Item("Analyses that no output shows", below=others))
    sets = _sizes(plan, units, [s.id for s in plan.analysis_sets])
    return _list("Contents of the plan", (*items, Item("Number of subjects in the analysis sets", below=sets)))


def other_contents(plan: Plan) -> list[Json]:
    """Return the outputs alone: those that show analyses, then those that list data."""
    tables, listings = _with_analyses(plan)
    lists = (("Tables and figures", tables), ("Listings of data", listings))
    return [_list(name, tuple(Item(p.title, output=p.spec.id) for p in found)) for name, found in lists if found]


def _with_analyses(plan: Plan) -> tuple[list[Promised], list[Promised]]:
    """Return the outputs that show analyses, and those that show none."""
    found = promised(plan)
    return [p for p in found if p.analyses], [p for p in found if not p.analyses]


def _shown(plan: Plan, units: tuple[Unit, ...], output: Promised) -> tuple[Item, ...]:
    analyses = [plan.analysis(a) for a in output.analyses]
    sets = dict.fromkeys(a.analysis_set for a in analyses)
    return (*_sizes(plan, units, sets), *(_analysis(plan, units, a) for a in analyses))


def _sizes(plan: Plan, units: tuple[Unit, ...], sets: Iterable[str]) -> tuple[Item, ...]:
    of = {u.analysis_set: u for u in units if u.analysis is None}
    return tuple(Item(titles(plan, of[s])[0], of[s].id) for s in sets)


def _analysis(plan: Plan, units: tuple[Unit, ...], analysis: Analysis) -> Item:
    """Return an analysis of the plan with its steps, and below them those of what changes it."""
    changes = tuple(
        Item(f"{s.kind.capitalize()}: {s.title}", below=_leaves(plan, units, s.id)) for s in analysis.sensitivity
    )
    words = f"{analysis.title} ({analysis.purpose}, {analysis.reason})"
    return Item(words, below=(*_leaves(plan, units, analysis.id), *changes))


def _leaves(plan: Plan, units: tuple[Unit, ...], task: str) -> tuple[Item, ...]:
    return tuple(Item(titles(plan, u)[0], u.id) for u in units if u.task is not None and u.task.id == task)
