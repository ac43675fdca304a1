"""What a statement of a paper says, as typed values; a number keeps the digits it was printed with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from sap.model.part import Identifier, Part, Text, Value
from sap.text.cells import is_number

_LARGEST = 30
_SMALLEST = -300
"""Powers of ten between which the numbers of papers lie, p-values of genomes among them."""


def _as_printed(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    text = str(value).replace("−", "-").strip()
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not text or not is_number(text):
        msg = f'a number should stand here as it is printed (found: {value!r}); keep a last zero by quotes, as "66.70"'
        raise ValueError(msg)
    number = Decimal(text)
    last = int(number.as_tuple().exponent)
    if not (last >= _SMALLEST and max(last, number.adjusted()) < _LARGEST):
        msg = f"{value} is no number that a paper prints: those lie between 1e{_SMALLEST} and 1e{_LARGEST}"
        raise ValueError(msg)
    return number


Printed = Annotated[Decimal, BeforeValidator(_as_printed, json_schema_input_type=str | int | float)]
"""A number as it was printed: the digits say how exactly. In quotes, a last zero is kept."""
_MOST = 1_000_000_000
"""More than anybody counts."""
Count = Annotated[int, Field(ge=0, le=_MOST)]
Size = Annotated[int, Field(ge=1, le=_MOST)]


class Interval(Part):
    """A confidence interval, in the unit of what it is of; that of a proportion in percent."""

    low: Printed
    high: Printed
    level: Annotated[Printed, Field(ge=50, le=Decimal("99.9999"))] = Decimal(95)
    """Confidence level in percent: 95, not 0.95."""
    method: str = ""
    """How it was computed, as the paper says; empty where it does not."""


class Fraction(Part):
    """A count, the number it is out of, and its percentage, as far as they are printed."""

    numerator: Count | None = None
    """How many; left out where only a percentage is printed."""
    denominator: Size | None = None
    """Out of how many."""
    percent: Printed | None = None
    """The percentage beside it."""
    interval: Interval | None = None
    """The confidence interval of the percentage."""

    @model_validator(mode="after")
    def _something(self) -> "Fraction":
        if self.numerator is None and self.percent is None:
            msg = "a count or a percentage is missing"
            raise ValueError(msg)
        return self


class Summary(Part):
    """What summaries of a sample have in common."""

    unit: str = ""
    n: Size | None = None
    """How many values were summarised."""
    step: Printed | None = None
    """Smallest step between two values: 1 for whole numbers (ages in years, days, counts)."""
    min: Printed | None = None
    max: Printed | None = None
    interval: Interval | None = None
    """The confidence interval of the median or the mean."""


class Median(Summary):
    """A median, with its range where one is printed."""

    median: Printed


class FollowUp(Median):
    """A median follow-up; the median of the observed times and the reverse Kaplan–Meier median are two quantities."""

    method: str = ""
    """How it was computed, as the paper says; empty where it does not."""


class Mean(Summary):
    """A mean, with the standard deviation where one is printed."""

    mean: Printed
    sd: Printed | None = None


class Range(Part):
    """Two limits between which something lay."""

    min: Printed | None = None
    max: Printed | None = None
    unit: str = ""


class Limit(Range):
    """A limit that a statement names for something that the paper summarises elsewhere."""

    holds_for: Literal["everyone", "median", "not said"] = "not said"
    """Whose values it limits."""


class Group(Part):
    """A group of a comparison."""

    label: Text
    n: Size | None = None
    """Its size, where the paper gives it."""


class Comparison(Part):
    """A comparison of groups."""

    p: Printed | None = None
    """The p-value, where it is printed."""
    p_less_than: Printed | None = None
    """The limit, where only that is printed, as in p < 0.05."""
    test: str = ""
    """The test, as the paper names it; empty where it does not."""
    groups: tuple[Group, ...] = ()
    direction: str = ""


class Endpoint(Part):
    """An endpoint that is named."""

    endpoint: Text
    rank: Literal["primary", "secondary", "exploratory"]
    result: Identifier | None = None
    """The fact that gives its result; left out where the paper gives none."""


class Stated(Part):
    """What is said of a thing and is not a number to check: by name, in words."""

    stated: Mapping[str, Value] = {}


class Subject(Stated):
    """What is said of one subject."""

    subject: Text


class Subjects(Fraction):
    """Subjects who are named, and how many they are said to be."""

    subjects: tuple[Text, ...] = Field(min_length=1)
    stated: Mapping[str, Value] = {}

    @model_validator(mode="after")
    def _something(self) -> "Subjects":
        return self  # names alone are something


class Figure(Stated):
    """A figure and what it shows."""

    panel: str = ""
    subjects: tuple[Text, ...] = ()
