"""What pages call the subjects: their ids, or "Subject 1…n" where the plan hides them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from analysis.results.ard import RECORD, Results, Row, number_of, record_level, subject_of
from reports.tables import context_of
from sap.plan.plan import Plan

IDENTIFYING: Final = frozenset({"USUBJID", "SUBJID"})
"""Variables whose values name a subject."""


def subject_names(plan: Plan, everyone: Sequence[str]) -> dict[str, str]:
    """Return what each subject is called on a page."""
    shown = plan.conventions.show_subject_ids
    return {subject: subject if shown else f"Subject {i}" for i, subject in enumerate(everyone, start=1)}


def with_names(results: Results, names: Mapping[str, str]) -> Results:
    """Return results in which subjects have the names of a page; the same rows in the same order.

    A row's anchor follows the name, so that no digest of an id stands on a page either.
    """
    return results if all(k == v for k, v in names.items()) else Results(tuple(_named(r, names) for r in results))


def _named(row: Row, names: Mapping[str, str]) -> Row:
    if row.context == RECORD:
        own = subject_of(row.variable_level)
        return replace(row, variable_level=record_level(names.get(own, own), number_of(row.variable_level)))
    if not context_of(row.context).of_subjects:
        return row
    name = names.get(row.variable_level, row.variable_level)
    return replace(row, variable_level=name, stat_text=name if row.variable in IDENTIFYING else row.stat_text)
