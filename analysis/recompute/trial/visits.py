"""The values of one subject at the visits of the plan by the second route: record by record, in exact fractions."""

import statistics
from datetime import date
from fractions import Fraction

from analysis.recompute.trial.cells import Cell, Record, a_date, a_number, days, equals, record_meets
from sap.model.derivations import VisitRecord, VisitValues

Dated = tuple[int | None, Fraction]
"""The day of a record, None where it has none, and its value; of a category the position."""


def at_visits(derivation: VisitValues, subject: Record, rows: tuple[Record, ...]) -> Record:
    """Return the derived record of a subject."""
    own = [r for r in rows if r.get("PARAMCD") == derivation.parameter]
    base = None if derivation.base is None else _chosen(derivation, derivation.base, subject, own)[1]
    found: dict[str, Cell] = {} if derivation.base is None else {"BASE": _cell(derivation, base)}
    visitable = [r for r in own if derivation.where is None or record_meets(r, derivation.where)]
    missed = 0
    for name, record in derivation.visits.items():
        day, value = _chosen(derivation, record, subject, visitable)
        missed += value is None
        found[f"VALUE_{name}"] = _cell(derivation, value)
        found[f"DAY_{name}"] = day
        whole = None if base is None or value is None else (base, value)
        if derivation.base is not None and derivation.categories:
            found[f"SHIFT_{name}"] = " to ".join(derivation.categories[int(v)] for v in whole) if whole else None
        elif derivation.base is not None:
            found[f"CHG_{name}"] = whole[1] - whole[0] if whole else None
            found[f"PCHG_{name}"] = (whole[1] / whole[0] - 1) * 100 if whole and whole[0] else None
    found["MISSED"] = Fraction(missed)
    return {name: cell for name, cell in found.items() if name in derivation.provides}


def _cell(derivation: VisitValues, value: Fraction | None) -> Cell:
    return derivation.categories[int(value)] if derivation.categories and value is not None else value


def _chosen(
    derivation: VisitValues, record: VisitRecord, subject: Record, rows: list[Record]
) -> tuple[Fraction | None, Fraction | None]:
    """Return the day and the value of what stands for a visit; None for both where nothing does."""
    dated = [
        (day, value)
        for row in rows
        if (value := _value(derivation, row)) is not None
        and _may_stand(derivation, record, row, day := _day(subject, row), subject)
    ]
    if not dated:
        return None, None
    if record.several == "mean":
        return None, statistics.mean(value for _, value in dated)
    by_day = [pair for _, pair in sorted(enumerate(dated), key=lambda at: (at[1][0] is None, at[1][0] or 0, at[0]))]
    day, value = _one_of(by_day, record)
    return None if day is None else Fraction(day), value


def _one_of(by_day: list[Dated], record: VisitRecord) -> Dated:
    """Return which of the records of a subject counts; they are sorted by day, those without one at the end."""
    seen = [(day, value) for day, value in by_day if day is not None]
    match record.several:
        case "last":
            return (seen or by_day)[-1]
        case "highest":
            return max(by_day, key=lambda pair: pair[1])
        case "lowest":
            return min(by_day, key=lambda pair: pair[1])
        case "nearest" if seen:
            target = record.target or 0
            near = min(abs(day - target) for day, _ in seen)
            sides = [target - near, target + near] if record.ties == "earlier" else [target + near, target - near]
            return next(pair for side in sides for pair in seen if pair[0] == side)
    return by_day[0]


def _may_stand(derivation: VisitValues, record: VisitRecord, row: Record, day: int | None, subject: Record) -> bool:
    """Return whether a record is one of those among which a visit is chosen."""
    stop = _day_of(subject, derivation.before)
    if stop is not None and (day is None or day >= stop):
        return False
    last = _day_of(subject, record.until)
    window = record.window
    return (
        (record.visit is None or equals(row.get(derivation.by), record.visit))
        and (record.where is None or record_meets(row, record.where))
        and (last is None or (day is not None and day <= last))
        and (window is None or (day is not None and day in _days_of(window.start, window.end, day)))
    )


def _days_of(start: int | None, end: int | None, day: int) -> range:
    return range(day if start is None else start, (day if end is None else end) + 1)


def _day(subject: Record, row: Record) -> int | None:
    """Return the day of a record since first treatment: by its date, else by its study day, which knows no day 0."""
    since = days(a_date(subject.get("TRTSDT")), a_date(row.get("ADT")))
    study_day = a_number(row.get("ADY"))
    if since is not None or study_day is None:
        return since
    return int(study_day) - (study_day > 0)


def _day_of(subject: Record, variable: str | None) -> int | None:
    stop: date | None = a_date(subject.get(variable)) if variable is not None else None
    return days(a_date(subject.get("TRTSDT")), stop)


def _value(derivation: VisitValues, row: Record) -> Fraction | None:
    cell = row.get(derivation.value)
    if not derivation.categories:
        return a_number(cell)
    return Fraction(derivation.categories.index(str(cell))) if cell in derivation.categories else None
