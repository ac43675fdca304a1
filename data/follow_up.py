"""Times to event of the reconstructed subjects, from what events.py and subjects.py hold. Days are days since infusion.

No relapse is among them: the letter says that every responder was in CR when last seen or died of infection.
"""

from dataclasses import dataclass

from events import ANAEMIA, EVENTS, NEUTROPHILS, PLATELETS, RESPONSES
from subjects import PROGRESSION, Subject

REMISSION = ("CR", "CRi")
DEATH_WITHOUT_RELAPSE = "Death without relapse"
PROGRESSED = "Relapse or progression"
DEATH_WITHOUT_PROGRESSION = "Death without relapse or progression"

PARAMETERS = {
    "RFS": "Relapse-Free Survival",
    "DOR": "Duration of Response",
    "PFS": "Progression-Free Survival",
    "ENGNEUT": "Time to Neutrophil Engraftment",
    "ENGPLT": "Time to Platelet Engraftment",
    "ENGERY": "Time to Erythroid Engraftment",
}
CYTOPENIA = {"ENGNEUT": NEUTROPHILS, "ENGPLT": PLATELETS, "ENGERY": ANAEMIA}


@dataclass(frozen=True)
class Time:
    """First and last day, what happened on the last (empty when censored), and why it was censored."""

    start: int
    end: int
    event: str
    censored: str = ""


def assessed(subject: Subject) -> list[tuple[int, str]]:
    """Return the responses of a subject by day."""
    return sorted((day, response) for subjid, day, response, _ in RESPONSES if subjid == subject.subjid)


def first_response(subject: Subject) -> int | None:
    """Return the day of the first CR or CRi, None when there was none before transplantation."""
    limit = subject.treatment.hsct_day or subject.outcome.days
    return next((day for day, response in assessed(subject) if response in REMISSION and day < limit), None)


def time(subject: Subject, paramcd: str) -> Time | None:
    """Return one time to event, None where its clock never starts."""
    if paramcd in CYTOPENIA:
        return _engraftment(subject, CYTOPENIA[paramcd])
    if paramcd == "PFS":
        return _progression_free(subject)
    start = first_response(subject)
    if start is None:
        return None
    last = assessed(subject)[-1][0]
    if not subject.died:
        return Time(start, last, "", "Last assessment without relapse")
    if paramcd == "RFS":
        return Time(start, subject.outcome.days, DEATH_WITHOUT_RELAPSE)
    return Time(start, subject.outcome.days, "", DEATH_WITHOUT_RELAPSE)


def _progression_free(subject: Subject) -> Time:
    """Return the time to the loss of a response, to death of the disease, or to another death."""
    found = assessed(subject)
    if subject.outcome.cause_of_death == PROGRESSION:
        responded = any(response != "NR" for _, response in found)
        lost = next((day for day, response in found if responded and response == "NR"), subject.outcome.days)
        return Time(0, lost, PROGRESSED)
    if subject.died:
        return Time(0, subject.outcome.days, DEATH_WITHOUT_PROGRESSION)
    return Time(0, found[-1][0], "", "Last assessment without progression")


def _engraftment(subject: Subject, term: str) -> Time | None:
    """Return the time from transplantation to the day after the cytopenia ended."""
    start = subject.treatment.hsct_day
    if start is None:
        return None
    (end,) = (e.end for e in EVENTS if e.subjid == subject.subjid and e.term == term)
    return None if end is None else Time(start, end + 1, "Engraftment")
