"""The results of each method in a table, one file a method: its lines, its heading, and the words of its contexts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from analysis.results.ard import Results, Row
from reports.layout.cells import Cells
from reports.layout.method_table import Context, MethodTable
from reports.layout.model import Column, Line
from sap.methods import METHODS, Step
from sap.model.step import said_by

_OF_SETS: Final[Mapping[str, Context]] = {
    "analysis": Context("Subjects in the analysis set of each analysis"),
    "analysis_set": Context("Subjects in each analysis set"),
}


def method_table(name: str) -> MethodTable:
    """Return how the results of a method are shown, by the plan's name of it."""
    found: MethodTable = said_by(__name__, name, "TABLE")
    return found


@cache
def contexts() -> dict[str, Context]:
    """Return every context of the results, by name."""
    return {**_OF_SETS, **{name: found for method in METHODS for name, found in method_table(method).contexts.items()}}


def context_of(name: str) -> Context:
    """Return a context; one that no method declares is called by its own name, with blanks."""
    return contexts().get(name) or Context(name.replace("_", " ").capitalize())


@cache
def stated() -> frozenset[str]:
    """Return the statistics that the plan states and no data can change."""
    return frozenset({"conf.level"}.union(*(method_table(name).stated for name in METHODS)))


def unlisted(results: Results) -> frozenset[str]:
    """Return the contexts of which there are more numbers than pages list."""
    limited = {name: found.most for name, found in contexts().items() if found.most is not None}
    return frozenset(name for name, most in limited.items() if sum(r.context == name for r in results) > most)


def lines_of(cells: Cells, step: Step) -> Iterator[Line]:
    """Return the lines of a step, top to bottom."""
    return method_table(step.method).lines(_headed(cells, step), step)


def own_columns(cells: Cells, step: Step, column: Column) -> tuple[tuple[Column, ...], tuple[Line, ...]] | None:
    """Return the columns and lines of a table that shows one step and nothing else; None if its method has no own."""
    own = method_table(step.method).own_columns
    return None if own is None or step.by is not None else own(_headed(cells, step), step, column)


def _headed(cells: Cells, step: Step) -> Cells:
    return replace(cells, heading=method_table(step.method).heading(cells.plan, step))


def compared(rows: Sequence[Row], step: Step, position: int) -> int | None:
    """Return how many subjects a comparison of groups, the step at a position from 1, has in fact compared."""
    count = method_table(step.method).compared
    return None if count is None else count([r for r in rows if r.step == str(position)])
