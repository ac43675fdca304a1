"""Dose-limiting toxicity, and adverse events of a kind."""

from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.derivations.base import FromTreatment, OneDerivation, named
from sap.model.part import Identifier, Part, Text, VariableName, Window
from sap.model.variables import Variable

ENDED: Final = "ENDED"
ENDED_LATER: Final = "ENDED LATER"
ONGOING: Final = "ONGOING"


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


NO_GRADE: Final = Variable(name="NOGRADE", label="Events without a grade that could have counted", type="number")
NO_RELATEDNESS: Final = Variable(name="NOREL", label="Events without relatedness that were judged", type="number")


class DltStatus(OneDerivation):
    """Whether a subject had a dose-limiting toxicity under a rule, and by which criteria.

    ``EVALFL`` is Y when one occurred, or when the whole window was observed and no ongoing event of a subject alive
    could still become one by lasting longer, and no event without a grade would be one if its grade were high enough.
    """

    kind: Literal["dlt"]
    rule: Identifier
    """Id of the DLT rule."""

    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="DLTFL", label="Dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="CRITERIA", label="Criteria met"),
        Variable(
            name="DLTDAY", label="Onset of first dose-limiting toxicity (days since first treatment)", type="number"
        ),
        Variable(name="EVALFL", label="Evaluable for dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="OBSDAYS", label="Days observed since first treatment", type="number"),
        NO_GRADE,
        NO_RELATEDNESS,
    )


class EventOccurrence(OneDerivation):
    """Whether adverse events of a kind occurred, their worst grade, first onset, duration and end.

    An event without a grade is one of any grade, and is below each that a plan names. Rows of one term that overlap or
    follow each other without a day between are one episode; episodes count by their onset. An event without an end goes
    on; its duration is counted up to death or the day last known alive, and not only up to another therapy.
    """

    kind: Literal["adverse_event"]
    event: WhereClause
    """Which adverse events, over ADAE."""
    min_grade: int = Field(default=1, ge=1, le=5)
    """Lowest grade that counts."""
    related_only: bool = False
    """Whether the event must have been called related."""
    window: FromTreatment = Window(start=0)
    """When the episode must start, in days since first treatment."""
    before: VariableName | None = None
    """A date of ADSL that tells an end before it (``ENDED``) from one on that day or after it (``ENDED LATER``), as
    transplantation does when it ends a cytopenia; without a date every end is ``ENDED``."""

    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="OCCURFL", label="Occurred", codelist=("Y", "N")),
        Variable(name="MAXGR", label="Worst grade (0, none)", codelist=("0", "1", "2", "3", "4", "5")),
        Variable(name="ONSET", label="First onset (days since first treatment)", type="number"),
        Variable(name="DUR", label="Duration of the first episode (days)", type="number"),
        Variable(name="ENDDAY", label="End of the last episode (days since first treatment)", type="number"),
        Variable(name="ONGOFL", label="Ongoing at the end of observation", codelist=("Y", "N")),
        Variable(name="COURSE", label="How it ended", codelist=(ENDED, ENDED_LATER, ONGOING)),
        NO_GRADE,
        NO_RELATEDNESS,
    )
