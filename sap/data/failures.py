"""A rule that a row of data does not keep, told so that a data manager can mend it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

MOST_LISTED: Final = 1_000
"""Most records with one fault that are told one by one: nobody reads more, and each takes memory; more are counted."""
Severity = Literal["error", "warning", "note"]
USUAL: Final = frozenset({"X21"})
"""Rules that some subjects of a sound trial break, as those of a placebo arm who have no adverse event."""


@dataclass(frozen=True, order=True)
class Failure:
    """One cell, row or file that breaks a rule."""

    dataset: str
    """Dataset name, as ``ADSL``."""
    row: int
    """Row in the file counted as an editor does: the header is row 1. 0 when the rule is about the whole file."""
    subject: str
    """``USUBJID`` of the row; empty when unknown."""
    column: str
    """Variable; empty when the rule is about the whole row or file."""
    rule: str
    """Id of the rule, as ``type`` or ``X06``."""
    value: str
    """The offending value as it stands in the file."""
    message: str
    fix: str
    """What is wrong, and what to do."""
    severity: Severity = "error"
    """Nothing is analysed on data with an error; a note says what was made of the data, and asks for nothing."""
    cause: str = ""
    """The cell that explains this and other failures, as ``ADSL row 4 DTHDT``; empty where each stands for itself."""
    consequence: bool = False
    """Whether another failure of the same cause is told in its place."""
    more: int = 0
    """How many further records have the same fault and are only counted."""
    excepted: str = ""
    """Why the plan lets the data break this rule; empty where it does not."""

    def as_record(self) -> dict[str, str | int | bool]:
        """Return the failure as a record for JSON."""
        return asdict(self)


def each(rows: "pd.Index[int]", tell: Callable[[int], Failure]) -> Iterator[Failure]:
    """Yield what is wrong with each of some rows; of very many the first ones, and how many more there are."""
    for row in rows[:MOST_LISTED]:
        yield tell(int(row))
    more = len(rows) - MOST_LISTED
    if more > 0:
        yield further(tell(int(rows[0])), more)


def further(failure: Failure, more: int) -> Failure:
    """Return that more records have the same fault, which are counted and not listed."""
    message = f"{failure.message} {more} more record{'s' * (more != 1)}: counted, not listed."
    return replace(failure, row=0, subject="", value="", message=message, more=more)
