"""From a step of the plan and a sample of subjects to statistics, one file a method, with what is known of its results.

A file imports its libraries where it computes, so that a page which only names them pays for none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from analysis.data.sample import Sample, with_values
from analysis.results.ard import Statistic
from sap.model.clause import Comparator
from sap.model.step import said_by
from sap.plan.plan import Plan

LevelKind = Literal["category", "criterion", "event", "level", "record", "subject", "time"]
PANDAS: Final = ("numpy", "pandas")


@dataclass(frozen=True)
class Level:
    """One level the plan defines, by name and in words; without a comparator no single comparison defines it."""

    name: str
    label: str
    comparator: Comparator | None = None
    values: tuple[str, ...] = ()


def one_of(values: tuple[str, ...]) -> tuple[Comparator, tuple[str, ...]]:
    """Return the comparator and values of "is one of these"."""
    return (Comparator.EQ if len(values) == 1 else Comparator.IN, values)


def event_level(values: tuple[str, ...]) -> Level:
    """Return the level of an event that several values of a variable make."""
    name = " / ".join(values)
    return Level(name, name, *one_of(values))


@dataclass(frozen=True, kw_only=True)
class Method:
    """How a method is computed, and what must be known of its results.

    Attributes
    ----------
    statistics : callable
        From a step and a sample to its statistics.
    libraries : tuple of str
        What its modules import, closest to the statistic first; a test holds the list to them.
    entered : callable
        From a step and a sample to the subjects the method uses, by the level whose number they are; those of every
        other level under an empty one. Left out, those with a value of all that the step needs.
    levels : str
        What the ``variable_level`` of its results is; "level" where it is none of the others, or is empty.
    planned_levels : callable
        From a step, the plan and the dataset of the step to the levels that the plan defines.
    statistic_contexts : tuple of str
        The contexts in which a level names a statistic (the median, a day, a look), and not whom it is about.
    data_contexts : tuple of str
        The contexts in which it gives rows that depend on who is in the data; every other row is there for nobody too.
    """

    statistics: Callable[[Any, Sample], list[Statistic]]
    libraries: tuple[str, ...] = PANDAS
    entered: Callable[[Any, Sample], Mapping[str, tuple[str, ...]]] = lambda step, of: {"": with_values(step, of)}
    levels: LevelKind = "level"
    planned_levels: Callable[[Any, Plan, str], tuple[Level, ...]] = lambda _step, _plan, _dataset: ()
    statistic_contexts: tuple[str, ...] = ()
    data_contexts: tuple[str, ...] = ()


def method(name: str) -> Method:
    """Return how a method is computed, by the plan's name of it: the `METHOD` of the module of that name."""
    found: Method = said_by(__name__, name, "METHOD")
    return found
