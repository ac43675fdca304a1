"""Records of a dataset, subject by subject."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from pydantic import model_validator

from sap.model.clause import WhereClause
from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import DatasetName, Reference, VariableName
from sap.model.step import FIRST_TREATMENT, OneStep, variables_of
from sap.text.problems import Fault, Place, one_of

IDENTIFYING: Final = frozenset({"USUBJID", "SUBJID"})
"""Variables that name a subject: pages that hide ids could not hide them here."""


class Records(OneStep):
    """The records of a dataset, subject by subject, each with the days it starts and ends."""

    sentence: ClassVar[str] = (
        "Records are listed subject by subject, in order of their first day: each stands alone, so that a change of "
        "grade is seen and no two records are merged. Days are days since first treatment."
    )
    if_missing: ClassVar[str] = "A record without an end is ongoing; its end is not imputed."
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "end", "name", "start", "value", "where"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"swimmer_figure", "timeline_figure"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)
    option_words: ClassVar[Mapping[str, str]] = {
        "end": "last day from",
        "name": "called by",
        "start": "first day from",
        "value": "grade or value from",
        "where": "records where",
    }
    reads_records: ClassVar[bool] = True

    method: Literal["records"]
    dataset: DatasetName
    where: WhereClause | None = None
    """Which records, where not all."""
    start: VariableName
    """The date on which a record starts, or its only date."""
    end: VariableName | None = None
    """The date on which it ends, where records last; a record without one is ongoing."""
    value: VariableName | None = None
    """Its grade or value, as ``ATOXGR`` or ``AVALC``."""
    name: VariableName | None = None
    """What it is called, as ``AEDECOD``."""

    @model_validator(mode="after")
    def _variables_differ(self) -> "Records":
        if self.by is not None:
            msg = "records stand subject by subject: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        named = [v for v in (self.start, self.end, self.value, self.name) if v is not None]
        if len(set(named)) < len(named):
            msg = "start, end, value and name must be different variables"
            raise ValueError(msg)
        return self

    @property
    def references(self) -> tuple[Reference, ...]:
        """The variables of a record that are told."""
        return variables_of(self.dataset, self.columns)

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records, where not all."""
        return () if self.where is None else ((("where",), self.where),)

    @property
    def about(self) -> VariableName:
        """The variable that says what a record is: its name, else its value, else its date."""
        return self.name or self.value or self.start

    @property
    def columns(self) -> tuple[VariableName, ...]:
        """The variables of a record that are told, what it is about first."""
        named = (self.about, self.name, self.value, self.start, self.end)
        return tuple(v for v in dict.fromkeys(named) if v is not None)

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and options that cannot be those of records of the dataset."""
        yield from super().problems(names, path)
        yield from one_of("dataset", self.dataset, names.plan.datasets, (*path, "dataset"))
        variables = names.types.get(self.dataset, {})
        for option, name in (("start", self.start), ("end", self.end)):
            if name is not None and variables.get(name, "date") not in {None, "date"}:
                yield Fault((*path, option), f"{self.dataset}.{name} is not a date.", "Name a date of that dataset.")
        for option, name in (("value", self.value), ("name", self.name)):
            if name in IDENTIFYING:
                what = f"{self.dataset}.{name} names a subject, and the records of a subject stand under its name."
                yield Fault((*path, option), what, f"Leave out {option}.")
        yield from names.of_one_dataset(self.where, self.dataset, "a subset or an analysis set", (*path, "where"))
