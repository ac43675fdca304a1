"""The contexts of the results, which are the parts of the methods: their words, and how pages lay their numbers out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analysis.results.ard import Results
from analysis.results.record_level import RECORD
from reports.words.numbers import BY_SUBJECT

Lines = Literal["", "Class or term", "Evaluated", "Record", "Subject", "Time"]

UPPER_BOUND: Final = "proportion_upper_bound"
"""The context of a limit that stands alone."""
COURSE: Final = "profile_subject"
"""The context of each subject's own measurements over time, which are drawn."""
MOST_MEASUREMENTS: Final = 8000
"""Most of these that pages list: more of them would be megabytes of a page."""


@dataclass(frozen=True)
class Context:
    """One context of the results."""

    words: str
    """What it is called."""
    lines: Lines = ""
    """What the lines are where its many numbers stand side by side, so that the page of records stays small; empty
    where each number stands on a line of its own."""
    on_days: bool = False
    """Whether its levels are told as days since the start of the time."""
    drawn: bool = False
    """Whether it is drawn and never printed."""

    @property
    def of_subjects(self) -> bool:
        """Whether its levels are subjects, or records of subjects."""
        return self.lines in {"Subject", "Record"}

    @property
    def ragged(self) -> bool:
        """Whether a line has the columns of its subject: not every subject has a value of everything, or each day."""
        return self.lines == "Subject"


CONTEXTS: Final[Mapping[str, Context]] = {
    "adverse_events": Context("Adverse events", "Class or term"),
    "analysis": Context("Subjects in the analysis set of each analysis"),
    "analysis_set": Context("Subjects in each analysis set"),
    "at_risk": Context("Numbers at risk", on_days=True),
    "criteria": Context("Criteria met"),
    "curve": Context("Curve", "Time", on_days=True, drawn=True),
    "distribution": Context("Distribution"),
    "effect": Context("Effect size"),
    "follow_up_observed": Context("Follow-up, observed times"),
    "follow_up_reverse_km": Context("Follow-up, reverse Kaplan–Meier"),
    "in_set": Context("In the analysis set"),
    "incidence": Context("Incidence"),
    "incidence_at": Context("Incidence at"),
    "incidence_curve": Context("Incidence curve", "Time"),
    "kendall": Context("Kendall's rank correlation"),
    "landmark_at": Context("Landmark analysis, survival at a time"),
    "landmark_groups": Context("Landmark analysis, groups"),
    "left_out": Context("Left out of the analysis set"),
    "left_out_by_reason": Context("Left out of the analysis set, by reason"),
    "lost": Context("Lost before a stage"),
    "lost_by_reason": Context("Lost before a stage, by reason"),
    "mantel_byar": Context("Mantel–Byar test"),
    "not_recorded": Context("Without a value"),
    "outcome": Context("Outcome"),
    "posterior": Context("Posterior of a proportion"),
    "posterior_look": Context("Stopping rule at a look", "Evaluated"),
    "posterior_sequence": Context("Posterior after each subject", "Evaluated"),
    "profile": Context("Course over time", "Time", on_days=True),
    COURSE: Context("Course of each subject", "Subject"),
    "proportion": Context("Proportion"),
    UPPER_BOUND: Context("One-sided upper bound of a proportion"),
    "rank_test": Context("Exact rank test"),
    RECORD: Context("Each record", "Record"),
    "records": Context("Records"),
    "shift": Context("Shift in location"),
    "simon_makuch": Context("Simon–Makuch curve", "Time", drawn=True),
    "simon_makuch_at": Context("Simon–Makuch survival at a time"),
    "simon_makuch_risk": Context("Numbers in each state", "Time"),
    "spearman": Context("Spearman's rank correlation"),
    "stage": Context("Stage reached"),
    "states": Context("Follow-up in each state"),
    BY_SUBJECT: Context("Individual values", "Subject"),
    "summary": Context("Description"),
    "survival": Context("Time to event"),
    "survival_at": Context("Survival at a time", on_days=True),
}
"""Every context that a method gives; a test holds this list to the results."""


def lists_courses(results: Results) -> bool:
    """Return whether pages list the measurements of each subject, or count them and name the file that has them."""
    return sum(row.context == COURSE for row in results) <= MOST_MEASUREMENTS


def context_of(name: str) -> Context:
    """Return a context; one that is not in the list is called by its own name, with blanks."""
    return CONTEXTS.get(name) or Context(name.replace("_", " ").capitalize())
