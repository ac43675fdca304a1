"""What is derived for each subject before anything is analysed.

A derivation is a dataset of its own with one row a subject; its id is the dataset's name in analyses, groupings
and where-clauses.
"""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.clause import WhereClause
from sap.model import DatasetName, Identifier, Part, Text, VariableName, Window
from sap.variables import Variable


def _named(*variables: Variable) -> dict[str, Variable]:
    return {v.name: v for v in variables}


SINCE_TREATMENT: Final = frozenset({"DAY", "RSPDAY", "DLTDAY", "ONSET", "ENDDAY", "TPEAK"})
"""Variables of derivations that are days since first treatment."""
ENDED: Final = "ENDED"
ENDED_LATER: Final = "ENDED LATER"
ONGOING: Final = "ONGOING"


class _Derivation(Part):
    id: DatasetName
    text: Text

    provides: ClassVar[dict[str, Variable]]
    """Variables the derived dataset has beside ``USUBJID``, by name."""
    columns: ClassVar[tuple[str, ...]] = ()
    """Variables of its records that it reads, beside those the plan names."""


class DltStatus(_Derivation):
    """Whether a subject had a dose-limiting toxicity under a rule, and by which criteria.

    ``EVALFL`` is Y when one occurred, or when the whole window was observed and no ongoing event of a subject alive
    could still become one by lasting longer.
    """

    kind: Literal["dlt"]
    rule: Identifier
    """Id of the DLT rule."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="DLTFL", label="Dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="CRITERIA", label="Criteria met"),
        Variable(
            name="DLTDAY", label="Onset of first dose-limiting toxicity (days since first treatment)", type="number"
        ),
        Variable(name="EVALFL", label="Evaluable for dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="OBSDAYS", label="Days observed since first treatment", type="number"),
    )


class BestResponse(_Derivation):
    """The best response assessed in a window, before another therapy where the plan says so."""

    kind: Literal["best_response"]
    dataset: DatasetName = "ADRS"
    parameter: Identifier
    order: tuple[str, ...] = Field(min_length=1)
    """Responses from best to worst."""
    window: Window = Window(start=0)
    before: VariableName | None = None
    """A date of ADSL: only what was assessed before it counts."""

    columns: ClassVar[tuple[str, ...]] = ("AVALC", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="BOR", label="Best overall response"),
        Variable(name="RSPDAY", label="Day of best response (days since first treatment)", type="number"),
    )


class TimeToEvent(_Derivation):
    """Time from start to event or censoring, in days; censored earlier where the plan says so."""

    kind: Literal["time_to_event"]
    dataset: DatasetName = "ADTTE"
    parameter: Identifier
    censor_at: VariableName | None = None
    """A date of ADSL at which a subject is censored when it comes first."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "CNSR", "STARTDT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="AVAL", label="Time to event or censoring (days)", type="number"),
        Variable(name="CNSR", label="Censored (1) or event (0)", type="number", codelist=("0", "1")),
        Variable(name="STARTDT", label="Start of the time", type="date"),
        Variable(name="EVNTDESC", label="What the event was"),
    )


class Peak(_Derivation):
    """The highest value of a parameter in a window and its first day; before another therapy where the plan says so."""

    kind: Literal["peak"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: Window = Window(start=0)
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="PEAK", label="Peak value", type="number"),
        Variable(name="TPEAK", label="Time to peak (days since first treatment)", type="number"),
    )


class AreaUnderCurve(_Derivation):
    """The area under the course of a parameter over a window, in the unit of the parameter times days.

    A subject whose measurements do not reach from the first to the last day of the window has none, and ``AUCREAS``
    says so: nothing is extrapolated. Of several values on one day the highest counts, as for the peak.
    """

    kind: Literal["area"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: Window
    """First and last day of the area, in days since first treatment; where no value was measured on an end of it, the
    value there is interpolated by the rule."""
    rule: Literal["linear-up/log-down", "linear"] = "linear-up/log-down"
    """How a value becomes the next: always on a straight line, or falling ones on a logarithmic scale."""
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="AUC", label="Area under the curve (unit of the parameter × days)", type="number"),
        Variable(name="AUCREAS", label="Why there is no area"),
    )

    @property
    def first(self) -> int:
        """First day of the window."""
        return self.window.start or 0

    @property
    def last(self) -> int:
        """Last day of the window."""
        return self.window.end or 0

    @model_validator(mode="after")
    def _closed(self) -> "AreaUnderCurve":
        if self.window.start is None or self.window.end is None or self.window.start == self.window.end:
            msg = "an area needs a window with a first and a later last day, as {start: 0, end: 28}"
            raise ValueError(msg)
        return self


class EventOccurrence(_Derivation):
    """Whether adverse events of a kind occurred, their worst grade, first onset, duration and end.

    Rows of one term that overlap or follow each other without a day between are one episode; episodes count by their
    onset. An event without an end goes on; its duration is counted up to death or the day last known alive, and not
    only up to another therapy.
    """

    kind: Literal["adverse_event"]
    event: WhereClause
    """Which adverse events, over ADAE."""
    min_grade: int = Field(default=1, ge=1, le=5)
    """Lowest grade that counts."""
    related_only: bool = False
    """Whether the event must have been called related."""
    window: Window = Window(start=0)
    """When the episode must start, in days since first treatment."""
    before: VariableName | None = None
    """A date of ADSL that tells an end before it (``ENDED``) from one on that day or after it (``ENDED LATER``), as
    transplantation does when it ends a cytopenia; without a date every end is ``ENDED``."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="OCCURFL", label="Occurred", codelist=("Y", "N")),
        Variable(name="MAXGR", label="Worst grade (0, none)", codelist=("0", "1", "2", "3", "4", "5")),
        Variable(name="ONSET", label="First onset (days since first treatment)", type="number"),
        Variable(name="DUR", label="Duration of the first episode (days)", type="number"),
        Variable(name="ENDDAY", label="End of the last episode (days since first treatment)", type="number"),
        Variable(name="ONGOFL", label="Ongoing at the end of observation", codelist=("Y", "N")),
        Variable(name="COURSE", label="How it ended", codelist=(ENDED, ENDED_LATER, ONGOING)),
    )


class DayOf(_Derivation):
    """The day of something that happens at most once, in days since first treatment."""

    kind: Literal["day"]
    dataset: DatasetName = "ADSL"
    parameter: Identifier | None = None
    """Which parameter, where the dataset has several; of ADTTE only its events (``CNSR`` 0) have a day."""
    variable: VariableName
    """A date of the dataset."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="DAY", label="Days since first treatment", type="number"),
    )


Derivation = Annotated[
    DltStatus | BestResponse | TimeToEvent | Peak | AreaUnderCurve | EventOccurrence | DayOf,
    Field(discriminator="kind"),
]
