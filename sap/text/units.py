"""Units of time, by which a plan may count the values of a file otherwise than the file does."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

DAYS: Final[Mapping[str, Fraction]] = {
    "minutes": Fraction(1, 1440),
    "hours": Fraction(1, 24),
    "days": Fraction(1),
    "weeks": Fraction(7),
    "months": Fraction("30.4375"),
    "years": Fraction("365.25"),
}
"""How many days a unit of time is; a month is a twelfth of a year of 365.25 days."""


def spelled(unit: str) -> str:
    """Return a unit of time as it is called here, from MONTH, month(s), mo or d; any other as it is."""
    word = unit.strip().lower().removesuffix("(s)").rstrip("s")
    short = {
        "d": "day",
        "wk": "week",
        "w": "week",
        "mo": "month",
        "mth": "month",
        "yr": "year",
        "y": "year",
        "h": "hour",
    }
    plural = f"{short.get(word, word)}s"
    return plural if plural in DAYS else unit


def factor(source: str, unit: str) -> Fraction | None:
    """Return by what a value in one unit of time is multiplied to be one in another; None where one is unknown."""
    one, other = DAYS.get(spelled(source)), DAYS.get(spelled(unit))
    return None if one is None or other is None else one / other
