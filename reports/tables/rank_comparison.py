"""The lines of the comparison of two groups in a table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from analysis.results.ard import Row, unique
from reports.layout.cells import Cells, in_group
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import LIMITS, SLOT, WITH_LIMITS, Line
from reports.tables.summary import DESCRIPTION, described
from reports.words.numbers import stated
from sap.methods.rank_comparison import RankComparison


def rank_comparison_lines(cells: Cells, step: RankComparison) -> Iterator[Line]:
    """Yield the description of both groups, then how they differ."""
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable}
    first, second = step.compared(cells.plan)
    for group in (first, second):
        yield from described(cells, section, f"{group}: ", {**at, **in_group(step, group)})
    level = stated(step.conf_level)
    lines: list[Line] = []
    for label, layout, names, context in (
        (f"Shift, {first} minus {second} ({level} CI)", WITH_LIMITS, LIMITS, "shift"),
        ("Exact Wilcoxon–Mann–Whitney p, two-sided", SLOT, ("p.value",), "rank_test"),
        ("Smallest p these groups allow", SLOT, ("p.value.min",), "rank_test"),
        (f"Rank-biserial correlation ({level} CI)", WITH_LIMITS, _limits("rank.biserial"), "effect"),
        (f"Probability of superiority ({level} CI)", WITH_LIMITS, _limits("prob.superiority"), "effect"),
    ):
        lines += cells.stats(section, label, layout, names, context=context, grouping=step.by, **at)
    yield from _with_methods(lines)


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


def _compared(rows: Sequence[Row]) -> int | None:
    """Return how many subjects the groups have together, where each has a number."""
    sizes = [r.stat for r in rows if (r.context, r.stat_name) == ("summary", "n") and r.group1]
    known = [int(n) for n in sizes if n is not None]
    return sum(known) if sizes and len(known) == len(sizes) else None


TABLE: Final = MethodTable(
    lines=rank_comparison_lines,
    contexts={
        **DESCRIPTION,
        "rank_test": Context("Exact rank test"),
        "shift": Context("Shift in location"),
        "effect": Context("Effect size"),
    },
    compared=_compared,
)
