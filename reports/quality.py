"""Tables of the quality page: what was compared, with what, and how it came out."""

from collections import Counter
from collections.abc import Sequence

from analysis.evidence import Evidence, Record
from reports.markdown import callout, pipe_table
from sap.checks import RULES


def evidence_table(record: Record) -> str:
    """Return the comparisons with references: requirement, method, source, values, largest difference, verdict."""
    if not record.rows:
        return callout("warning", "Not run", "There is no record of a test run here. `make test` makes one.")
    head = ("Requirement", "Method", "Source", "Values", "Largest relative difference", "Verdict")
    rows = [(e.requirement, e.method, e.source, f"{e.cases:,}", _difference(e.largest), e.verdict) for e in record.rows]
    stale = (
        ""
        if record.current
        else callout("warning", "Not run", "The methods have changed since the tests ran. `make test` runs them again.")
    )
    return stale + _totals(record.rows) + pipe_table(head, rows, (20, 22, 30, 8, 10, 10))


def _totals(rows: Sequence[Evidence]) -> str:
    verdicts = Counter(e.verdict for e in rows)
    counted = ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items()))
    return f"\n{sum(e.cases for e in rows):,} values in {len(rows)} groups: {counted}.\n"


def _difference(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def rules_table() -> str:
    """Return the rules across datasets."""
    return pipe_table(
        ("Rule", "Severity", "What breaks it"), [(r.id, r.severity, r.sentence) for r in RULES], (10, 15, 75)
    )
