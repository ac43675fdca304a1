"""Adverse events by system organ class and preferred term."""

from typing import ClassVar, Literal

from pydantic import Field

from sap.model.part import Reference
from sap.model.step import OneStep, variables_of


class AdverseEvents(OneStep):
    """Subjects with adverse events by system organ class and preferred term."""

    on_groups: ClassVar[str] = (
        " Every class and term that anybody in the analysis has is counted in every group, as 0 where nobody in the "
        "group has it."
    )
    sentence: ClassVar[str] = (
        "Adverse events are counted by system organ class and preferred term in subjects, each subject once a class "
        "and once a term: with an event of any grade, of a severe grade, called related, and by the worst grade. An "
        "event without a grade counts as any grade only."
        f"{on_groups}"
    )
    reads_records: ClassVar[bool] = True

    method: Literal["adverse_events"]
    severe: int = Field(default=3, ge=2, le=5)
    """Lowest grade that is called severe."""
    treatment_emergent: bool = True
    """Whether only events with TRTEMFL = Y count."""

    @property
    def in_words(self) -> str:
        """The sentence, without what is said of groups where there are none."""
        return self.sentence if self.by is not None else self.sentence.replace(self.on_groups, "")

    @property
    def coded_events(self) -> Literal["all", "treatment-emergent"]:
        """Those that count."""
        return "treatment-emergent" if self.treatment_emergent else "all"

    @property
    def references(self) -> tuple[Reference, ...]:
        """What an event is called, how severe it was, and whether it was related."""
        return variables_of("ADAE", ("AEBODSYS", "AEDECOD", "ATOXGR", "AREL"))
