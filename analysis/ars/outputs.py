"""The outputs of a reporting event: tables, figures and listings with their titles, footnotes and pages."""

from dataclasses import dataclass

from analysis.ars.clause import Json
from analysis.ars.terms import HTML
from analysis.results.provenance import Provenance
from sap.plan.plan import Listing, Output, Plan

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
