"""Finding one statistic in the results, or saying exactly why there is not one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self, TypedDict, Unpack

from analysis.results.ard import Results, Row, unique
from analysis.results.entered_file import SETS
from analysis.results.tasks import Task
from sap.model.part import Reference
from sap.model.step import OneStep
from sap.plan.plan import Analysis
from sap.text.problems import UserError, suggest

_COLUMNS: Final = {
    "context": "context",
    "variable": "variable",
    "level": "variable_level",
    "grouping": "group1",
    "group": "group1_level",
    "dataset": "dataset",
    "step": "step",
}
"""What a search may be narrowed by, and the column of the results that says it."""


class Where(TypedDict, total=False):
    """What narrows a search."""

    context: str | None
    variable: str | None
    level: str | None
    grouping: str | None
    group: str | None
    dataset: str | None
    step: str | None


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
    made_of: Callable[[], str] = str
    """Gives a digest of all that the results, and what is drawn of them, depend on; empty where no picture is kept."""

    def of(self, analysis: Analysis | Task, step: OneStep) -> Self:
        """Return the same lookup, in which every row is of one step of an analysis."""
        return replace(self, step=str(analysis.steps.index(step) + 1))

    def rows(self, analysis_id: str, *, stat: str | None = None, **where: Unpack[Where]) -> tuple[Row, ...]:
        """Return the rows of an analysis that match everything given, in order."""
        for name in where.keys() - _COLUMNS.keys():
            raise TypeError(f"Lookup.row() got an unexpected keyword argument '{name}'")
        wanted = {_COLUMNS[name]: str(value) for name, value in where.items() if value is not None}
        if stat is not None:
            wanted["stat_name"] = stat
        if self.step is not None and analysis_id != SETS:
            wanted.setdefault("step", self.step)
        parts = (self.results.having(analysis_id, column, value) for column, value in wanted.items())
        fewest = min(parts, key=len, default=self.results.of(analysis_id))
        found = tuple(r for r in fewest if all(getattr(r, c) == v for c, v in wanted.items()))
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

    def row(self, analysis_id: str, stat: str, **where: Unpack[Where]) -> Row:
        """Return the one row that matches."""
        if not self.results.of(analysis_id):
            known = unique(r.analysis_id for r in self.results)
            raise UserError(f"The results have no analysis '{analysis_id}'. {suggest(analysis_id, known)}")
        found = self.rows(analysis_id, stat=stat, **where)
        if len(found) == 1:
            return found[0]
        if found:
            places = "; ".join(_place(r) for r in found[:8])
            raise UserError(f"{analysis_id} has {len(found)} statistics '{stat}'; say which: {places}.")
        names = unique(r.stat_name for r in self.results.of(analysis_id))
        asked = ", ".join(f"{k}={v}" for k in _COLUMNS if (v := where.get(k)) is not None)
        narrowed = f" with {asked}" if asked else ""
        raise UserError(f"{analysis_id} has no statistic '{stat}'{narrowed}. {suggest(stat, names)}")


def of_variable(reference: Reference) -> dict[str, str]:
    """Return what narrows a search to one variable: two datasets may have one of the same name."""
    return {"variable": reference.variable, "dataset": reference.dataset}


def _place(row: Row) -> str:
    parts = ((name, getattr(row, column)) for name, column in _COLUMNS.items())
    return ", ".join(f"{name}={value}" for name, value in parts if value)
