"""Differences between two sets of results as tables for people, and as records for programs."""

import re
from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from analysis.compare.results import Change, Comparison
from analysis.compare.sources import SourceChange
from analysis.results.ard import Row, number_text
from reports.words.numbers import NOT_ESTIMABLE

DETAILS = frozenset({"subject", "curve"})
"""Contexts of the many rows behind a figure or listing: values of each subject, every step of a curve."""
_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,52}\b")
ABSENT = "–"
NUMERIC = ("A", "B", "B − A", "of the larger")


def headline(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that are not single values of subjects or points of curves; all of them when all are."""
    listed = tuple(changes)
    return tuple(c for c in listed if c.row.context not in DETAILS) or listed


def change_table(changes: Iterable[Change]) -> Table:
    """Return changed results as a table, one row each."""
    table = Table(header_style="bold", expand=False)
    for name in ("Analysis", "Group", "About", "Statistic", *NUMERIC):
        table.add_column(name, overflow="fold", justify="right" if name in NUMERIC else "left")
    for change in changes:
        row = change.row
        about = " ".join(filter(None, (row.variable, row.variable_level, f"({row.context})")))
        group = " ".join(filter(None, (row.group1, row.group1_level)))
        cells = (row.analysis_id, group, about, _statistic(change), *_values(change), *_differences(change))
        table.add_row(*map(escape, cells))
    return table


def source_table(changes: Iterable[SourceChange]) -> Table:
    """Return what went in and differs as a table; digests are cut to twelve characters."""
    table = Table(header_style="bold", expand=False)
    for name in ("What went in", "A", "B"):
        table.add_column(name, overflow="fold")
    for c in changes:
        what = " ".join(filter(None, (c.part, c.name)))
        table.add_row(*(escape(_DIGEST.sub(r"\1", text)) for text in (what, c.before, c.after)))
    return table


def _statistic(change: Change) -> str:
    words = f"{change.row.stat_label} ({change.row.stat_name})"
    others = [f for f in change.fields if f != "value"]
    if change.kind != "changed":
        return f"{words}: {change.kind}"
    return f"{words}: {', '.join(others)} changed" if others else words


def _values(change: Change) -> tuple[str, str]:
    """Return both values with as many digits as show that they differ, and reasons or warnings that changed."""
    digits = 6
    before, after = change.before, change.after
    if change.relative is not None and before is not None and after is not None:
        while digits < 15 and _short(before, digits) == _short(after, digits):
            digits += 3
    return _said(before, change.fields, digits), _said(after, change.fields, digits)


def _short(row: Row, digits: int) -> str:
    if row.stat is None:
        return NOT_ESTIMABLE if row.error else row.stat_text
    return number_text(float(f"{row.stat:.{digits}g}"))


def _said(row: Row | None, fields: tuple[str, ...], digits: int) -> str:
    if row is None:
        return ABSENT
    named = {"reason": row.error, "warning": row.warning, "method": row.method, "format": row.fmt}
    named |= {"label": row.stat_label, "analysis set": row.analysis_set, "planned or post hoc": row.reason}
    told = [named[f] or ABSENT for f in fields if f in named]
    value = _short(row, digits)
    return f"{value} [{'; '.join(told)}]" if told else value


def _differences(change: Change) -> tuple[str, str]:
    if change.relative is None:
        return "", ""
    absolute = "" if change.absolute is None else f"{change.absolute:+.3g}"
    return absolute, f"{change.relative:+.2g}" if abs(change.relative) < 1e-3 else f"{change.relative:+.1%}"


def summary(comparison: Comparison) -> str:
    """Return a line of counts, with the largest relative difference."""
    counts = [f"{comparison.count(kind)} {kind}" for kind in ("added", "removed", "changed") if comparison.count(kind)]
    within = f"the same within a relative {comparison.tolerance:g}"
    if not counts:
        return f"All {comparison.same} results are {within}."
    largest = comparison.largest
    told = ""
    if largest is not None and largest.relative is not None:
        told = f" Largest relative difference: {abs(largest.relative):.3g}, {largest.row.analysis_id} "
        told += f"{largest.row.stat_name} ({largest.row.context})."
    return f"{', '.join(counts)}; {comparison.same} {within}.{told}"


def as_records(changes: Iterable[Change]) -> list[dict[str, object]]:
    """Return changed results as records for JSON: identity, both sides, differences."""
    return [
        {
            "kind": c.kind,
            "analysis_id": c.row.analysis_id,
            "group1": c.row.group1,
            "group1_level": c.row.group1_level,
            "variable": c.row.variable,
            "variable_level": c.row.variable_level,
            "context": c.row.context,
            "stat_name": c.row.stat_name,
            "fields": list(c.fields),
            "before": _side(c.before),
            "after": _side(c.after),
            "absolute": c.absolute,
            "relative": c.relative,
        }
        for c in changes
    ]


def _side(row: Row | None) -> dict[str, object] | None:
    if row is None:
        return None
    value = None if row.stat is None else number_text(row.stat)
    names = ("stat_text", "error", "warning", "method", "fmt", "stat_label", "analysis_set", "reason")
    return {"stat": value} | {name: getattr(row, name) for name in names}
