"""Adverse events by system organ class and preferred term."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.clause import WhereClause
from sap.model.names import Names
from sap.model.part import Reference
from sap.model.step import OneStep, variables_of
from sap.text.problems import Fault, Place


class AdverseEvents(OneStep):
    """Subjects with adverse events by system organ class and preferred term."""

    on_groups: ClassVar[str] = (
        " Every class and term that anybody in the analysis has is counted in every group, as 0 where nobody in the "
        "group has it."
    )
    on_severe: ClassVar[str] = ", of a severe grade"
    on_related: ClassVar[str] = ", called related"
    on_worst: ClassVar[str] = ", and by the worst grade"
    sentence: ClassVar[str] = (
        "Adverse events are counted by system organ class and preferred term in subjects, each subject once a class "
        f"and once a term: with an event of any grade{on_severe}{on_related}{on_worst}.{on_groups}"
    )
    if_missing: ClassVar[str] = (
        "An event without a grade counts as of any grade only; one nobody judged counts as the conventions say."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"where"})
    shares: ClassVar[frozenset[str]] = frozenset({"at_least"})
    option_words: ClassVar[Mapping[str, str]] = {
        "at_least": "least share of a group that has a class or term shown",
        "where": "events where",
        "related": "those called related apart",
        "severe": "lowest grade called severe",
        "treatment_emergent": "treatment-emergent events alone",
    }
    reads_records: ClassVar[bool] = True
    also_called: ClassVar[str] = "teae toxicity safety"

    method: Literal["adverse_events"]
    severe: int | None = Field(default=3, ge=2, le=5)
    """Lowest grade that is called severe; with ``null`` no grade is read, and none is told."""
    related: bool = True
    """Whether events called related are counted for themselves; without it AREL is not read."""
    treatment_emergent: bool = True
    """Whether only events with TRTEMFL = Y count."""
    where: WhereClause | None = None
    """Which events alone count, as the serious ones; all where left out."""
    at_least: float | None = Field(default=None, gt=0, lt=1)
    """The least share of the subjects of any group that must have a class or term for tables to show it; all results
    are computed."""

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which events, where not all."""
        return () if self.where is None else ((("where",), self.where),)

    @property
    def own_words(self) -> str:
        """The sentence, without what is said of groups, grades and relatedness where none are told."""
        told = self.sentence if self.by is not None else self.sentence.replace(self.on_groups, "")
        if self.severe is None:
            told = told.replace(self.on_severe, "").replace(self.on_worst, "")
        if not self.related:
            told = told.replace(self.on_related, "")
        return told

    @property
    def in_words(self) -> str:
        """What the method is, and what becomes of missing grades and relatedness where they are told."""
        graded, judged = self.if_missing.rstrip(".").split("; ")
        told = [*([graded] if self.severe is not None else []), *([judged] if self.related else [])]
        first = "; ".join(told).replace("one nobody", "An event nobody" if len(told) == 1 else "one nobody")
        return f"{self.own_words} {first}.".removesuffix(" .")

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a clause about another dataset than the events."""
        yield from super().wrong_uses(names, path)
        yield from names.of_one_dataset(self.where, "ADAE", "analysis_set or data_subset", (*path, "where"))

    @property
    def coded_events(self) -> Literal["all", "treatment-emergent"]:
        """Those that count."""
        return "treatment-emergent" if self.treatment_emergent else "all"

    @property
    def references(self) -> tuple[Reference, ...]:
        """What an event is called, how severe it was, and whether it was related, as far as it is told."""
        asked = {"ATOXGR": self.severe is not None, "AREL": self.related, "TRTEMFL": self.treatment_emergent}
        return variables_of("ADAE", ("AEBODSYS", "AEDECOD", *(name for name, read in asked.items() if read)))

    @classmethod
    def table_problems(cls, steps: Sequence[OneStep], others: Sequence[str], path: Place) -> Iterator[Fault]:
        """Yield what a table has no column for: its columns are grades, and not analyses."""
        what = "a table of adverse events has columns for grades"
        methods = dict.fromkeys(s.method for s in steps if not isinstance(s, cls))
        if methods:
            yield Fault(path, f"{what}, and it is to show {', '.join(methods)} too.", "Make it a table of its own.")
        if others:
            fix = "Make that an analysis with a table of its own."
            yield Fault(path, f"{what}, and none for {', '.join(others)}.", fix)
        if len({s.severe for s in steps if isinstance(s, cls)}) > 1:
            yield Fault(path, f"{what}, and its steps call different grades severe.", "Make it two tables.")
