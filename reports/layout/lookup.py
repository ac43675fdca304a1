"""Finding one statistic in the results, or saying exactly why there is not one."""

from dataclasses import dataclass, replace
from typing import Self

from analysis.results.ard import Results, Row, unique
from analysis.results.entered_file import SETS
from analysis.results.tasks import Task
from sap.model.part import Reference
from sap.model.step import OneStep
from sap.plan.plan import Analysis
from sap.text.problems import UserError, suggest


@dataclass(frozen=True)
class Lookup:
    """The results as a report sees them."""

    results: Results
    """What is printed."""
    drawn: Results | None = None
    """What figures draw, where that is not what is printed: in shells."""
    step: str | None = None
    """The one step of an analysis whose rows are meant; None for all."""
    taken: dict[Row, None] | None = None
    """Every row that was looked up, in order, where somebody asks for them."""

    def of(self, analysis: Analysis | Task, step: OneStep) -> Self:
        """Return the same lookup, in which every row is of one step of an analysis."""
        return replace(self, step=str(analysis.steps.index(step) + 1))

    def rows(
        self,
        analysis_id: str,
        *,
        stat: str | None = None,
        context: str | None = None,
        variable: str | None = None,
        level: str | None = None,
        grouping: str | None = None,
        group: str | None = None,
        dataset: str | None = None,
        step: str | None = None,
    ) -> tuple[Row, ...]:
        """Return the rows of an analysis that match everything given, in order."""
        step = self.step if step is None and analysis_id != SETS else step
        found = tuple(
            r
            for r in self.results.of(analysis_id)
            if (stat is None or r.stat_name == stat)
            and (context is None or r.context == context)
            and (variable is None or r.variable == variable)
            and (level is None or r.variable_level == level)
            and (grouping is None or r.group1 == grouping)
            and (group is None or r.group1_level == group)
            and (dataset is None or r.dataset == dataset)
            and (step is None or r.step == step)
        )
        if self.taken is not None:
            self.taken.update(dict.fromkeys(found))
        return found

    def by_stat(self, analysis_id: str, **where: str | None) -> dict[str, Row]:
        """Return the rows that match by the name of their statistic; narrow the search so that each stands once."""
        return {r.stat_name: r for r in self.rows(analysis_id, **where)}

    def by_level(self, analysis_id: str, **where: str | None) -> dict[str, dict[str, Row]]:
        """Return the rows that match by level and, of each level, by the name of their statistic."""
        found: dict[str, dict[str, Row]] = {}
        for row in self.rows(analysis_id, **where):
            found.setdefault(row.variable_level, {})[row.stat_name] = row
        return found

    def row(
        self,
        analysis_id: str,
        stat: str,
        *,
        context: str | None = None,
        variable: str | None = None,
        level: str | None = None,
        grouping: str | None = None,
        group: str | None = None,
        dataset: str | None = None,
        step: str | None = None,
    ) -> Row:
        """Return the one row that matches."""
        if not self.results.of(analysis_id):
            known = unique(r.analysis_id for r in self.results)
            raise UserError(f"The results have no analysis '{analysis_id}'. {suggest(analysis_id, known)}")
        where = {"context": context, "variable": variable, "level": level, "grouping": grouping, "group": group}
        where |= {"dataset": dataset, "step": step}
        found = self.rows(analysis_id, stat=stat, **where)
        if len(found) == 1:
            return found[0]
        if found:
            places = "; ".join(_place(r) for r in found[:8])
            raise UserError(f"{analysis_id} has {len(found)} statistics '{stat}'; say which: {places}.")
        names = unique(r.stat_name for r in self.results.of(analysis_id))
        asked = ", ".join(f"{k}={v}" for k, v in where.items() if v is not None)
        narrowed = f" with {asked}" if asked else ""
        raise UserError(f"{analysis_id} has no statistic '{stat}'{narrowed}. {suggest(stat, names)}")


def of_variable(reference: Reference) -> dict[str, str]:
    """Return what narrows a search to one variable: two datasets may have one of the same name."""
    return {"variable": reference.variable, "dataset": reference.dataset}


def _place(row: Row) -> str:
    parts = (
        ("context", row.context),
        ("variable", row.variable),
        ("level", row.variable_level),
        ("grouping", row.group1),
        ("group", row.group1_level),
        ("dataset", row.dataset),
        ("step", row.step),
    )
    return ", ".join(f"{k}={v}" for k, v in parts if v)
