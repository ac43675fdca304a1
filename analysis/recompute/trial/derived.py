"""What the plan derives for one subject: toxicity, best response, time to event, peak, area."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from analysis.recompute.exact.area import area
from analysis.recompute.trial.cells import Cell, Lookup, Record, a_date, a_number, days, exact, record_meets
from analysis.recompute.trial.visits import at_visits
from sap.model.conventions import Relatedness
from sap.model.derivations import (
    ENDED,
    ENDED_LATER,
    ONGOING,
    AreaUnderCurve,
    BestResponse,
    Criterion,
    DayOf,
    Derivation,
    DltRule,
    DltStatus,
    EventOccurrence,
    GradeBound,
    LabGrade,
    Narrative,
    Peak,
    TimeToEvent,
    VisitValues,
)
from sap.model.part import Window
from sap.plan.plan import Plan

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


SinceTreatment = (
    DltStatus | EventOccurrence | Narrative | DayOf | BestResponse | TimeToEvent | AreaUnderCurve | LabGrade | Peak
)
NOT_ASSESSED = "NE"
SEPARATOR = "; "
"""Between the criteria a subject met."""


def derive(plan: Plan, derivation: Derivation, subject: Record, lookup: Lookup) -> Record:
    """Return the derived record of a subject."""
    if isinstance(derivation, VisitValues):
        return at_visits(derivation, subject, lookup(derivation.dataset))
    return _since_treatment(plan, derivation, subject, lookup)


def _since_treatment(plan: Plan, derivation: SinceTreatment, subject: Record, lookup: Lookup) -> Record:
    """Return the derived record of a subject; nothing is known of one who was not treated, but times to event."""
    untreated = a_date(subject.get("TRTSDT")) is None and not isinstance(derivation, TimeToEvent)
    if untreated or isinstance(derivation, Narrative):
        return dict.fromkeys(derivation.provides)  # a narrative is told, and no statistic is made of it
    if isinstance(derivation, DltStatus):
        return _toxicity(plan, derivation, subject, lookup)
    if isinstance(derivation, EventOccurrence):
        return _occurrence(derivation, subject, lookup("ADAE"), plan.conventions.relatedness)
    rows = tuple(r for r in lookup(derivation.dataset) if derivation.parameter in {None, r.get("PARAMCD")})
    match derivation:
        case DayOf():
            found = _day_of(derivation, subject, rows)
        case BestResponse():
            found = _best_response(derivation, subject, rows)
        case TimeToEvent():
            found = _time_to_event(derivation, subject, rows, plan.conventions.origin_day)
        case AreaUnderCurve():
            found = _area(derivation, subject, rows)
        case LabGrade():
            found = _lab_grade(derivation, subject, rows)
        case Peak():
            found = _peak(derivation, subject, rows)
    return found


def _whole(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _toxicity(plan: Plan, derivation: DltStatus, subject: Record, lookup: Lookup) -> Record:
    rule, related = plan.dlt_rule(derivation.rule), plan.conventions.relatedness
    found = toxicity(subject, lookup("ADAE"), rule, related)
    no_grade, no_relatedness = untold(subject, lookup("ADAE"), {c: rule.window_of(c) for c in rule.criteria}, related)
    met = found.met
    observed = days(a_date(subject.get("TRTSDT")), a_date(last_contact(subject)))
    whole = observed is not None and observed >= (rule.window.end or 0)
    return {
        "DLTFL": "Y" if met else "N",
        "EVALFL": "Y" if met or (whole and not found.undecided) else "N",
        "CRITERIA": SEPARATOR.join(met) or None,
        "DLTDAY": _whole(min(met.values(), default=None)),
        "OBSDAYS": _whole(observed),
        "NOGRADE": Fraction(no_grade),
        "NOREL": Fraction(no_relatedness),
    }


def _occurrence(
    derivation: EventOccurrence, subject: Record, events: tuple[Record, ...], relatedness: Relatedness
) -> Record:
    """Return what the episodes of a kind of event say of a subject."""
    first_treatment = a_date(subject.get("TRTSDT"))
    no_grade, no_relatedness = untold(subject, events, {derivation: derivation.window}, relatedness)
    lacking: dict[str, Cell] = {"NOGRADE": Fraction(no_grade), "NOREL": Fraction(no_relatedness)}
    dated = [(days(first_treatment, e.start), e) for e in episodes(events, subject, derivation, relatedness)]
    counted = [(day, e) for day, e in dated if day is not None and inside(derivation.window, day)]
    if not counted:
        return dict.fromkeys(derivation.provides) | {"OCCURFL": "N", "MAXGR": "0"} | lacking
    lasted = [(day, -((e.end - e.start).days + 1) if e.known else 0) for day, e in counted]
    onset, minus_duration = min(lasted)
    ended = all(e.ended for _, e in counted)
    return {
        "OCCURFL": "Y",
        "MAXGR": str(max(grades)) if (grades := [e.grade for _, e in counted if e.grade is not None]) else None,
        "ONSET": Fraction(onset),
        "DUR": Fraction(-minus_duration) if minus_duration else None,
        "ENDDAY": _whole(days(first_treatment, max(e.end for _, e in counted))) if ended else None,
        "ONGOFL": "N" if ended else "Y",
        "COURSE": _how_ended(derivation, subject, [e.end for _, e in counted]) if ended else ONGOING,
        **lacking,
    }


def _how_ended(derivation: EventOccurrence, subject: Record, ends: list[date]) -> str:
    """Return whether any episode that ended did so on the day of a later therapy or after it."""
    limit = a_date(subject.get(derivation.before)) if derivation.before else None
    return ENDED if limit is None or all(end < limit for end in ends) else ENDED_LATER


def _day_of(derivation: DayOf, subject: Record, rows: tuple[Record, ...]) -> Record:
    happened = (r for r in rows if "CNSR" not in r or r["CNSR"] == 0)
    dates = [d for d in (a_date(r.get(derivation.variable)) for r in happened) if d is not None]
    return {"DAY": _whole(days(a_date(subject.get("TRTSDT")), dates[0])) if dates else None}


def _day(subject: Record, row: Record) -> int | None:
    return days(a_date(subject.get("TRTSDT")), a_date(row.get("ADT")))


def _still_before(variable: str | None, subject: Record, row: Record) -> bool:
    """Return whether a record is dated before a date of ADSL; one on that very day is not."""
    limit = a_date(subject.get(variable)) if variable else None
    dated = a_date(row.get("ADT"))
    return limit is None or (dated is not None and dated < limit)


def _best_response(derivation: BestResponse, subject: Record, rows: tuple[Record, ...]) -> Record:
    """Return the best of what was assessed in time, up to the first progression, with what a confirmation makes of it.

    A response nobody saw again in time is stable disease, and stable disease too early is nothing.
    """
    dated = [(day, str(r.get("AVALC"))) for r in rows if (day := _day(subject, r)) is not None and r.get("AVALC")]
    in_time = [
        (day, str(r.get("AVALC")))
        for r in rows
        if (day := _day(subject, r)) is not None
        and r.get("AVALC") in derivation.order
        and inside(derivation.window, day)
        and _still_before(derivation.before, subject, r)
    ]
    ends = min((d for d, v in dated if derivation.is_progression(v) and d >= derivation.first_looked), default=None)
    counted = [(d, v) for d, v in in_time if ends is None or d <= ends]
    told = [(d, _stands_for(derivation, d, v, counted)) for d, v in counted]
    least = derivation.min_days
    due = [(d, v) for d, v in told if least is None or d >= least or v not in derivation.stable_values]
    found = [(derivation.order.index(v), d) for d, v in due]
    rank, day = min(found, default=(None, None))
    return {
        "BOR": NOT_ASSESSED if rank is None else derivation.order[rank],
        "RSPDAY": _whole(day),
        "NAFTER": Fraction(len(in_time) - len(counted)),
        "NODATE": Fraction(sum(r.get("ADT") is None for r in rows)),
    }


def _stands_for(derivation: BestResponse, day: int, value: str, counted: list[tuple[int, str]]) -> str:
    """Return an assessment, or stable disease in the place of a response without its confirmation."""
    if derivation.confirmation is None or value not in derivation.responses:
        return value
    level = derivation.order.index
    worse = [d for d, v in counted if level(v) > level(value) and v != NOT_ASSESSED]
    for later, other in counted:
        late_enough = later - day >= derivation.confirmation and other != NOT_ASSESSED
        if late_enough and level(other) <= level(value) and not any(day < d < later for d in worse):
            return value
    return derivation.stable_values[0]


def _time_to_event(derivation: TimeToEvent, subject: Record, rows: tuple[Record, ...], origin: int) -> Record:
    if not rows:
        return dict.fromkeys(derivation.provides)
    row = rows[0]
    value, censored = a_number(row.get("AVAL")), a_number(row.get("CNSR"))
    censored = Fraction(1) if censored else censored  # any number but 0 is a reason for censoring
    if derivation.censor_at:
        start, stop = a_date(row.get("STARTDT")), a_date(subject.get(derivation.censor_at))
        if start is None and stop is not None:
            value = None
        since = days(start, stop)
        # Only a cut before the end shortens the time: an event on the very day of the cut is still seen.
        if since is not None and value is not None and since + origin < value:
            return {
                "AVAL": Fraction(since + origin),
                "CNSR": Fraction(1),
                "STARTDT": row.get("STARTDT"),
                "EVNTDESC": None,
            }
    if value is None or censored is None:
        return dict.fromkeys(derivation.provides) | {"STARTDT": row.get("STARTDT")}
    event = row.get("EVNTDESC") if censored == 0 else None
    return {"AVAL": value, "CNSR": censored, "STARTDT": row.get("STARTDT"), "EVNTDESC": event}


def quantity(row: Record, handling: str) -> Fraction | None:
    """Return the measured value, or what stands for one below the limit of quantification."""
    if row.get("BLQFL") != "Y":
        return a_number(row.get("AVAL"))
    limit = a_number(row.get("LLOQ"))
    stands_for: Mapping[str, Fraction | None] = {
        "zero": Fraction(0),
        "half": None if limit is None else limit / 2,
        "lloq": limit,
        "missing": None,
    }
    return stands_for[handling]


def _lab_grade(derivation: LabGrade, subject: Record, rows: tuple[Record, ...]) -> Record:
    """Return the worst grade of the last day with a value before first treatment, and of all that counts after it."""
    before: dict[int, list[int]] = defaultdict(list)
    after: list[int] = []
    for row in rows:
        day, value = _day(subject, row), a_number(row.get("AVAL"))
        if day is None or value is None:
            continue
        grade = max((b.grade for b in derivation.grades if _beyond(value, b)), default=0)
        if day < 0:
            before[day].append(grade)
        if inside(derivation.window, day) and _still_before(derivation.before, subject, row):
            after.append(grade)
    return {
        "BASEGR": str(max(before[max(before)])) if before else None,
        "WORSTGR": str(max(after)) if after else None,
    }


def _beyond(value: Fraction, bound: GradeBound) -> bool:
    """Return whether a value lies beyond a bound, both exactly as they are written."""
    if bound.below is not None:
        return value < exact(bound.below)
    return bound.above is not None and value > exact(bound.above)


def _peak(derivation: Peak, subject: Record, rows: tuple[Record, ...]) -> Record:
    measured: list[tuple[Fraction, int]] = []
    for row in rows:
        day = _day(subject, row)
        value = quantity(row, derivation.below_quantification)
        counts = inside(derivation.window, day) and _still_before(derivation.before, subject, row)
        if day is not None and value is not None and counts:
            measured.append((value, day))
    if not measured:
        return dict.fromkeys(derivation.provides)
    peak = max(value for value, _ in measured)
    first: Cell = Fraction(min(day for value, day in measured if value == peak))
    return {"PEAK": peak, "TPEAK": first}


def _with_date(subject: Record, row: Record) -> Record:
    """Return a record with the date of its study day; the day before the first treatment is day -1."""
    start, count = a_date(subject.get("TRTSDT")), a_number(row.get("ADY"))
    dated = None if start is None or count is None else start + timedelta(days=int(count) - (count > 0))
    return {**row, "ADT": dated}


def _area(derivation: AreaUnderCurve, subject: Record, rows: tuple[Record, ...]) -> Record:
    """Return the area; a day with several values counts with its highest."""
    start, end = derivation.window.start or 0, derivation.window.end or 0
    course: dict[int, Fraction] = {}
    limit = ""
    for row in rows if derivation.days == "ADT" else [_with_date(subject, r) for r in rows]:
        day = _day(subject, row)
        if day is None or day < min(start, 0):
            continue
        if not _still_before(derivation.before, subject, row):
            limit = f" (before {derivation.before})"
            continue
        value = quantity(row, derivation.below_quantification)
        if value is not None:
            course[day] = max(value, course.get(day, value))
    seen = sorted(course)
    if seen and seen[0] <= start and end <= seen[-1]:
        return {"AUC": area(course, start, end, logarithmic=derivation.rule != "linear"), "AUCREAS": None}
    told = f"days {seen[0]} to {seen[-1]}" if seen else "no day"
    return {"AUC": None, "AUCREAS": f"measured on {told}, the window is days {start} to {end}{limit}"}
