"""What was known of each subject on the day of the data cut-off, record by record."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from analysis.recompute.trial.cells import Cell, Record, Table, a_date, a_number, days
from sap.plan.plan import Plan


def known_at_cutoff(plan: Plan, sources: Mapping[str, Table]) -> dict[str, Table]:
    """Return the records as they were known on the plan's cut-off; all of them where it names none."""
    cutoff = plan.data_cutoff
    if cutoff is None:
        return dict(sources)
    last: dict[str, date | None] = {}
    for subject, rows in sources["ADSL"].by_subject.items():
        day = date.fromisoformat(cutoff.date) if cutoff.date else a_date(rows[0].get(cutoff.variable or ""))
        first = a_date(rows[0].get("RFICDT")) or a_date(rows[0].get("TRTSDT"))
        if day is None or first is None or first <= day:
            last[subject] = day
    dated_by = cutoff.dates(plan.datasets)
    found = {}
    for name, records in sources.items():
        of = (
            (s, tuple(_known(plan, name, rows, last[s], dated_by.get(name))))
            for s, rows in records.by_subject.items()
            if s in last
        )
        found[name] = Table({s: rows for s, rows in of if rows})
    return found


def _known(
    plan: Plan, name: str, rows: tuple[Record, ...], last: date | None, dated_by: str | None
) -> Iterator[Record]:
    for row in rows:
        if last is None:
            yield row
        elif name == "ADSL":
            yield _subject(row, last)
        elif name == "ADTTE":
            start = a_date(row.get("STARTDT"))
            if start is None or start <= last:
                yield _time(row, last, plan.conventions.origin_day)
        else:
            made = a_date(row.get(dated_by)) if dated_by else None
            if made is None or made <= last:
                yield _without_later(row, last)


def _without_later(row: Record, last: date) -> dict[str, Cell]:
    """Return a record without dates that had not come yet, and without their study days."""
    later = {n for n, cell in row.items() if isinstance(cell, date) and cell > last}
    gone = later | {n[:-2] + "DY" for n in later if n.endswith("DT")}
    return {n: None if n in gone else cell for n, cell in row.items()}


def _subject(row: Record, last: date) -> Record:
    known = _without_later(row, last)
    died, seen, treated = (a_date(row.get(n)) for n in ("DTHDT", "LSTALVDT", "TRTEDT"))
    if died is not None and died > last:
        if row.get("DTHFL") == "Y":
            known["DTHFL"] = "N"
        if "DTHCAUS" in known:
            known["DTHCAUS"] = None
    if "LSTALVDT" in row and any(d is not None and d > last for d in (died, seen)):
        known["LSTALVDT"] = last
    if treated is not None and treated > last:
        known["TRTEDT"] = last
    first = a_date(row.get("TRTSDT"))
    if first is not None and first > last and row.get("SAFFL") == "Y":
        known["SAFFL"] = "N"
    return known


def _time(row: Record, last: date, origin: int) -> Record:
    start, value, end = a_date(row.get("STARTDT")), a_number(row.get("AVAL")), a_date(row.get("ADT"))
    if end is None and start is not None and value is not None:
        end = start + timedelta(days=float(value - origin))
        if value - origin > (last - start).days:
            end = max(end, last + timedelta(days=1))
    lasted = days(start, last)
    if end is None or end <= last or lasted is None:
        return row
    censored: dict[str, Cell] = {"AVAL": Fraction(lasted + origin), "CNSR": Fraction(1)}
    gone = {n: None for n in ("EVNTDESC", "CNSDTDSC", "ADY") if n in row}
    return {**row, **censored, **gone, **({"ADT": last} if "ADT" in row else {})}


def cut_counts(plan: Plan, sources: Mapping[str, Table]) -> dict[str, tuple[int, int]]:
    """Return how many records of each dataset the cut-off leaves out, and how many it keeps in part."""
    known = known_at_cutoff(plan, sources)
    found = {}
    for name, records in sources.items():
        before = {s: list(rows) for s, rows in records.by_subject.items()}
        after = known[name].by_subject
        out = sum(len(rows) for rows in before.values()) - sum(len(rows) for rows in after.values())
        # A record that is kept whole is found among those that were read.
        found[name] = (out, sum(row not in before[s] for s, rows in after.items() for row in rows))
    return found
