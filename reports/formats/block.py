"""The title block of a document on paper: the plan's document names its plan, version, date and authors."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from reports.words.file_names import DOCUMENTS, PLAN_PAGE
from sap.plan.plan import Plan


@dataclass(frozen=True)
class Block:
    """What a document says of itself beyond the front matter of its page, as plain text."""

    subject: str = ""
    """The plan, its version and its date; a property of the file."""
    subtitle: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    """In place of those of the page; empty where the page's own stand."""


def blocks(plan: Plan) -> Mapping[PurePosixPath, Block]:
    """Return the title block of each document of a plan, by its page."""
    d = plan.plan
    subject = f"{d.id}, version {d.version}, {d.date}"
    own = Block(subject, subtitle=d.title, date=subject, authors=d.authors)
    return {page: own if page == PLAN_PAGE else Block(subject) for page in DOCUMENTS}
