"""What stands beside an output: what it is called, of whom it is, where the plan lists it, and its files."""

import os
from collections.abc import Collection, Sequence
from html import escape
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from reports.layout.lookup import Lookup
from reports.run.shown import EXECUTE_INFO, stands_alone
from reports.trace.links import RecordLinks
from reports.words.file_names import CSV, CSV_FOLDER, DOCUMENTS_FOLDER, PAPER, RTF, TLF_FOLDER
from reports.words.markdown import paragraph_text, raw_html
from sap.model.words import clause_in_words
from sap.plan.plan import Analysis, Listing, Output, Plan

ENVIRONMENT: Final = "SAP_DOWNLOADS"
"""Environment variable by which a command tells its pages which formats stand beside them; without it, Quarto's own
end (``postrender.py``) makes those of a site, and nobody else any."""
CLASS: Final = "downloads"
_FOLDERS: Final = {RTF: TLF_FOLDER, CSV: CSV_FOLDER, **dict.fromkeys(PAPER, DOCUMENTS_FOLDER)}


def populations(plan: Plan, lookup: Lookup, links: RecordLinks, analyses: Sequence[Analysis]) -> str:
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


def _subset(analysis: Analysis) -> str:
    return f", where {clause_in_words(analysis.data_subset)}" if analysis.data_subset is not None else ""


def offered(formats: Collection[str]) -> dict[str, str]:
    """Return the environment in which pages offer some formats."""
    return {ENVIRONMENT: ",".join(sorted(formats))}


def of_output(spec_id: str, label: str, picture: PurePath | None = None) -> str:
    """Return the links to the files of a table, a figure or a listing, as Markdown; empty where there are none."""
    opened = [] if picture is None else [_opening(picture, label)]
    return _line([*opened, *_links(spec_id, label, (RTF, CSV))])


def of_picture(picture: PurePath, label: str) -> str:
    """Return the link to the picture of a figure alone, as Markdown; `picture` is relative to the page."""
    return _line([_opening(picture, label)])


def of_document(name: str, label: str) -> str:
    """Return the links to a document in the formats it was set in, as Markdown; empty where there are none."""
    return _line(_links(name, label, PAPER))


def _line(links: Sequence[str]) -> str:
    # Written as HTML, which documents leave out: a reader of paper has nothing to open.
    return raw_html(f'<p class="{CLASS}">{" · ".join(links)}</p>') if links else ""


def _opening(picture: PurePath, label: str) -> str:
    """Return the link to a picture: opened alone it can be enlarged, on a phone too."""
    name = f"Open the picture of {label}"
    return f'<a href="{escape(quote(picture.as_posix()))}" aria-label="{escape(name)}">Open the picture</a>'


def _links(name: str, label: str, formats: Collection[str]) -> list[str]:
    by_quarto = CSV if EXECUTE_INFO in os.environ and not stands_alone(os.environ) else ""
    offered = os.environ.get(ENVIRONMENT, by_quarto).split(",")
    links = [_link(f"../{_FOLDERS[f]}/{name}.{f}", label, f.upper()) for f in formats if f in offered]
    return [f"Download: {links[0]}", *links[1:]] if links else []


def _link(href: str, label: str, text: str) -> str:
    return f'<a href="{escape(href)}" download aria-label="{escape(label)} as {text}">{text}</a>'
