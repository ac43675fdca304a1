"""Subjects per category."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.names import Names
from sap.model.part import Reference, Text, Value, VariableRef
from sap.model.step import OneStep
from sap.text.problems import Fault, Place, named_twice

NOT_RECORDED: Final = "not_recorded"
"""The part of a distribution of those with a value that counts the others, among all subjects."""


class Distribution(OneStep):
    """Subjects per category."""

    of_all: ClassVar[str] = "all subjects in the analysis set"
    of_recorded: ClassVar[str] = "the subjects with a value"
    sentence: ClassVar[str] = (
        f"Categories are counted, with percentages of {of_all}; a value that is none of them counts as other."
    )
    if_missing: ClassVar[str] = "Subjects without a value are counted apart, as missing."
    applied_to: ClassVar[frozenset[str]] = frozenset({"levels", "variable"})
    adds_lines: ClassVar[frozenset[str]] = frozenset({"levels"})
    option_words: ClassVar[Mapping[str, str]] = {
        "labels": "shown as",
        "levels": "categories",
        "percentages": "percentages of",
    }
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"percentages": {"all": of_all, "recorded": of_recorded}}
    counted_apart: ClassVar[frozenset[str]] = frozenset({NOT_RECORDED})
    also_called: ClassVar[str] = "frequency frequencies counts categorical"

    method: Literal["distribution"]
    variable: VariableRef
    levels: tuple[Value, ...] = Field(min_length=1)
    """The categories, in the order in which they are shown."""
    labels: dict[Value, Text] = Field(default_factory=dict)
    """What a category is called where its value is a code or empty: ``{"": Alive}``."""
    percentages: Literal["all", "recorded"] = "all"
    """Whose percentages: of all subjects, or of those with a value."""

    @property
    def own_words(self) -> str:
        """The sentence, with the denominator of this step."""
        return self.sentence if self.percentages == "all" else self.sentence.replace(self.of_all, self.of_recorded)

    @property
    def other(self) -> str:
        """What is called the category of subjects with a value that is none of the levels."""
        return self._unlike_levels("Other", "Other (not listed)")

    @property
    def missing(self) -> str:
        """What is called the category of subjects without a value, where no level stands for it."""
        return self._unlike_levels("Missing", "Missing (no value)")

    def _unlike_levels(self, name: str, longer: str) -> str:
        taken = {text.casefold() for text in (*self.levels, *self.labels.values())}
        return longer if name.casefold() in taken else name

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The categories."""
        return ((("levels",), self.variable, self.levels),)

    @model_validator(mode="after")
    def _labels_of_levels(self) -> "Distribution":
        unknown = [v for v in self.labels if v not in self.levels]
        if unknown:
            msg = f"labels names {', '.join(map(repr, unknown))}, which is none of the levels"
            raise ValueError(msg)
        return self

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and categories that would be counted twice."""
        yield from super().problems(names, path)
        yield from named_twice(self.levels, (*path, "levels"))
