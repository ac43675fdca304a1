"""What the author of a method says of its results: its lines in a table, and what its numbers are called."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from analysis.results.ard import Row
from analysis.results.tasks import Task
from reports.layout.cells import Cells
from reports.layout.model import Column, Line
from reports.words.labels import variable_label
from sap.plan.plan import Plan

Lines = Literal["", "Class or term", "Evaluated", "Record", "Subject", "Time"]

ON_DAYS: Final = "day {}"
"""How a level is told that is days since the start of a time."""


@dataclass(frozen=True)
class Context:
    """One context of the results, which is a part of a method."""

    words: str
    """What it is called."""
    lines: Lines = ""
    """What the lines are where its many numbers stand side by side, so that the page of records stays small; empty
    where each number stands on a line of its own."""
    level: str = ""
    """How its levels are told, as "day {}"; empty where they are told as they are, or as the method's table says."""
    drawn: bool = False
    """Whether it is drawn and never printed."""
    one_sided: bool = False
    """Whether its limit stands alone."""
    size: str = "N"
    """The statistic that says how many subjects a group has."""
    most: int | None = None
    """Most of its numbers that pages list: more of them would be megabytes of a page, and are counted."""

    @property
    def of_subjects(self) -> bool:
        """Whether its levels are subjects, or records of subjects."""
        return self.lines in {"Subject", "Record"}

    @property
    def ragged(self) -> bool:
        """Whether a line has the columns of its subject: not every subject has a value of everything, or each day."""
        return self.lines == "Subject"


def variable_heading(plan: Plan, step: Any) -> str:
    """Return the label of the variable of a step."""
    return variable_label(plan, step.variable)


def event_heading(plan: Plan, step: Any) -> str:
    """Return the label of the variable of a step, with the values that are its event unless they are a plain yes."""
    name = variable_label(plan, step.variable)
    return name if step.event == ("Y",) else f"{name}: {' / '.join(step.event)}"


def data_heading(_plan: Plan, step: Any) -> str:
    """Return the derivation a step is about."""
    return str(step.data)


def plain_level(_plan: Plan, _task: Task, _step: Any, row: Row) -> str:
    """Return the level of a row as it is."""
    return row.variable_level


def event_level(_plan: Plan, _task: Task, step: Any, row: Row) -> str:
    """Return the event a row is about, unless the label of its step says it."""
    return "" if step.label else row.variable_level


@dataclass(frozen=True)
class MethodTable:
    """How tables and pages show the results of a method; functions are given the plan and a step of the method."""

    lines: Callable[[Cells, Any], Iterator[Line]]
    """Yields the lines of a step, top to bottom, from its cells."""
    contexts: Mapping[str, Context]
    """Every context in which the method gives rows."""
    heading: Callable[[Plan, Any], str] = variable_heading
    """The heading of a step that the plan gives no label; the label of its variable if left out."""
    told_apart: tuple[str, ...] = ("variable", "by")
    """The options and properties in which two steps of a table must agree to stand on the same lines."""
    only_add_lines: tuple[str, ...] = ()
    """Options that only add lines: steps that differ in these alone stand side by side."""
    own_columns: Callable[[Cells, Any, Column], tuple[tuple[Column, ...], tuple[Line, ...]]] | None = None
    """The columns and lines of a table that shows one step of the method, of all subjects, and nothing else."""
    stated: tuple[str, ...] = ()
    """The statistics that the plan states and no data can change, beside a level of confidence."""
    beside_others: bool = False
    """Whether its lines carry their own denominators, so that analyses of other subjects may stand in one column."""
    lists_subjects: bool = False
    """Whether its lines are subjects, which a table may leave out."""
    row_name: Callable[[Plan, Any, Row], str] | None = None
    """What a row is about, where that is not a variable of the step."""
    row_level: Callable[[Plan, Task, Any, Row], str] = plain_level
    """How the level of a row is told, where its context does not say."""
    compared: Callable[[Sequence[Row]], int | None] | None = None
    """How many subjects the rows of a step have compared, where the method compares groups."""
