"""What was given and where the conduct left the protocol, set by hand. Days are days since infusion."""

from dataclasses import dataclass

CYCLOPHOSPHAMIDE = "Cyclophosphamide"
FLUDARABINE = "Fludarabine"
CART = "CLL-1 CAR-T"
CELLS = "10^6 cells/kg"

LYMPHODEPLETION = ((CYCLOPHOSPHAMIDE, 500), (FLUDARABINE, 30))
"""What was given on each day of lymphodepletion, in mg/m2."""
LYMPHODEPLETION_DAYS = (-5, -4, -3)


def cumulative(drug: str) -> int:
    """Return the cumulative dose of a drug over lymphodepletion, in mg/m2."""
    return dict(LYMPHODEPLETION)[drug] * len(LYMPHODEPLETION_DAYS)


@dataclass(frozen=True)
class Deviation:
    """One deviation from the protocol; the letter names none."""

    subjid: str
    day: int
    category: str
    term: str


DEVIATIONS = (
    Deviation("02", 9, "Sampling", "Serum for cytokines was processed later than two hours after sampling"),
    Deviation("04", 150, "Visit", "Follow-up visit was held by telephone"),
    Deviation("06", -19, "Informed consent", "An outdated version of the consent form was signed and replaced"),
    Deviation("09", 16, "Visit", "Vital signs of the morning were recorded in the afternoon"),
)
