"""Stages subjects pass through, and why some come no further or are not analysed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.clause import WhereClause, conditions
from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import Identifier, Part, Reference, Text
from sap.model.step import OneStep, variables_of
from sap.model.words import clause_in_words, in_words
from sap.text.problems import Fault, Place

REST: Final = "Other or not recorded"
"""What those are called whom no reason of the plan fits."""


class Counted(Part):
    """A reason, or what became of a subject; of several that fit the first one counts."""

    label: Text
    where: WhereClause

    def __str__(self) -> str:
        """Return the label with its clause."""
        return f"{self.label} ({in_words(self.where)})"


def reason_labels(reasons: Iterable[Counted]) -> tuple[str, ...]:
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
    def _reasons_differ(self) -> "Stage":
        refuse_repeats(r.label for r in self.lost)
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
    def _reasons_differ(self) -> "CountedSet":
        refuse_repeats(r.label for r in self.left_out)
        return self


def refuse_repeats(labels: Iterable[str]) -> None:
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


class Disposition(OneStep):
    """Subjects by stage of the trial, by outcome and by analysis set, with the reasons of those who are missing."""

    sentence: ClassVar[str] = (
        "Subjects are counted stage by stage, each stage among those of the stage before, with percentages of all "
        "subjects of the analysis. Subjects who did not reach a stage, or who are not in an analysis set, are counted "
        "once, under the first reason that fits; those whom none fits are counted as other or not recorded, so that "
        "the numbers always add up."
    )
    if_missing: ClassVar[str] = "A stage that is not recorded is not reached."
    applied_to: ClassVar[frozenset[str]] = frozenset({"outcomes", "sets", "stages"})
    figures: ClassVar[frozenset[FigureName]] = frozenset({"flow_figure"})
    reads_records: ClassVar[bool] = True
    counted_apart: ClassVar[frozenset[str]] = frozenset(
        {"stage", "lost", "lost_by_reason", "outcome", "in_set", "left_out", "left_out_by_reason"}
    )
    also_called: ClassVar[str] = "consort flow attrition"

    method: Literal["disposition"]
    stages: tuple[Stage, ...] = Field(min_length=1)
    """The stages, in the order in which subjects pass through them."""
    outcomes: tuple[Counted, ...] = ()
    """What became of the subjects of the last stage; each counts once, under the first that fits."""
    sets: tuple[CountedSet, ...] = ()
    """The analysis sets that are counted, in the order in which they are shown."""

    @model_validator(mode="after")
    def _parts_differ(self) -> "Disposition":
        labels = [s.label for s in self.stages]
        refuse_repeats((*labels, *(o.label for o in self.outcomes), *(s.analysis_set for s in self.sets)))
        for counted in self.sets:
            if counted.among is not None and counted.among not in labels:
                msg = f"no stage is called '{counted.among}', among which {counted.analysis_set} is to be counted"
                raise ValueError(msg)
        return self

    @property
    def parts_in_words(self) -> tuple[str, ...]:
        """The stages, outcomes and sets, each with its clause and reasons."""
        stages = [
            f"Stage {i}, {s.label}: {clause_in_words(s.where)}{_reasons('; lost before it: ', s.lost)}."
            for i, s in enumerate(self.stages, start=1)
        ]
        outcomes = _reasons("Outcome of those who reached the last stage: ", self.outcomes)
        sets = [
            f"Set {s.analysis_set}, among {'the last stage' if s.among is None else f'“{s.among}”'}"
            f"{_reasons('; left out of it: ', s.left_out)}."
            for s in self.sets
        ]
        return (*stages, *([f"{outcomes}."] if outcomes else []), *sets)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Who the subjects are, and what the clauses compare."""
        compared = (c for _, clause in self.clauses for c in conditions(clause))
        named = (Reference(dataset=c.dataset, variable=c.variable) for c in compared)
        return tuple(dict.fromkeys((*variables_of("ADSL", ("USUBJID",)), *named)))

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Who reached each stage, the outcomes, and the reasons."""
        return tuple(clauses(self.stages, self.outcomes, self.sets))

    @property
    def named_sets(self) -> tuple[tuple[Place, Identifier], ...]:
        """The analysis sets that are counted."""
        return tuple((("sets", i, "analysis_set"), s.analysis_set) for i, s in enumerate(self.sets))

    def among(self, counted: CountedSet) -> int:
        """Return the position of the stage among whose subjects a set is counted, from 0."""
        labels = [s.label for s in self.stages]
        return len(labels) - 1 if counted.among is None else labels.index(counted.among)

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield nothing: what a disposition is about, its clauses name."""
        del names, path
        return iter(())


def _reasons(what: str, reasons: Iterable[Counted]) -> str:
    listed = "; ".join(f"{r.label} ({clause_in_words(r.where)})" for r in reasons)
    return f"{what}{listed}" if listed else ""
