"""Whether a subject had a dose-limiting toxicity, criterion by criterion, and could be judged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from analysis.recompute.records import Cell, Record, a_date, a_number, days
from analysis.recompute.where import record_meets
from sap.derivations import EventOccurrence
from sap.dlt import Criterion, DltRule
from sap.model import Window


@dataclass(frozen=True)
class Toxicity:
    """What a rule says of a subject.

    Attributes
    ----------
    met : dict of str to int
        Criteria met, with the onset of the first episode that met each (days since first treatment), in the order of
        the rule.
    undecided : bool
        Whether an episode too short for a criterion goes on in a subject alive.
    """

    met: dict[str, int]
    undecided: bool


@dataclass(frozen=True)
class Episode:
    """Rows of one term that overlap or touch; `ongoing` in a subject alive, `ended` when every row has an end."""

    start: date
    end: date
    ongoing: bool
    ended: bool
    grade: Fraction


def inside(window: Window, day: int | None) -> bool:
    """Return whether a day lies in a window, both ends included."""
    if day is None:
        return False
    return (window.start is None or day >= window.start) and (window.end is None or day <= window.end)


def last_contact(subject: Record) -> Cell:
    """Return the date of death, or the date last known alive."""
    return subject.get("DTHDT") or subject.get("LSTALVDT")


def toxicity(subject: Record, events: Iterable[Record], rule: DltRule) -> Toxicity:
    """Return which criteria of a rule a subject met.

    Parameters
    ----------
    subject : Record
        The subject's record in ADSL.
    events : iterable of Record
        The subject's adverse events.
    rule : DltRule
        The rule.

    Returns
    -------
    Toxicity
        Criteria met, and whether one may still be met.
    """
    first_treatment = a_date(subject.get("TRTSDT"))
    listed = tuple(events)
    met: dict[str, int] = {}
    undecided = False
    for criterion in rule.criteria:
        for episode in episodes(listed, subject, criterion):
            onset = days(first_treatment, episode.start)
            if onset is None or not inside(criterion.window or rule.window, onset):
                continue
            lasted = (episode.end - episode.start).days + 1
            if lasted >= (criterion.min_duration_days or lasted):
                met[criterion.id] = min(onset, met.get(criterion.id, onset))
            elif episode.ongoing:
                undecided = True
    return Toxicity(met, undecided)


def _counts(event: Record, criterion: Criterion | EventOccurrence) -> bool:
    """Return whether a row meets a criterion but for its onset and duration."""
    grade = a_number(event.get("ATOXGR"))
    related = event.get("AREL") == "RELATED" or not criterion.related_only
    return related and grade is not None and grade >= criterion.min_grade and record_meets(event, criterion.event)


def episodes(events: tuple[Record, ...], subject: Record, criterion: Criterion | EventOccurrence) -> list[Episode]:
    """Return the rows of each term that overlap or follow each other without a day between, as one."""
    seen, alive = a_date(last_contact(subject)), subject.get("DTHDT") is None
    by_term: dict[Cell, list[Episode]] = defaultdict(list)
    for event in events:
        start, end = a_date(event.get("ASTDT")), a_date(event.get("AENDT"))
        until = end or seen
        grade = a_number(event.get("ATOXGR"))
        if start is not None and until is not None and grade is not None and _counts(event, criterion):
            by_term[event.get("AEDECOD")].append(Episode(start, until, end is None and alive, end is not None, grade))
    found: list[Episode] = []
    for rows in by_term.values():
        rows.sort(key=lambda row: row.start)
        joined = rows[:1]
        for row in rows[1:]:
            last = joined[-1]
            if row.start <= last.end + timedelta(days=1):
                joined[-1] = Episode(
                    last.start,
                    max(last.end, row.end),
                    last.ongoing or row.ongoing,
                    last.ended and row.ended,
                    max(last.grade, row.grade),
                )
            else:
                joined.append(row)
        found += joined
    return found
