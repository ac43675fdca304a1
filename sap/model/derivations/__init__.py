"""What is derived for each subject before anything is analysed, and the rules of dose-limiting toxicity.

A derivation is a dataset of its own with one row a subject; its id is the dataset's name in analyses, groupings
and where-clauses.
"""

from typing import Annotated

from pydantic import Field

from sap.model.derivations.base import SINCE_TREATMENT, AfterTreatment, FromTreatment, OneDerivation
from sap.model.derivations.measurements import GRADES, AreaUnderCurve, GradeBound, LabGrade, Peak
from sap.model.derivations.narrative import RECORDS_SLOT, Narrative, Sentence, Slot, ToldRecords, slots
from sap.model.derivations.response import PROGRESSION, STABLE, BestResponse
from sap.model.derivations.times import DayOf, TimeToEvent
from sap.model.derivations.toxicity import (
    ENDED,
    ENDED_LATER,
    ONGOING,
    Criterion,
    DltRule,
    DltStatus,
    EventOccurrence,
)
from sap.model.derivations.visits import VisitRecord, VisitValues, shift

Derivation = Annotated[
    DltStatus
    | BestResponse
    | TimeToEvent
    | Peak
    | AreaUnderCurve
    | EventOccurrence
    | DayOf
    | LabGrade
    | VisitValues
    | Narrative,
    Field(discriminator="kind"),
]

__all__ = [
    "ENDED",
    "ENDED_LATER",
    "GRADES",
    "ONGOING",
    "PROGRESSION",
    "RECORDS_SLOT",
    "SINCE_TREATMENT",
    "STABLE",
    "AfterTreatment",
    "AreaUnderCurve",
    "BestResponse",
    "Criterion",
    "DayOf",
    "Derivation",
    "DltRule",
    "DltStatus",
    "EventOccurrence",
    "FromTreatment",
    "GradeBound",
    "LabGrade",
    "Narrative",
    "OneDerivation",
    "Peak",
    "Sentence",
    "Slot",
    "TimeToEvent",
    "ToldRecords",
    "VisitRecord",
    "VisitValues",
    "shift",
    "slots",
]
