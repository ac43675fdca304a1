"""The parts of a disposition: stages subjects pass through, and why some come no further or are not analysed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import Field, model_validator

from sap.model.clause import WhereClause
from sap.model.part import Identifier, Part, Text
from sap.model.words import in_words

REST: Final = "Other or not recorded"
"""What those are called whom no reason of the plan fits."""


class Counted(Part):
    """A reason, or what became of a subject; of several that fit the first one counts."""

    label: Text
    where: WhereClause

    def __str__(self) -> str:
        """Return the label with its clause."""
        return f"{self.label} ({in_words(self.where)})"


def names(reasons: Iterable[Counted]) -> tuple[str, ...]:
    """Return what subjects are counted under: the labels of the reasons, and that of those whom none fits."""
    return (*(r.label for r in reasons), REST)


class Stage(Part):
    """One stage of a trial, and why subjects of the stage before did not reach it."""

    label: Text
    where: WhereClause
    """Who reached it, among the subjects of the stage before (for the first: among the analysis set)."""
    lost: tuple[Counted, ...] = ()
    """Why subjects of the stage before did not reach it; each counts once, under the first reason that fits."""

    def __str__(self) -> str:
        """Return the label with its clause, and the reasons with theirs."""
        reasons = ", ".join(map(str, self.lost))
        return f"{self.label} ({in_words(self.where)}){f', lost before it: {reasons}' if reasons else ''}"

    @model_validator(mode="after")
    def _reasons_told_apart(self) -> "Stage":
        told_apart(r.label for r in self.lost)
        return self


class CountedSet(Part):
    """An analysis set among the subjects of a stage, and why some of them are not in it."""

    analysis_set: Identifier
    among: Text | None = None
    """Label of the stage whose subjects are in the set or left out of it; the last stage when left out."""
    left_out: tuple[Counted, ...] = Field(default=())
    """Why subjects of the stage are not in the set; each counts once, under the first reason that fits."""

    def __str__(self) -> str:
        """Return the set with its stage, and the reasons with their clauses."""
        reasons = ", ".join(map(str, self.left_out))
        among = f" among {self.among}" if self.among is not None else ""
        return f"{self.analysis_set}{among}{f', left out of it: {reasons}' if reasons else ''}"

    @model_validator(mode="after")
    def _reasons_told_apart(self) -> "CountedSet":
        told_apart(r.label for r in self.left_out)
        return self


STATED: Final = (Stage, Counted, CountedSet)
"""Parts of a disposition that its step lists."""


def told_apart(labels: Iterable[str]) -> None:
    """Refuse a label that stands twice, or that is kept for those whom no reason fits.

    Raises
    ------
    ValueError
        With the label.
    """
    for label, n in Counter(labels).items():
        if n > 1:
            msg = f"'{label}' stands twice: give each its own label"
            raise ValueError(msg)
        if label == REST:
            msg = f"'{REST}' is what those are called whom nothing fits: leave it out"
            raise ValueError(msg)


def clauses(
    stages: Iterable[Stage], outcomes: Iterable[Counted], sets: Iterable[CountedSet]
) -> Iterator[tuple[tuple[str | int, ...], WhereClause]]:
    """Yield every where-clause of a disposition with its place."""
    for i, stage in enumerate(stages):
        yield ("stages", i, "where"), stage.where
        yield from ((("stages", i, "lost", j, "where"), r.where) for j, r in enumerate(stage.lost))
    yield from ((("outcomes", i, "where"), o.where) for i, o in enumerate(outcomes))
    for i, counted in enumerate(sets):
        yield from ((("sets", i, "left_out", j, "where"), r.where) for j, r in enumerate(counted.left_out))
