"""What any page may ask of the seal: its entries, the past of each analysis, the amendments."""

from dataclasses import dataclass
from typing import Final

from reports.run.shown import lock_if_sealed, plan_file
from reports.words.markdown import callout
from reports.words.seal_sections import amendments_section
from sap.seal.lock import Lock
from sap.seal.plan_history import AnalysisHistory, plan_history
from sap.text.problems import UserError

UNREAD: Final = "The seal, or a text it keeps, cannot be read"


@dataclass(frozen=True)
class OpenedSeal:
    """The seal as a page sees it.

    Attributes
    ----------
    lock : Lock or None
        The seal; None where there is none or it cannot be read.
    history : tuple of AnalysisHistory
        When each analysis was promised; empty where that cannot be told.
    fault : str
        Why the seal, or a text it keeps, cannot be read: a draft may have a damaged one.
    """

    lock: Lock | None = None
    history: tuple[AnalysisHistory, ...] = ()
    fault: str = ""

    @property
    def warning(self) -> str:
        """The fault as a callout; empty without one."""
        return callout("warning", UNREAD, self.fault) if self.fault else ""

    @property
    def unread(self) -> bool:
        """Whether there is a seal of which nothing can be told."""
        return self.lock is None and bool(self.fault)


def open_seal() -> OpenedSeal:
    """Return the seal a page is about; a damaged one does not stop the page, which says so."""
    try:
        lock = lock_if_sealed()
    except UserError as error:
        return OpenedSeal(fault=str(error))
    try:
        return OpenedSeal(lock, plan_history(lock, plan_file()) if lock is not None else ())
    except UserError as error:
        return OpenedSeal(lock, fault=str(error))


def print_amendments() -> None:
    """Print what the plan's document says of its seal and amendments; it needs no results."""
    seal = open_seal()
    print(seal.warning if seal.unread else seal.warning + amendments_section(seal.lock, seal.history))
