"""How a date of which a part is not known becomes a whole one."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from sap.model.part import Part, VariableName
from sap.text.dates import PartialDate, possible


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_Names = tuple[VariableName, ...]
_Dates = Annotated[_Names, BeforeValidator(_listed, json_schema_input_type=VariableName | _Names)]


class Imputation(Part):
    """How a date without its day, month or year is imputed; a part of which nothing is said here is not imputed.

    The definitions are those of the R package admiral (``derive_vars_dt``). A date without its day gets the first or
    last day of its month, or the 15th (mid). One without its month gets January, December or June, and of both mid the
    30th of June; a day that was known is left out with it. One without its year is the latest of ``not_before``
    (first), or the earliest of ``not_after`` (last). The imputed date is then moved not to be before the dates of
    ``not_before``, nor after those of ``not_after``, but never out of the days that the known parts allow: a date
    outside these is not looked at. The flag, of the variable's name with an F behind it, is the highest part that was
    imputed: D, M or Y.
    """

    day: Literal["first", "mid", "last"]
    """Which day of a known month."""
    month: Literal["first", "mid", "last"] | None = None
    """Which month of a known year; left out, a date without its month stays missing."""
    year: Literal["first", "last"] | None = None
    """Whether a date without its year becomes the earliest or the latest that the other dates allow; left out, it stays
    missing."""
    not_before: _Dates = ()
    """Dates that it is not before, where it can be: of the same dataset, or of ADSL."""
    not_after: _Dates = ()
    """Dates that it is not after, where it can be: of the same dataset, or of ADSL."""

    @model_validator(mode="after")
    def _from_the_day_up(self) -> "Imputation":
        if self.year is not None and self.month is None:
            msg = "a date without its year lacks its month as well: say which month, as month: first"
            raise ValueError(msg)
        for year, bound in (("first", "not_before"), ("last", "not_after")):
            if self.year == year and not getattr(self, bound):
                msg = f"year: {year} needs dates to hold it: name them under {bound}, as {bound}: TRTSDT"
                raise ValueError(msg)
        return self

    @property
    def in_words(self) -> str:
        """The rule as a phrase."""
        return "; ".join(self._told())

    def _told(self) -> Iterator[str]:
        day = "15th" if self.day == "mid" else self.day
        yield f"without its day it is the {day} of the month"
        if self.month is not None and (self.month, self.day) == ("mid", "mid"):
            yield "without its month, 30 June"
        elif self.month is not None:
            name = {"first": "January", "mid": "June", "last": "December"}[self.month]
            yield f"without its month, the {day} of {name}"
        if self.year is not None:
            yield f"without its year, the {'latest' if self.year == 'first' else 'earliest'} of these dates"
        for word, names in (("before", self.not_before), ("after", self.not_after)):
            if names:
                yield f"not {word} {' or '.join(names)} where it can be"

    def covers(self, partial: PartialDate) -> bool:
        """Return whether it says what becomes of what a date lacks."""
        return {None: True, "D": True, "M": self.month is not None, "Y": self.year is not None}[partial.lacks]

    def whole(self, partial: PartialDate, lows: tuple[date, ...], highs: tuple[date, ...]) -> date | None:
        """Return the date as it is imputed, held by other dates of the subject; None where nothing says what it is."""
        if not self.covers(partial):
            return None
        if partial.year is None:
            found = max(lows, default=None) if self.year == "first" else min(highs, default=None)
            first, last = date.min, date.max
        else:
            first, last = possible(partial)
            found = self._chosen(partial, first, last)
        if found is None:
            return None
        held = max([found, *(d for d in lows if first <= d <= last)])
        return min([held, *(d for d in highs if first <= d <= last)])

    def _chosen(self, partial: PartialDate, first: date, last: date) -> date:
        """Return which of the days from `first` to `last` the rule takes, all of one year."""
        if partial.lacks is None:
            return first
        if partial.lacks == "M":
            if (self.month, self.day) == ("mid", "mid"):
                return date(first.year, 6, 30)
            month = {"first": 1, "mid": 6, "last": 12}[self.month or "first"]
            first, last = possible(PartialDate(first.year, month, None))
        return {"first": first, "mid": first.replace(day=15), "last": last}[self.day]
