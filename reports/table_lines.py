"""The lines of each kind of step: which statistics stand on a line, and how it is called."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import assert_never

from analysis.results import Row, unique
from analysis.tasks import Task
from reports.numbers import formatted
from reports.table_cells import Cells, in_group, numbers_as_numbers
from reports.table_correlation import correlation_lines
from reports.table_disposition import disposition_lines
from reports.table_events import event_lines
from reports.table_model import ABSENT, COUNTED, COUNTED_OVER, LIMITS, SLOT, WITH_LIMITS, WITH_RANGE, Cell, Line
from reports.table_posterior import posterior_lines
from reports.table_profile import profile_lines
from reports.table_records import record_lines
from reports.table_states import state_lines
from reports.table_survival import competing_risks_lines, kaplan_meier_lines
from sap.derivations import DltStatus
from sap.dlt import DltRule
from sap.methods import (
    AdverseEvents,
    Binomial,
    BySubject,
    CompetingRisks,
    Correlation,
    Criteria,
    Disposition,
    Distribution,
    KaplanMeier,
    Posterior,
    Profile,
    RankComparison,
    Records,
    Step,
    Summary,
    TimeDependent,
)

IN_NO_DEFINITION = "n/a"
NOT_IN_SET = "not in set"
YES, NO = "Y", "N"
IN_WORDS = {YES: "Yes", NO: "No"}
N_PERCENT = "n (%)"
OVER_PERCENT = "n/N (%)"


def lines_of(cells: Cells, step: Step) -> Iterator[Line]:
    """Yield the lines of a step.

    Parameters
    ----------
    cells : Cells
        The analyses of the table and their results.
    step : Step
        The step, as the first analysis that has it states it.

    Yields
    ------
    Line
        Top to bottom.
    """
    match step:
        case Binomial() | Posterior() | Distribution() | Criteria() | AdverseEvents() | Disposition():
            yield from _counts(cells, step)
        case Summary():
            for group in cells.groups(step):
                yield from _description(cells, step, cells.section(step, group), "", group)
        case KaplanMeier():
            yield from kaplan_meier_lines(cells, step)
        case CompetingRisks():
            yield from competing_risks_lines(cells, step)
        case RankComparison() | Correlation():
            yield from (
                _rank_comparison(cells, step) if isinstance(step, RankComparison) else correlation_lines(cells, step)
            )
        case BySubject() | Profile() | Records():
            yield from _of_subjects(cells, step)
        case TimeDependent():
            yield from state_lines(cells, step)
        case _:
            assert_never(step)


def _counts(
    cells: Cells, step: Binomial | Posterior | Distribution | Criteria | AdverseEvents | Disposition
) -> Iterator[Line]:
    match step:
        case Binomial():
            yield from _binomial(cells, step)
        case Posterior():
            yield from posterior_lines(cells, step)
        case Distribution():
            yield from _distribution(cells, step)
        case Criteria():
            yield from _criteria(cells, step)
        case AdverseEvents():
            yield from event_lines(cells, step)
        case Disposition():
            yield from disposition_lines(cells, step)


def _of_subjects(cells: Cells, step: BySubject | Profile | Records) -> Iterator[Line]:
    match step:
        case BySubject():
            yield from _by_subject(cells, step)
        case Profile():
            yield from profile_lines(cells, step)
        case Records():
            yield from record_lines(cells, step)


def _binomial(cells: Cells, step: Binomial) -> Iterator[Line]:
    level = formatted(step.conf_level, "xx%")
    for group in cells.groups(step):
        section = cells.section(step, group)
        at = {"variable": step.variable.variable, "level": " / ".join(step.event), **in_group(step, group)}
        two_sided = {"context": "proportion", **at}
        bound = {"context": "proportion_upper_bound", **at}
        interval = f"{level} CI, two-sided, Clopper–Pearson"
        yield from cells.stats(section, OVER_PERCENT, COUNTED_OVER, ("n", "N", "estimate"), **two_sided)
        yield from cells.stats(section, interval, "{} to {}", ("conf.low", "conf.high"), **two_sided)
        one_sided = f"{level} upper bound, one-sided, Clopper–Pearson"
        yield from cells.stats(section, one_sided, SLOT, ("conf.high",), **bound)


def _distribution(cells: Cells, step: Distribution) -> Iterator[Line]:
    """Yield a line a level below the variable; a variable that is yes or no is one line, its own.

    The denominator stands in each cell where it is not that of the column.
    """
    of_column = step.percentages == "all"
    how, layout = (N_PERCENT, COUNTED) if of_column else (OVER_PERCENT, COUNTED_OVER)
    numbers = ("n", "p") if of_column else ("n", "N", "p")
    for group in cells.groups(step):
        at = {"context": "distribution", "variable": step.variable.variable, **in_group(step, group)}
        found = (r for t in cells.wanted for r in cells.lookup.rows(t.id, **at))
        levels = unique(r.variable_level for r in found)
        name = cells.section(step, group, how)
        if set(levels) == {YES, NO} and not step.labels:
            yield from cells.stats("", name, layout, numbers, level=YES, **at)
        else:
            words = (IN_WORDS if {YES, NO} <= set(levels) else {}) | step.labels
            for level in levels:
                yield from cells.stats(name, words.get(level, level), layout, numbers, level=level, **at)


def _criteria(cells: Cells, step: Criteria) -> Iterator[Line]:
    """Yield a line a criterion; two rules may give one id to different sentences, so the sentence leads."""
    ids = {t.id: {c.text: c.id for c in _rule(cells, t, step).criteria} for t in cells.wanted}
    texts = unique(text for found in ids.values() for text in found)
    for group, text in product(cells.groups(step), texts):
        at = {"context": "criteria", **in_group(step, group)}
        found = [
            cells.cell(t.id, COUNTED, ("n", "p"), level=ids[t.id][text], **at) if text in ids[t.id] else None
            for t in cells.wanted
        ]
        codes = unique(known[text] for known in ids.values() if text in known)
        section = cells.section(step, group, N_PERCENT)
        yield from cells.line(section, f"{text} ({', '.join(codes)})", found, IN_NO_DEFINITION)


def _rule(cells: Cells, task: Task, step: Criteria) -> DltRule:
    rules = {d.id: d.rule for d in cells.plan.derivations if isinstance(d, DltStatus)}
    return cells.plan.dlt_rule(rules[task.use.get(step.data, step.data)])


def _description(cells: Cells, step: Summary | RankComparison, section: str, prefix: str, group: str) -> Iterator[Line]:
    at = {"context": "summary", "variable": step.variable.variable, **in_group(step, group)}
    yield from cells.stats(section, f"{prefix}n", SLOT, ("n",), **at)
    yield from cells.stats(section, f"{prefix}Median (range)", WITH_RANGE, ("median", "min", "max"), **at)
    yield from cells.stats(section, f"{prefix}Mean (SD)", COUNTED, ("mean", "sd"), **at)


def _rank_comparison(cells: Cells, step: RankComparison) -> Iterator[Line]:
    section = f"{cells.section(step)} – {cells.plan.grouping(step.by).title}"
    at = {"variable": step.variable.variable, "grouping": step.by}
    first, second = cells.groups(step)
    for group in (first, second):
        yield from _description(cells, step, section, f"{group}: ", group)
    level = formatted(step.conf_level, "xx%")
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


def _by_subject(cells: Cells, step: BySubject) -> Iterator[Line]:
    names = [v.variable for v in step.variables]
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for task in cells.wanted:
        for row in cells.lookup.rows(task.id, context="subject"):
            if row.variable in names:
                found.setdefault((task.id, row.variable_level), {})[row.variable] = row
    for subject in sorted({subject for _, subject in found}, key=numbers_as_numbers):
        listed = [_listed(found.get((t.id, subject), {}), names) for t in cells.wanted]
        yield from cells.line(cells.section(step), subject, listed, NOT_IN_SET)


def _listed(found: dict[str, Row], names: Sequence[str]) -> Cell | None:
    values = [found.get(name) for name in names]
    there = [r if r is not None and not r.error and (r.stat is not None or r.stat_text) else None for r in values]
    while there and there[-1] is None:
        there.pop()
    layout = " · ".join(ABSENT if r is None else SLOT for r in there)
    return Cell(layout, tuple(r for r in there if r is not None)) if there else None
