"""The dose-limiting toxicity rule, as a protocol states it: a list of criteria."""

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.part import Identifier, Part, Text, Window


class Criterion(Part):
    """One sentence of the rule: an adverse event counts when everything stated here holds for it."""

    id: Identifier
    text: Text
    """The sentence, and where it comes from (a protocol section, or the id of an assumption)."""
    source: Text
    """The sentence, and where it comes from (a protocol section, or the id of an assumption)."""
    event: WhereClause
    """Which adverse events, over ADAE."""
    min_grade: int = Field(ge=1, le=5)
    """Lowest CTCAE (or CRS consensus) grade that counts."""
    related_only: bool = True
    """Whether the investigator must have called the event related."""
    window: Window | None = None
    """When the event must start, in days since first treatment; what it leaves out is as the rule's window."""
    min_duration_days: int | None = Field(default=None, ge=1)
    """Shortest duration that counts, first and last day both counted. Rows of one term that meet the criterion but for
    their onset and duration, and overlap or follow each other without a day between, are one episode. One without an
    end lasts until the subject dies or is last known alive."""


class DltRule(Part):
    """A definition of dose-limiting toxicity: a subject has one when any criterion is met in the window."""

    id: Identifier
    title: Text
    window: Window
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    """A subject who meets any of these in the window has a dose-limiting toxicity."""

    @model_validator(mode="after")
    def _closed_window(self) -> "DltRule":
        if self.window.start is None or self.window.end is None:
            msg = "the window of a DLT rule needs both a start and an end, in days since first treatment"
            raise ValueError(msg)
        for criterion in self.criteria:
            self.window_of(criterion)
        return self

    def window_of(self, criterion: Criterion) -> Window:
        """Return when an event must start to meet a criterion: its own window, where that is open the rule's."""
        own = criterion.window or Window()
        return Window(
            start=self.window.start if own.start is None else own.start,
            end=self.window.end if own.end is None else own.end,
        )
