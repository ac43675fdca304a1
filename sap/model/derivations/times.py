"""Times to an event, and the day of something that happens once."""

from typing import ClassVar, Literal

from sap.model.derivations.base import OneDerivation, named
from sap.model.part import DatasetName, Identifier, VariableName
from sap.model.variables import Variable


class TimeToEvent(OneDerivation):
    """Time from start to event or censoring, in days; censored earlier where the plan says so."""

    kind: Literal["time_to_event"]
    dataset: DatasetName = "ADTTE"
    parameter: Identifier
    censor_at: VariableName | None = None
    """A date of ADSL at which a subject is censored when it comes first."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "CNSR")
    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="AVAL", label="Time to event or censoring (days)", type="number"),
        Variable(name="CNSR", label="Censored (1) or event (0)", type="number", codelist=("0", "1")),
        Variable(name="STARTDT", label="Start of the time", type="date"),
        Variable(name="EVNTDESC", label="What the event was"),
    )


class DayOf(OneDerivation):
    """The day of something that happens at most once, in days since first treatment."""

    kind: Literal["day"]
    dataset: DatasetName = "ADSL"
    parameter: Identifier | None = None
    """Which parameter, where the dataset has several; of ADTTE only its events (``CNSR`` 0) have a day."""
    variable: VariableName
    """A date of the dataset."""

    provided: ClassVar[dict[str, Variable]] = named(
        Variable(name="DAY", label="Days since first treatment", type="number")
    )
