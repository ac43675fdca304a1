"""What the plan derives for one subject: toxicity, best response, time to event, peak, area."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from analysis.recompute.exact.area import area
from analysis.recompute.trial.records import Cell, Record, a_date, a_number, days
from analysis.recompute.trial.toxicity import episodes, inside, last_contact, toxicity, untold
from analysis.recompute.trial.where import Lookup
from sap.model.conventions import Relatedness
from sap.model.derivations import (
    ENDED,
    ENDED_LATER,
    ONGOING,
    AreaUnderCurve,
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    Peak,
    TimeToEvent,
)
from sap.plan.plan import Plan

NOT_ASSESSED = "NE"
SEPARATOR = "; "
"""Between the criteria a subject met."""


def derive(plan: Plan, derivation: Derivation, subject: Record, lookup: Lookup) -> Record:
    """Return the derived record of a subject."""
    if a_date(subject.get("TRTSDT")) is None:
        return dict.fromkeys(derivation.provides)
    if isinstance(derivation, DltStatus):
        return _toxicity(plan, derivation, subject, lookup)
    if isinstance(derivation, EventOccurrence):
        return _occurrence(derivation, subject, lookup("ADAE"), plan.conventions.relatedness)
    rows = tuple(r for r in lookup(derivation.dataset) if derivation.parameter in {None, r.get("PARAMCD")})
    if isinstance(derivation, DayOf):
        return _day_of(derivation, subject, rows)
    if isinstance(derivation, BestResponse):
        return _best_response(derivation, subject, rows)
    if isinstance(derivation, TimeToEvent):
        return _time_to_event(derivation, subject, rows, plan.conventions.origin_day)
    if isinstance(derivation, AreaUnderCurve):
        return _area(derivation, subject, rows)
    return _peak(derivation, subject, rows)


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
    value, censored = a_number(row.get("AVAL")), row.get("CNSR")
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


def _area(derivation: AreaUnderCurve, subject: Record, rows: tuple[Record, ...]) -> Record:
    """Return the area; a day with several values counts with its highest."""
    start, end = derivation.window.start or 0, derivation.window.end or 0
    course: dict[int, Fraction] = {}
    limit = ""
    for row in rows:
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
