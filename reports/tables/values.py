"""The lines of values in a table: a description, the comparison of two groups, and what each subject has."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.results.ard import Row, unique
from reports.layout.cells import Cells, in_group, numbers_as_numbers
from reports.layout.model import ABSENT, COUNTED, LIMITS, SLOT, WITH_LIMITS, WITH_RANGE, Cell, Line
from reports.words.numbers import stated
from sap.methods.by_subject import BySubject
from sap.methods.rank_comparison import RankComparison
from sap.methods.summary import Summary

NOT_IN_SET = "not in set"


def summary_lines(cells: Cells, step: Summary) -> Iterator[Line]:
    """Yield the description of a quantity, by group."""
    for group in cells.groups(step):
        yield from _description(cells, step, cells.section(step, group), "", group)


def _description(cells: Cells, step: Summary | RankComparison, section: str, prefix: str, group: str) -> Iterator[Line]:
    at = {"context": "summary", "variable": step.variable.variable, **in_group(step, group)}
    yield from cells.stats(section, f"{prefix}n", SLOT, ("n",), **at)
    yield from cells.stats(section, f"{prefix}Median (range)", WITH_RANGE, ("median", "min", "max"), **at)
    yield from cells.stats(section, f"{prefix}Mean (SD)", COUNTED, ("mean", "sd"), **at)


def rank_comparison_lines(cells: Cells, step: RankComparison) -> Iterator[Line]:
    """Yield the description of both groups, then how they differ."""
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable, "grouping": step.by}
    first, second = cells.groups(step)
    for group in (first, second):
        yield from _description(cells, step, section, f"{group}: ", group)
    level = stated(step.conf_level)
    compared: list[Line] = []
    for label, layout, names, context in (
        (f"Shift, {first} minus {second} ({level} CI)", WITH_LIMITS, LIMITS, "shift"),
        ("Exact Wilcoxon–Mann–Whitney p, two-sided", SLOT, ("p.value",), "rank_test"),
        ("Smallest p these groups allow", SLOT, ("p.value.min",), "rank_test"),
        (f"Rank-biserial correlation ({level} CI)", WITH_LIMITS, _limits("rank.biserial"), "effect"),
        (f"Probability of superiority ({level} CI)", WITH_LIMITS, _limits("prob.superiority"), "effect"),
    ):
        compared += cells.stats(section, label, layout, names, context=context, **at)
    yield from _with_methods(compared)


def _with_methods(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines; where intervals come from several methods, each of their lines leads to the note that says so."""
    methods = unique(r.method for line in lines for r in _lower_limits(line))
    note = f"Intervals by different methods, which need not agree with each other or with p: {'. '.join(methods)}"
    for line in lines:
        yield replace(line, notes=(note,)) if len(methods) > 1 and _lower_limits(line) else line


def _lower_limits(line: Line) -> list[Row]:
    return [r for cell in line.cells for r in cell.rows if r.stat_name.endswith("conf.low")]


def _limits(name: str) -> tuple[str, str, str]:
    return name, f"{name}.conf.low", f"{name}.conf.high"


def by_subject_lines(cells: Cells, step: BySubject) -> Iterator[Line]:
    """Yield a line a subject."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for task in cells.wanted:
        for row in cells.rows(task.id, context="subject"):
            found.setdefault((task.id, row.variable_level), {})[f"{row.dataset}.{row.variable}"] = row
    names = {t.id: [f"{t.use.get(v.dataset, v.dataset)}.{v.variable}" for v in step.variables] for t in cells.wanted}
    for subject in sorted({subject for _, subject in found}, key=numbers_as_numbers):
        listed = [_listed(found.get((t.id, subject), {}), names[t.id]) for t in cells.wanted]
        yield from cells.line(cells.section(step), subject, listed, NOT_IN_SET)


def _listed(found: dict[str, Row], names: Sequence[str]) -> Cell | None:
    values = [found.get(name) for name in names]
    there = [r if r is not None and not r.error and (r.stat is not None or r.stat_text) else None for r in values]
    while there and there[-1] is None:
        there.pop()
    layout = " · ".join(ABSENT if r is None else SLOT for r in there)
    return Cell(layout, tuple(r for r in there if r is not None)) if there else None
