"""Shells: the layouts of the report with placeholders in place of numbers, for a team to agree on before any data."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from analysis.results.ard import RECORD, Results, Row, subject_of, unique
from analysis.results.entered_file import COUNTED
from analysis.results.listings_file import ListedRecords
from reports.tables import context_of, stated

ENVIRONMENT: Final = "SAP_SHELLS"
"""Environment variable by which a command tells its pages to show placeholders."""
EXAMPLES: Final = 3
"""Subjects, or records, that stand for all."""
ANY: Final = "xxx"
"""Placeholder of a value that has no format: text, a date, a value of one subject."""


def wanted() -> bool:
    """Return whether pages show placeholders."""
    return os.environ.get(ENVIRONMENT) == "1"


def shells(results: Results, p_digits: int = 3) -> Results:
    """Return results with placeholders in place of everything that data decide."""
    examples = unique(r.variable_level for r in results if r.context == "subject")[:EXAMPLES]
    kept = (r for r in results if not context_of(r.context).drawn and (_subject(r) in {*examples, ""}))
    return Results(tuple(_shell(r, p_digits) for r in kept))


def layout(results: Results, p_digits: int = 3) -> Results:
    """Return what figures draw from: positions of the synthetic results, words of the shells.

    An empty frame would not show where a curve, a band or a point will stand; what a figure prints is a placeholder.
    """
    return Results(tuple(_drawn(r, p_digits) for r in results))


def shell_listings(listings: Mapping[str, ListedRecords]) -> dict[str, ListedRecords]:
    """Return listings with three records of placeholders; subjects keep their synthetic names."""
    return {name: replace(found, rows=tuple(map(_record, found.rows[:EXAMPLES]))) for name, found in listings.items()}


def with_records(records: ListedRecords) -> str:
    """Return how many subjects have a record in a listing, as pages print it."""
    n, total = ("xx", "xx") if wanted() else (records.n_with_records, records.n_subjects)
    more = f"; {records.counted} records, {COUNTED}" if records.counted else ""
    return f"{n} of {total} subjects have a record{more}"


def placeholder(fmt: str, p_digits: int = 3) -> str:
    """Return what stands for a number of a format: "xx.x%" for itself, "x.xxx" for a p-value."""
    return f"x.{'x' * p_digits}" if fmt == "p" else fmt.replace("[.x]", ".x") or ANY


def _subject(row: Row) -> str:
    """Return whose value or record a row is; empty where it is of no single subject."""
    if row.context == RECORD:
        return subject_of(row.variable_level)
    return row.variable_level if row.context == "subject" else ""


def _shell(row: Row, p_digits: int) -> Row:
    if row.stat_name in stated():
        return row
    return replace(row, stat=None, stat_text=placeholder(row.fmt, p_digits), error="", warning="")


def _drawn(row: Row, p_digits: int) -> Row:
    place = row.context == "subject" or (row.context == RECORD and row.stat_name == "name")
    if row.stat_name in stated() or (place and row.stat is None):
        return row  # a subject's text says in which group its point is drawn, a record's name in which lane
    return replace(row, stat_text=placeholder(row.fmt, p_digits), error="", warning="")


def _record(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells[:1], *(ANY for _ in cells[1:]))
