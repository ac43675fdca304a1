"""Of whom an output is, how many they are, and where the plan lists it."""

from collections.abc import Sequence

from reports.layout.lookup import Lookup
from reports.trace.traced import Traced
from reports.words.markdown import paragraph_text
from sap.model.words import clause_in_words
from sap.plan.plan import Analysis, Listing, Output, Plan


def populations(plan: Plan, lookup: Lookup, links: Traced, analyses: Sequence[Analysis]) -> str:
    """Return the sets of some analyses, each once, as Markdown."""
    told: dict[str, str] = {}
    for analysis in analyses:
        chosen = plan.set_of(analysis.analysis_set)
        words = paragraph_text(f"{chosen.title} ({chosen.id}){_subset(analysis)}")
        size = lookup.row("SETS", "N", context="analysis", level=analysis.id)
        told.setdefault(words, f"{words}, N = {links.markdown(size)}")
    return "; ".join(told.values())


def label(spec: Output | Listing) -> str:
    """Return what an output is called: "Table 14.2.1"."""
    return f"{kind_of(spec)} {spec.number}"


def kind_of(spec: Output | Listing) -> str:
    """Return whether an output is a "Table", a "Figure" or a "Listing"."""
    if isinstance(spec, Listing):
        return "Listing"
    return "Table" if spec.kind == "table" else "Figure"


def listed_as(spec: Output | Listing) -> str:
    """Return a link to where the plan lists an output, as Markdown."""
    return f"[{label(spec)}](sap.qmd#plan-{spec.id.lower()})"


def _subset(analysis: Analysis) -> str:
    return f", where {clause_in_words(analysis.data_subset)}" if analysis.data_subset is not None else ""
