"""Subjects with events of stated kinds, and the records of these, all or those of a time before or after a date."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.names import Names
from sap.model.part import DatasetName, Part, Reference, Text, VariableName
from sap.model.step import OneStep, variables_of
from sap.model.words import clause_in_words, in_words
from sap.text.problems import Fault, Place

NOT_RECORDED: Final = "not recorded"
"""What stands in the place of a count where nothing in the data says which events are of a kind."""


class Kind(Part):
    """One kind of event: the clause that its records meet, or why no record says whether it is of this kind."""

    label: Text
    where: WhereClause | None = None
    """Which records; every record of the step where left out."""
    not_recorded: Text | None = None
    """Why nothing in the data says it, as where seriousness was not collected: then nothing is counted."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Kind":
        if self.where is not None and self.not_recorded is not None:
            msg = "where says which records are meant, and not_recorded that none can be: keep one of them"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        """Return the label with its clause, or why there is none."""
        told = self.not_recorded if self.where is None else in_words(self.where)
        return f"{self.label}{f' ({told})' if told else ''}"


class EventOverview(OneStep):
    """Subjects with one event or more of each kind, and the records of the kind; kinds may overlap."""

    sentence: ClassVar[str] = (
        "Subjects with at least one event of a kind are counted, with percentages of all subjects of the analysis, and "
        "beside them the records of the kind. Kinds may overlap, so that counts do not add up. "
        "A kind that the data do not record is named as not recorded."
    )
    if_missing: ClassVar[str] = (
        "A record without a value that a kind asks for is not of that kind; one without a start date is neither before "
        "a date nor after it, and one without an end goes on."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"date", "dataset", "kinds", "when", "where"})
    option_words: ClassVar[Mapping[str, str]] = {
        "date": "told apart by the date",
        "when": "events counted",
        "where": "records where",
    }
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "when": {
            "before": "those that start before the date, and all of subjects without it",
            "since": "those that start on the date or after it",
            "ongoing": "those that start before the date and have not ended before it",
        }
    }
    reads_records: ClassVar[bool] = True

    method: Literal["event_overview"]
    dataset: DatasetName = "ADAE"
    where: WhereClause | None = None
    """Which records count at all, where not all."""
    kinds: tuple[Kind, ...] = Field(min_length=1)
    """The kinds, in the order in which they are shown."""
    date: VariableName | None = None
    """A date of ADSL, as that of a later therapy, that tells events apart by their start; nothing where left out."""
    when: Literal["before", "since", "ongoing"] | None = None
    """Which events count, by that date."""

    @model_validator(mode="after")
    def _parts_fit(self) -> "EventOverview":
        if (self.date is None) != (self.when is None):
            msg = "date and when belong together: give both, or neither"
            raise ValueError(msg)
        for label, n in Counter(k.label for k in self.kinds).items():
            if n > 1:
                msg = f"two kinds are called '{label}': rename one"
                raise ValueError(msg)
        return self

    @property
    def parts_in_words(self) -> tuple[str, ...]:
        """Each kind with its clause, or why it cannot be told."""
        told = ((k, k.not_recorded or "") if k.where is None else (k, clause_in_words(k.where)) for k in self.kinds)
        return tuple(f"{k.label}: {words.rstrip('.') or 'all of them'}." for k, words in told)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Whose the records are, and the days that tell them apart where a date does."""
        dated = () if self.when is None else ("ASTDT", "AENDT") if self.when == "ongoing" else ("ASTDT",)
        own = variables_of(self.dataset, ("USUBJID", *dated))
        return own if self.date is None else (*own, *variables_of("ADSL", (self.date,)))

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records count, and those of each kind."""
        own: list[tuple[Place, WhereClause]] = [] if self.where is None else [(("where",), self.where)]
        return (*own, *((("kinds", i, "where"), k.where) for i, k in enumerate(self.kinds) if k.where is not None))

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, a date that is none, and clauses about another dataset."""
        yield from super().wrong_uses(names, path)
        if self.date is not None:
            yield from names.date(Reference(dataset="ADSL", variable=self.date), (*path, "date"))
        for place, clause in self.clauses:
            yield from names.of_one_dataset(clause, self.dataset, "a subset or an analysis set", (*path, *place))
