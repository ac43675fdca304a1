"""What happened to a subject, told in sentences."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.derivations.base import OneDerivation, named
from sap.model.part import DatasetName, Part, Reference, Text, Value, VariableName
from sap.model.variables import Variable

_SLOT: Final = re.compile(r"\{(?:(?P<dataset>[A-Z][A-Z0-9_]*)\.)?(?P<variable>[A-Z][A-Z0-9_]*)(?P<day>:day)?\}")
RECORDS_SLOT: Final = "{records}"


class Slot(Part):
    """A place in a sentence where a value stands."""

    dataset: DatasetName | None = None
    variable: VariableName
    day: bool = False
    """Whether a date is told as a day: of first treatment as ``origin_day`` of the conventions counts it, 0 or 1."""


def slots(text: str) -> tuple[tuple[str, Slot], ...]:
    """Return the places in a text where values stand, each with how it is written."""
    return tuple(
        (m[0], Slot(dataset=m["dataset"], variable=m["variable"], day=m["day"] is not None))
        for m in _SLOT.finditer(text)
    )


class ToldRecords(Part):
    """Records that a sentence lists, each in the same words."""

    dataset: DatasetName
    where: WhereClause | None = None
    """Which records, where not all."""
    sort: tuple[VariableName, ...] = ()
    """Variables by which they are sorted; as in the file when left out."""
    text: Text
    """How one is told, as ``{AEDECOD}, grade {ATOXGR}, day {ASTDT:day} to {AENDT:day}``."""
    otherwise: Text | None = None
    """How one is told that lacks a value named in ``text``, as an event that goes on; left out of the list if none."""


class Sentence(Part):
    """One sentence of a narrative."""

    text: Text
    """The sentence, with values as ``{ADSL.AGE}``, or ``{ADSL.DTHDT:day}`` for its day, and
    ``{records}`` where its records stand."""
    otherwise: Text | None = None
    """The sentence of a subject who lacks one of the values, or has none of the records; none when left out."""
    records: ToldRecords | None = None
    words: dict[Value, Text] = Field(default_factory=dict)
    """What a value is called in the sentence: ``{F: woman}``."""

    @model_validator(mode="after")
    def _slotsnamed(self) -> "Sentence":
        if (RECORDS_SLOT in self.text) != (self.records is not None):
            msg = f"{RECORDS_SLOT} in the text and records belong together: give both, or neither"
            raise ValueError(msg)
        for text in filter(None, (self.text, self.otherwise)):
            for written, slot in slots(text):
                if slot.dataset is None:
                    msg = f"{written} does not say of which dataset: write {{DATASET.VARIABLE}}, as {{ADSL.AGE}}"
                    raise ValueError(msg)
        for text in filter(None, (self.records.text, self.records.otherwise)) if self.records else ():
            for written, slot in slots(text):
                if slot.dataset is not None:
                    msg = f"{written} stands in the text of a record: write {{VARIABLE}}, of its own dataset"
                    raise ValueError(msg)
        return self


class Narrative(OneDerivation):
    """What happened to a subject, told in sentences that the plan states and the data fill."""

    kind: Literal["narrative"]
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    """The sentences, in the order in which they are told."""

    provided: ClassVar[dict[str, Variable]] = named(Variable(name="TEXT", label="Narrative"))

    @property
    def references(self) -> tuple[tuple[int, Reference, bool], ...]:
        """What each sentence reads: its position, the variable, and whether it must be a date."""
        return tuple((i, ref, day) for i, s in enumerate(self.sentences) for ref, day in _read(s))


def _read(sentence: Sentence) -> Iterator[tuple[Reference, bool]]:
    for text in filter(None, (sentence.text, sentence.otherwise)):
        for _, slot in slots(text):
            yield Reference(dataset=slot.dataset or "", variable=slot.variable), slot.day
    told = sentence.records
    if told is not None:
        for text in filter(None, (told.text, told.otherwise)):
            for _, slot in slots(text):
                yield Reference(dataset=told.dataset, variable=slot.variable), slot.day
        for name in told.sort:
            yield Reference(dataset=told.dataset, variable=name), False
