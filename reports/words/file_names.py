"""Which formats there are, and what files are called: what a command needs to know before it makes any."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from sap.text.problems import UserError, suggest

HTML: Final = "html"
RTF: Final = "rtf"
CSV: Final = "csv"
"""The results behind each output; it comes with the pages and is not asked for."""
PAPER: Final = ("docx", "pdf")
FORMATS: Final = (HTML, *PAPER, RTF)
PLAN_PAGE: Final = PurePosixPath("reports/sap.qmd")
DOCUMENTS: Final[Mapping[PurePosixPath, str]] = {
    PurePosixPath("reports/index.qmd"): "manuscript",
    PLAN_PAGE: "analysis-plan",
}
"""Pages a reader may want on paper, and what their documents are called."""
DOCUMENTS_FOLDER: Final = "documents"
TLF_FOLDER: Final = "tlf"
CSV_FOLDER: Final = "csv"
BESIDE: Final = (DOCUMENTS_FOLDER, TLF_FOLDER, CSV_FOLDER)
"""Folders of what stands beside the pages, which link to it."""
PAGES_FOLDER: Final = "reports"
TABLES: Final = "tables"
LISTINGS: Final = "listings"
CHECKS: Final = "quality"
CONCORDANCE: Final = "concordance"
RECORDS: Final = "trace"
LED_TO: Final = (TABLES, LISTINGS, CHECKS, CONCORDANCE, RECORDS)
"""Pages, and the folders beside them of what each leads to: of what would make it large."""
LATER: Final = (*BESIDE, *(f"{PAGES_FOLDER}/{name}" for name in LED_TO))
"""Folders that are filled when the pages are done."""


def wanted_formats(text: str) -> frozenset[str]:
    """Return the formats a user names, as "html,docx"."""
    named = [name.strip().lower() for name in text.split(",") if name.strip()]
    if "jats" in named:
        told = "JATS is written by Quarto alone, with the journal's bundle: quarto render --profile manuscript"
        raise UserError(f"{told}. Leave it out of --to.")
    unknown = next((name for name in named if name not in FORMATS), None)
    if unknown is not None:
        raise UserError(f"--to {text}: there is no format '{unknown}'. {suggest(unknown, FORMATS)}")
    if not named:
        raise UserError(f"--to names no format. Known: {', '.join(FORMATS)}.")
    return frozenset(named)
