"""A subject's values at the visits of a trial, with their baseline and the change from it."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import Comparator, Condition, WhereClause, conditions
from sap.model.derivations.base import OneDerivation
from sap.model.part import DatasetName, Identifier, Part, Text, Value, VariableName, Window
from sap.model.variables import Variable

VisitName = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,12}$")]
BY_DAY: Final = frozenset({"first", "last", "nearest"})
"""Rules that choose a record by its day."""


class VisitRecord(Part):
    """Which record of a subject stands for a visit, or for the baseline: all that is said here must hold for it.

    A record without a value never does. Days are counted from first treatment by ADT, where a record has none by ADY.
    """

    label: Text | None = None
    """What the visit is called; as in the data when left out."""
    visit: Value | None = None
    """The visit, as the data name it."""
    window: Window | None = None
    """The days on which it must lie, in days since first treatment."""
    until: VariableName | None = None
    """A date of ADSL: only a record up to it, its own day included, counts, as TRTEDT for one on treatment."""
    where: WhereClause | None = None
    """Which records may stand for it, over the dataset."""
    several: Literal["first", "last", "nearest", "highest", "lowest", "mean"] | None = None
    """Which of several records of a subject counts, or their mean; of equal values the first, of several on one day the
    one that stands first in the file, for ``last`` the last. Left out, several records are an error."""
    target: int | None = None
    """The day to which the nearest record counts, in days since first treatment."""
    ties: Literal["earlier", "later"] = "earlier"
    """Which of two records counts that are as near to the target."""

    @model_validator(mode="after")
    def _said(self) -> "VisitRecord":
        if self.visit is None and self.window is None and self.where is None:
            msg = "nothing says which record is meant: name a visit, a window of days, or a where-clause"
            raise ValueError(msg)
        if (self.several == "nearest") != (self.target is not None):
            msg = "a target is the day to which the nearest record counts: give target and several: nearest, or neither"
            raise ValueError(msg)
        return self

    @property
    def needs_days(self) -> bool:
        """Whether the days of the records are asked for."""
        return self.window is not None or self.until is not None or self.several in BY_DAY


class VisitValues(OneDerivation):
    """The values of a subject at the visits of the plan, the baseline, and the change from it.

    ``VALUE_…`` is the value at a visit, ``CHG_…`` that minus the baseline, ``PCHG_…`` the change in percent of the
    baseline (none where that is 0), ``DAY_…`` the day of the record, each with the name of the visit behind it;
    ``BASE`` is the baseline and ``MISSED`` the number of visits without a value. Of categories there is ``SHIFT_…``,
    from the one at baseline to the one at the visit, in place of a change. A visit without a record has no value:
    nothing is imputed or carried forward. These are AVAL, BASE, CHG, PCHG and SHIFTy of the ADaM Implementation Guide.
    """

    kind: Literal["visits"]
    dataset: DatasetName
    parameter: Identifier
    variable: VariableName | None = None
    """The value; left out, AVAL, and of categories AVALC."""
    categories: tuple[Value, ...] = ()
    """The values of a category, from the lowest to the highest; the value is a number when left out."""
    where: WhereClause | None = None
    """Which records may stand for a visit, over the dataset, as those with ANL01FL = Y; the baseline has its own."""
    by: VariableName = "AVISIT"
    """The variable that names the visit of a record."""
    visits: dict[VisitName, VisitRecord] = Field(min_length=1)
    """The visits, each under the name that its variables have behind theirs."""
    baseline: VisitRecord | Literal["none"] | None = None
    """Which record is the baseline; that with ABLFL = Y when left out."""
    before: VariableName | None = None
    """A date of ADSL: only what was recorded before it counts."""

    provided: ClassVar[dict[str, Variable]] = {}

    @model_validator(mode="after")
    def _of_numbers(self) -> "VisitValues":
        own = [*self.visits.values(), *([self.base] if self.base is not None else [])]
        if self.categories and any(v.several == "mean" for v in own):
            msg = "categories have no mean: choose one of several records"
            raise ValueError(msg)
        return self

    @property
    def base(self) -> VisitRecord | None:
        """Which record is the baseline; None where there is none."""
        if self.baseline is None:
            flag = {"dataset": self.dataset, "variable": "ABLFL", "comparator": Comparator.EQ, "value": "Y"}
            return VisitRecord(where=Condition.model_validate(flag))
        return None if self.baseline == "none" else self.baseline

    @property
    def value(self) -> str:
        """The variable that has the value."""
        return self.variable or ("AVALC" if self.categories else "AVAL")

    @property
    def records(self) -> tuple[VisitRecord, ...]:
        """Which record stands for each visit, and for the baseline."""
        return (*self.visits.values(), *([self.base] if self.base is not None else []))

    @property
    def needs_days(self) -> bool:
        """Whether the days of its records are asked for."""
        return self.before is not None or any(r.needs_days for r in self.records)

    @property
    def reads(self) -> tuple[str, ...]:
        """The variables of its records that it reads, but for their days."""
        clauses = (c for c in (self.where, *(r.where for r in self.records)) if c is not None)
        named = [c.variable for clause in clauses for c in conditions(clause)]
        visit = [self.by] if any(r.visit is not None for r in self.records) else []
        return tuple(dict.fromkeys((self.value, *visit, *named)))

    @property
    def provides(self) -> dict[str, Variable]:
        """The variables of each visit, the baseline, and how many visits were missed."""
        return {v.name: v for v in self._provided()}

    def _provided(self) -> Iterator[Variable]:
        codes, kind = self.categories, "text" if self.categories else "number"
        if self.base is not None:
            yield _variable("BASE", "Baseline", kind, codes)
        for name, record in self.visits.items():
            at = self.title(name)
            yield _variable(f"VALUE_{name}", at, kind, codes)
            if self.base is not None and codes:
                shifts = tuple(shift(a, b) for a in codes for b in codes)
                yield _variable(f"SHIFT_{name}", f"Shift from baseline, {at}", "text", shifts)
            elif self.base is not None:
                yield _variable(f"CHG_{name}", f"Change from baseline, {at}", "number")
                yield _variable(f"PCHG_{name}", f"Percent change from baseline, {at}", "number")
            if record.several != "mean":
                yield _variable(f"DAY_{name}", f"Day, {at} (days since first treatment)", "number")
        yield _variable("MISSED", "Visits without a value", "number")

    def title(self, name: str) -> str:
        """Return what a visit is called."""
        record = self.visits[name]
        return record.label or record.visit or name


def _variable(name: str, label: str, kind: str, codelist: tuple[str, ...] = ()) -> Variable:
    return Variable.model_validate({"name": name, "label": label, "type": kind, "codelist": codelist})


def shift(before: str, after: str) -> str:
    """Return the shift from one category to another."""
    return f"{before} to {after}"
