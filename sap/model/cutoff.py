"""The date up to which a plan looks at the data."""

from collections.abc import Mapping

from pydantic import Field, model_validator

from sap.model.datasets import variables
from sap.model.part import DatasetName, Part, VariableName
from sap.model.variables import Dataset
from sap.text.cells import is_date

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
