"""Whether a subject had a dose-limiting toxicity, criterion by criterion, and could be judged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from analysis.recompute.trial.records import Cell, Record, a_date, a_number, days
from analysis.recompute.trial.where import record_meets
from sap.model.conventions import Relatedness
from sap.model.derivations import Criterion, DltRule, EventOccurrence
from sap.model.part import Window

HIGHEST = Fraction(5)
"""What a missing grade may have been."""


@dataclass(frozen=True)
class Toxicity:
    """What a rule says of a subject."""

    met: dict[str, int]
    """Criteria met, with the onset of the first episode that met each (days since first treatment), in the order of the
    rule."""
    undecided: bool
    """Whether an episode too short for a criterion goes on in a subject alive, or a missing grade may decide."""


@dataclass(frozen=True)
class Episode:
    """Rows of one term that overlap or touch; `ongoing` in a subject alive, `ended` when every row has an end.

    Without a `grade` when no row has one; its length is not `known` when a row goes on and nobody knows how long the
    subject was seen: such a row has been seen on its first day.
    """

    start: date
    end: date
    ongoing: bool
    ended: bool
    known: bool
    grade: Fraction | None


def inside(window: Window, day: int | None) -> bool:
    """Return whether a day lies in a window, both ends included."""
    if day is None:
        return False
    return (window.start is None or day >= window.start) and (window.end is None or day <= window.end)


def last_contact(subject: Record) -> Cell:
    """Return the date of death, or the date last known alive."""
    return subject.get("DTHDT") or subject.get("LSTALVDT")


def toxicity(subject: Record, events: Iterable[Record], rule: DltRule, relatedness: Relatedness) -> Toxicity:
    """Return which criteria of a rule a subject met."""
    first_treatment = a_date(subject.get("TRTSDT"))
    listed = tuple(events)
    met: dict[str, int] = {}
    undecided = False
    for criterion in rule.criteria:
        for supposed in (None, HIGHEST):
            for episode in episodes(_graded(listed, supposed), subject, criterion, relatedness):
                onset = days(first_treatment, episode.start)
                if onset is None or not inside(rule.window_of(criterion), onset):
                    continue
                lasted = (episode.end - episode.start).days + 1 if episode.known else 0
                enough = criterion.min_duration_days is None or lasted >= criterion.min_duration_days
                if enough and supposed is None:
                    met[criterion.id] = min(onset, met.get(criterion.id, onset))
                elif enough or episode.ongoing:
                    undecided = True
    return Toxicity(met, undecided)


def _graded(events: tuple[Record, ...], supposed: Fraction | None) -> tuple[Record, ...]:
    """Return events in which a grade takes the place of a missing one."""
    return tuple(dict(e) | {"ATOXGR": supposed} if e.get("ATOXGR") is None else e for e in events)


def is_related(event: Record, relatedness: Relatedness) -> bool:
    """Return whether an event counts as related to the treatment."""
    judged = event.get("AREL")
    return relatedness.missing == "related" if judged is None else judged in relatedness.values


def untold(
    subject: Record, events: Iterable[Record], judged: Mapping[Criterion | EventOccurrence, Window], by: Relatedness
) -> tuple[int, int]:
    """Return how many events lack the grade, and how many the relatedness, on which alone a criterion depends."""
    no_grade = no_relatedness = 0
    for event in events:
        onset = days(a_date(subject.get("TRTSDT")), a_date(event.get("ASTDT")))
        grade = a_number(event.get("ATOXGR"))
        meant = [c for c, window in judged.items() if inside(window, onset) and record_meets(event, c.event)]
        no_grade += grade is None and any(
            c.min_grade > 1 and (not c.related_only or is_related(event, by)) for c in meant
        )
        no_relatedness += event.get("AREL") is None and any(
            c.related_only and (c.min_grade == 1 or (grade is not None and grade >= c.min_grade)) for c in meant
        )
    return no_grade, no_relatedness


def _counts(event: Record, criterion: Criterion | EventOccurrence, relatedness: Relatedness) -> bool:
    """Return whether a row meets a criterion but for its onset and duration; any grade is at least the lowest."""
    grade = a_number(event.get("ATOXGR"))
    severe = criterion.min_grade == 1 or (grade is not None and grade >= criterion.min_grade)
    related = not criterion.related_only or is_related(event, relatedness)
    return related and severe and record_meets(event, criterion.event)


def episodes(
    events: tuple[Record, ...], subject: Record, criterion: Criterion | EventOccurrence, relatedness: Relatedness
) -> list[Episode]:
    """Return the rows of each term that overlap or follow each other without a day between, as one."""
    seen, alive = a_date(last_contact(subject)), subject.get("DTHDT") is None
    by_term: dict[Cell, list[Episode]] = defaultdict(list)
    for event in events:
        start, end = a_date(event.get("ASTDT")), a_date(event.get("AENDT"))
        until = end or seen or start
        grade = a_number(event.get("ATOXGR"))
        if start is not None and until is not None and _counts(event, criterion, relatedness):
            known = end is not None or seen is not None
            one = Episode(start, until, end is None and alive, end is not None, known, grade)
            by_term[event.get("AEDECOD")].append(one)
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
                    last.known and row.known,
                    max((g for g in (last.grade, row.grade) if g is not None), default=None),
                )
            else:
                joined.append(row)
        found += joined
    return found
