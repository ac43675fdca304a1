"""The lines of counts in a table: a proportion with its interval, the categories, the criteria met."""

from collections.abc import Iterator
from itertools import product

from analysis.results.ard import unique
from analysis.results.entered_file import NOT_RECORDED
from analysis.results.tasks import Task
from reports.layout.cells import Cells, in_group
from reports.layout.model import COUNTED, COUNTED_OVER, SLOT, Line
from reports.words.contexts import UPPER_BOUND
from reports.words.numbers import bound_name, stated
from sap.methods.binomial import Binomial
from sap.methods.criteria import Criteria
from sap.methods.distribution import Distribution
from sap.model.derivations import DltStatus
from sap.model.dlt import DltRule

IN_NO_DEFINITION = "n/a"
YES, NO = "Y", "N"
IN_WORDS = {YES: "Yes", NO: "No"}
N_PERCENT = "n (%)"
OVER_PERCENT = "n/N (%)"


def binomial_lines(cells: Cells, step: Binomial) -> Iterator[Line]:
    """Yield events among all with the two-sided interval, and the one-sided upper bound where the step has one."""
    level = stated(step.conf_level)
    for group in cells.groups(step):
        section = cells.section(step, group)
        at = {"variable": step.variable.variable, "level": " / ".join(step.event), **in_group(step, group)}
        two_sided = {"context": "proportion", **at}
        bound = {"context": UPPER_BOUND, **at}
        interval = f"{level} CI, two-sided, Clopper–Pearson"
        yield from cells.stats(section, OVER_PERCENT, COUNTED_OVER, ("n", "N", "estimate"), **two_sided)
        yield from cells.stats(section, interval, "{} to {}", ("conf.low", "conf.high"), **two_sided)
        one_sided = f"{bound_name(level).capitalize()}, Clopper–Pearson"
        yield from cells.stats(section, one_sided, SLOT, ("conf.high",), **bound)


def distribution_lines(cells: Cells, step: Distribution) -> Iterator[Line]:
    """Yield a line a level below the variable; a variable that is yes or no is one line, its own.

    The denominator stands in each cell where it is not that of the column; who has no value is counted alone then.
    """
    how, layout, numbers = _percentages(cells, step, own=step.percentages != "all")
    for group in cells.groups(step):
        of = {"variable": step.variable.variable, **in_group(step, group)}
        at = {"context": "distribution", **of}
        found = (r for t in cells.wanted for r in cells.rows(t.id, **at))
        levels = unique(r.variable_level for r in found)
        name = cells.section(step, group, how)
        missing = list(cells.stats(name, step.missing, SLOT, ("n",), context=NOT_RECORDED, level=step.missing, **of))
        if set(levels) == {YES, NO} and not step.labels and not missing:
            yield from cells.stats("", name, layout, numbers, level=YES, **at)
        else:
            words = (IN_WORDS if {YES, NO} <= set(levels) else {}) | step.labels
            for level in levels:
                yield from cells.stats(name, words.get(level, level), layout, numbers, level=level, **at)
            yield from missing


def _percentages(cells: Cells, step: Distribution | Criteria, *, own: bool = False) -> tuple[str, str, tuple[str, ...]]:
    """Return how counts are headed and laid out, and their statistics: with N where it is not that of the column."""
    if own or (step.by is not None and not cells.only):
        return OVER_PERCENT, COUNTED_OVER, ("n", "N", "p")
    return N_PERCENT, COUNTED, ("n", "p")


def criteria_lines(cells: Cells, step: Criteria) -> Iterator[Line]:
    """Yield a line a criterion; two rules may give one id to different sentences, so the sentence leads."""
    ids = {t.id: {c.text: c.id for c in _rule(cells, t, step).criteria} for t in cells.wanted}
    texts = unique(text for found in ids.values() for text in found)
    how, layout, numbers = _percentages(cells, step)
    for group, text in product(cells.groups(step), texts):
        at = {"context": "criteria", **in_group(step, group)}
        found = [
            cells.cell(t.id, layout, numbers, level=ids[t.id][text], **at) if text in ids[t.id] else None
            for t in cells.wanted
        ]
        codes = unique(known[text] for known in ids.values() if text in known)
        section = cells.section(step, group, how)
        yield from cells.line(section, f"{text} ({', '.join(codes)})", found, IN_NO_DEFINITION)


def _rule(cells: Cells, task: Task, step: Criteria) -> DltRule:
    rules = {d.id: d.rule for d in cells.plan.derivations if isinstance(d, DltStatus)}
    return cells.plan.dlt_rule(rules[task.use.get(step.data, step.data)])
