"""Definitions that hold for every analysis of a plan, and the date up to which it looks at the data.

A convention is a parameter where the code acts on it, and prose where people do.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Literal

from pydantic import Field, model_validator

from sap.model.datasets import variables
from sap.model.part import DatasetName, Identifier, Part, Text, Value, VariableName
from sap.model.variables import Dataset
from sap.text.cells import is_date


class VisitWindow(Part):
    """The days on which an assessment belongs to a visit, in days since first treatment, both ends included."""

    name: Text
    """``VISIT`` of the records."""
    day: int
    """The day the visit was planned for."""
    start: int
    end: int

    @model_validator(mode="after")
    def _day_inside(self) -> "VisitWindow":
        if not self.start <= self.day <= self.end:
            msg = f"the window of {self.name}, days {self.start} to {self.end}, does not hold its day {self.day}"
            raise ValueError(msg)
        return self


class Relatedness(Part):
    """Which adverse events were called related to the treatment, wherever a plan asks for them."""

    values: tuple[Value, ...] = Field(default=("RELATED",), min_length=1)
    """The values of ADAE.AREL that mean related."""
    missing: Literal["related", "not related"] = "related"
    """What an event without a value counts as: by ICH E2A an event is suspected until it is judged."""

    @property
    def counted(self) -> tuple[str, ...]:
        """The cells that count as related; an empty one is a missing value."""
        return (*self.values, "") if self.missing == "related" else self.values


class Decimals(Part):
    """How many more decimals than the data are recorded with statistics of a quantity are shown with.

    Least, greatest and single values are shown as recorded.
    """

    mean: int = Field(default=1, ge=0, le=3)
    """How many more the mean has."""
    median: int = Field(default=1, ge=0, le=3)
    """How many more the median has, and quartiles."""
    sd: int = Field(default=2, ge=0, le=3)
    """How many more the standard deviation has."""


class Conventions(Part):
    """Definitions that hold for every analysis."""

    days: Text
    """How days are counted."""
    baseline: Text
    """Which measurement of a subject is the baseline."""
    visits: Text
    """How an assessment is assigned to a visit, and which one counts where a visit has several."""
    visit_windows: tuple[VisitWindow, ...] = ()
    """What the visits of the records are held to; none where records carry no visits."""
    partial_dates: Text
    """What becomes of dates of which the day or the month is missing."""
    missing: Text
    """What becomes of missing values."""
    multiplicity: Text
    """What is done, or not done, about several tests."""
    rounding: Literal["half away from zero"] = "half away from zero"
    """How results are rounded when they are shown."""
    p_value_digits: int = Field(default=3, ge=1, le=6)
    """Decimals of p-values."""
    decimals: Decimals | None = None
    """The decimals of descriptions, where they follow one rule; then the median and the extremes stand on lines of
    their own, and a step that states no digits has those of its data."""
    survival_parameter: Identifier | None = None
    """``PARAMCD`` of overall survival in ADTTE: its events are the deaths of ADSL."""
    origin_day: Literal[0, 1] = 0
    """``AVAL`` of ADTTE on the start date itself: 0 here, 1 where AVAL = ADT − STARTDT + 1. Times to event are
    shown, and their landmarks stated, in the same count."""
    emergent_days: int | None = Field(default=None, ge=0)
    """Days after the last treatment (``TRTEDT``; the first where there is none) within which an adverse event must
    start to be treatment-emergent; without a number no start after the first treatment is too late."""
    relatedness: Relatedness = Relatedness()
    """Which adverse events are called related, and what one of unknown relatedness counts as."""
    show_subject_ids: bool = True
    """Whether pages name subjects; results for the statistician always do."""

    @model_validator(mode="after")
    def _windows_apart(self) -> "Conventions":
        for one, other in combinations(self.visit_windows, 2):
            if one.name == other.name:
                msg = f"the visit {one.name} has two windows"
                raise ValueError(msg)
            if one.start <= other.end and other.start <= one.end:
                first, last = max(one.start, other.start), min(one.end, other.end)
                msg = f"the windows of {one.name} and {other.name} share days {first} to {last}"
                raise ValueError(msg)
        return self


PERIODS = ("ADSL", "ADTTE")
"""Datasets whose rows are no records of one day: subjects, and times from one day to another."""
_USUAL = ("ADT", "ASTDT")


class DataCutoff(Part):
    """The date after which nothing that happened is analysed.

    What lies after it is told by ``sap validate`` and left out: a record dated after it; the end of what began before
    it and ended later, which is then ongoing; a death, after which the subject is alive at the cut-off. A time to event
    that ends after it is censored at it; a subject who came after it is no subject yet. Its own day still counts.
    """

    date: str | None = None
    """The same day for everybody, as 2021-03-31."""
    variable: VariableName | None = None
    """Or a date of ADSL, subject by subject; nothing of a subject without it is left out."""
    dated_by: dict[DatasetName, VariableName | None] = Field(default_factory=dict)
    """By which variable records of a dataset are dated, where it is neither ADT nor ASTDT; null where by none."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "DataCutoff":
        if (self.date is None) == (self.variable is None):
            msg = "name either a date, or a variable of ADSL that holds each subject's"
            raise ValueError(msg)
        if self.date is not None and (not self.date or not is_date(self.date)):
            msg = f"'{self.date}' is not a date; write it as 2021-03-31"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        """Return the date, or what holds it."""
        told = self.date or f"ADSL.{self.variable}"
        by = ", ".join(f"{name} by {v or 'no date'}" for name, v in self.dated_by.items())
        return f"{told} ({by})" if by else told

    def dates(self, datasets: Mapping[str, Dataset]) -> dict[str, str]:
        """Return by which variable the records of each dataset are dated; without datasets that have no date."""
        found: dict[str, str] = {}
        for name, dataset in datasets.items():
            known = {v.name for v in variables(name, dataset) if v.type == "date"}
            usual = next((v for v in _USUAL if v in known), None)
            by = self.dated_by.get(name, usual)
            if by is not None and name not in PERIODS:
                found[name] = by
        return found
