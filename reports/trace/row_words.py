"""What a row of the results is called, in words: the part of its method, what it is about, its statistic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.results.ard import HALVES, Row
from analysis.results.entered_file import SETS
from analysis.results.tasks import Task, tasks
from reports.tables import context_of, method_table
from reports.words.labels import swapped, variable_label
from reports.words.numbers import BY_SUBJECT, stated
from sap.methods import Step
from sap.plan.plan import Plan
from sap.reading.post_hoc import POST_HOC

_SUBJECT: Final = "USUBJID"
_LEVEL: Final = re.compile(r"(?<=\b(?:lower|upper) )(?=limit\b)|(?<=\bone-sided )(?=upper bound\b)", re.IGNORECASE)
"""Where the level of a limit stands in its label."""


def part(row: Row) -> str:
    """Return which part of a method gave a row, in words."""
    return context_of(row.context).words


def format_in_words(fmt: str) -> str:
    """Return how a number is printed: "percent, 1 decimal" for ``xx.x%``."""
    if fmt == "p":
        return "p-value"
    if fmt in {"", "%"}:
        return "percent, as the plan states it" if fmt else "full precision"
    if fmt == HALVES:
        return "no decimals, or one where it is not whole"
    places = len(fmt.removesuffix("%").partition(".")[2])
    decimals = "no decimals" if places == 0 else f"{places} decimal{'s' if places > 1 else ''}"
    return f"percent, {decimals}" if fmt.endswith("%") else decimals


@dataclass(frozen=True)
class RowWords:
    """The words of a plan for the rows of its results."""

    plan: Plan
    """Labels, titles of groupings, sentences of criteria."""
    tasks: Mapping[str, Task]
    """Every analysis, by id; a row of another one keeps its codes."""
    titles: Mapping[str, str]
    """What each analysis is called."""

    def step(self, row: Row) -> Step | None:
        """Return the step that gave a row, or None where the plan has none."""
        return self.step_at(row.analysis_id, row.step)

    def step_at(self, analysis_id: str, position: str) -> Step | None:
        """Return the step at a position of an analysis, from 1, or None where the plan has none."""
        steps = self.tasks[analysis_id].steps if analysis_id in self.tasks else ()
        return steps[int(position) - 1] if position.isdecimal() and 0 < int(position) <= len(steps) else None

    def about(self, row: Row, *, level: bool = True) -> str:
        """Return what a row is about: variable, level or day, group."""
        found = (self.name(row), self.level(row) if level else "", self.group(row))
        return ", ".join(p for p in found if p)

    def name(self, row: Row) -> str:
        """Return what the plan calls the variable, or the set, of a row."""
        if row.analysis_id == SETS:
            return self._set(row.variable_level)
        step = self.step(row)
        if step is None:
            return row.variable
        use = self.tasks[row.analysis_id].use
        named = [r for r in step.references if r.variable == row.variable]
        found = next((r for r in named if use.get(r.dataset, r.dataset) == row.dataset), None)
        table = method_table(step.method)
        if step.label and not table.lists_subjects:
            return step.label
        if table.row_name is not None:
            return table.row_name(self.plan, step, row)
        if found is not None:
            return variable_label(self.plan, found)
        return part(row) if row.variable == _SUBJECT else row.variable

    def level(self, row: Row) -> str:
        """Return the category, criterion, day or subject of a row; none where the name says it."""
        if row.analysis_id == SETS:
            return ""
        step, of_context = self.step(row), context_of(row.context).level
        if of_context:
            return of_context.format(row.variable_level) if row.variable_level else ""
        if step is None:
            return row.variable_level
        return method_table(step.method).row_level(self.plan, self.tasks[row.analysis_id], step, row)

    def group(self, row: Row) -> str:
        """Return the group of a row with the title of its grouping."""
        if not row.group1_level:
            return ""
        title = next((g.title for g in self.plan.groupings if g.id == row.group1), row.group1)
        return f"{title}: {row.group1_level}"

    def statistic(self, row: Row) -> str:
        """Return the statistic of a row; a limit says its level of confidence."""
        if row.context == BY_SUBJECT:
            return "Individual value"
        if row.analysis_id == SETS:
            task = self.tasks.get(row.variable_level)
            subset = row.context == "analysis" and task is not None and task.data_subset is not None
            return "Subjects in the subset of the analysis set" if subset else "Subjects in the analysis set"
        level = getattr(self.step(row), "conf_level", None)
        if not isinstance(level, float):
            return row.stat_label
        return _LEVEL.sub(f"{stated(level)} ", row.stat_label)

    def column(self, analysis_id: str, *, alone: bool = True) -> str:
        """Return what an analysis is called beside others: the planned one, or what another changes."""
        task = self.tasks.get(analysis_id)
        title = self.titles.get(analysis_id, analysis_id)
        if task is None:
            return title
        if any(a.id == analysis_id for a in self.plan.analyses):
            return title if not alone else "Post hoc analysis" if task.reason == POST_HOC else "Planned analysis"
        return f"{title} ({swapped(task.use)})" if task.use else title

    def _set(self, name: str) -> str:
        titles = {s.id: s.title for s in self.plan.analysis_sets} | dict(self.titles)
        return f"{titles[name]} ({name})" if name in titles else name


def row_words(plan: Plan) -> RowWords:
    """Return the words of a plan."""
    titles = {a.id: a.title for a in plan.analyses} | {s.id: s.title for a in plan.analyses for s in a.sensitivity}
    return RowWords(plan, {t.id: t for t in tasks(plan)}, titles)
