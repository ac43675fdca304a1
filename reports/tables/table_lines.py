"""The lines of each method in a table: which statistics stand on a line, and how it is called."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from reports.layout.cells import Cells
from reports.layout.model import Line
from reports.tables.adverse_events import event_lines
from reports.tables.correlation import correlation_lines
from reports.tables.counts import binomial_lines, criteria_lines, distribution_lines
from reports.tables.disposition import disposition_lines
from reports.tables.posterior import posterior_lines
from reports.tables.profile import profile_lines
from reports.tables.records import record_lines
from reports.tables.survival import competing_risks_lines, kaplan_meier_lines
from reports.tables.time_dependent import state_lines
from reports.tables.values import by_subject_lines, rank_comparison_lines, summary_lines
from sap.methods import Step

LINES: Final[Mapping[str, Callable[[Cells, Any], Iterator[Line]]]] = {
    "adverse_events": event_lines,
    "binomial": binomial_lines,
    "by_subject": by_subject_lines,
    "competing_risks": competing_risks_lines,
    "correlation": correlation_lines,
    "criteria": criteria_lines,
    "disposition": disposition_lines,
    "distribution": distribution_lines,
    "kaplan_meier": kaplan_meier_lines,
    "posterior": posterior_lines,
    "profile": profile_lines,
    "rank_comparison": rank_comparison_lines,
    "records": record_lines,
    "summary": summary_lines,
    "time_dependent": state_lines,
}
"""By the plan's name of the method; a test holds this list to the plan's."""


def lines_of(cells: Cells, step: Step) -> Iterator[Line]:
    """Return the lines of a step, top to bottom."""
    return LINES[step.method](cells, step)
