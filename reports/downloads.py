"""Files beside the pages that a reader may take away: the command that makes them says which there will be."""

import os
from collections.abc import Collection
from html import escape
from typing import Final

from reports.formats.names import CSV, CSV_FOLDER, DOCUMENTS_FOLDER, PAPER, RTF, SVG, TLF_FOLDER

ENVIRONMENT: Final = "SAP_DOWNLOADS"
"""Environment variable by which a command tells its pages which formats stand beside them; without it, none."""
CLASS: Final = "downloads"
_FOLDERS: Final = {RTF: TLF_FOLDER, SVG: TLF_FOLDER, CSV: CSV_FOLDER, **dict.fromkeys(PAPER, DOCUMENTS_FOLDER)}


def told(formats: Collection[str]) -> dict[str, str]:
    """Return the environment in which pages offer some formats."""
    return {ENVIRONMENT: ",".join(sorted({*formats, *([SVG] if RTF in formats else [])}))}


def of_output(spec_id: str, label: str, *, picture: bool = False) -> str:
    """Return the links to the files of a table, a figure or a listing, as Markdown; empty where there are none.

    Parameters
    ----------
    spec_id : str
        The output, as the plan names it.
    label : str
        What it is called, as "Table 14.1.1".
    picture : bool
        Whether it is a figure, whose picture is a file of its own: on a phone it can be opened and enlarged.
    """
    return _links(spec_id, label, (RTF, SVG, CSV) if picture else (RTF, CSV))


def of_document(name: str, label: str) -> str:
    """Return the links to a document in the formats it was set in, as Markdown; empty where there are none."""
    return _links(name, label, PAPER)


def _links(name: str, label: str, formats: Collection[str]) -> str:
    offered = os.environ.get(ENVIRONMENT, "").split(",")
    links = [_link(f"../{_FOLDERS[f]}/{name}.{f}", label, f.upper()) for f in formats if f in offered]
    # Written as HTML, which documents leave out: a reader of paper has nothing to download.
    return f'\n```{{=html}}\n<p class="{CLASS}">Download: {" · ".join(links)}</p>\n```\n' if links else ""


def _link(href: str, label: str, text: str) -> str:
    return f'<a href="{escape(href)}" download aria-label="{escape(label)} as {text}">{text}</a>'
