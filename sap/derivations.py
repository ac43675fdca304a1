"""What is derived for each subject before anything is analysed.

A derivation is a dataset of its own with one row a subject; its id is the dataset's name in analyses, groupings
and where-clauses.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sap.model import DatasetName, Identifier, Part, Text, VariableName, Window


class _Derivation(Part):
    id: DatasetName
    text: Text

    provides: ClassVar[dict[str, str]]
    """Variables the derived dataset has, with their labels."""


class DltStatus(_Derivation):
    """Whether a subject had a dose-limiting toxicity under a rule, and by which criteria."""

    kind: Literal["dlt"]
    rule: Identifier

    provides: ClassVar[dict[str, str]] = {
        "DLTFL": "Dose-limiting toxicity",
        "CRITERIA": "Criteria met",
        "DLTDAY": "Onset of first dose-limiting toxicity (days since infusion)",
        "OBSDAYS": "Days observed since infusion",
    }


class BestResponse(_Derivation):
    """The best response assessed in a window, before another therapy where the plan says so."""

    kind: Literal["best_response"]
    dataset: DatasetName = "ADRS"
    parameter: Identifier
    order: tuple[str, ...] = Field(min_length=1)
    window: Window = Window(start=0)
    before: VariableName | None = None

    provides: ClassVar[dict[str, str]] = {
        "BOR": "Best overall response",
        "RSPDAY": "Day of best response (days since infusion)",
    }


class TimeToEvent(_Derivation):
    """Time from start to event or censoring, in days; censored earlier where the plan says so."""

    kind: Literal["time_to_event"]
    dataset: DatasetName = "ADTTE"
    parameter: Identifier
    censor_at: VariableName | None = None

    provides: ClassVar[dict[str, str]] = {
        "AVAL": "Time to event or censoring (days)",
        "CNSR": "Censored (1) or event (0)",
    }


class Peak(_Derivation):
    """The highest value of a parameter in a window, and its first day."""

    kind: Literal["peak"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: Window = Window(start=0)
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"

    provides: ClassVar[dict[str, str]] = {
        "PEAK": "Peak value",
        "TPEAK": "Time to peak (days since infusion)",
    }


Derivation = Annotated[DltStatus | BestResponse | TimeToEvent | Peak, Field(discriminator="kind")]
