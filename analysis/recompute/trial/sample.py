"""What a method is given by the second route, where its results belong, and the statistics the plan promises of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

COUNTED: Final = "counted"
NOTED: Final = "the plan's option"
FRACTIONS: Final = "exact fractions"
ROOT: Final = f"{FRACTIONS}, one square root"
READ: Final = "records, read again"
"""How a value is reached."""


@dataclass(frozen=True)
class Place:
    """Where the statistics of a sample stand in the results."""

    analysis_id: str
    analysis_set: str
    group1: str
    group1_level: str
    variable: str
    variable_level: str = ""
    step: str = ""
    dataset: str = "ADSL"

    def row(self, context: str, level: str, stat_name: str) -> tuple[str, ...]:
        """Return where a statistic stands in the results."""
        named = (self.analysis_id, self.group1, self.group1_level, self.variable, level, context, stat_name)
        return (*named, self.step, self.dataset)


@dataclass(frozen=True)
class Untried:
    """A value that was not recomputed, and why."""

    reason: str


Value = Fraction | float | int | str | Untried | None


@dataclass(frozen=True)
class Promise:
    """One statistic the plan promises, by the second route."""

    place: Place
    context: str
    variable_level: str
    stat_name: str
    value: Value
    route: str

    @property
    def where(self) -> tuple[str, ...]:
        """Where it stands in the results."""
        return self.place.row(self.context, self.variable_level, self.stat_name)


@dataclass(frozen=True, kw_only=True)
class RJob:
    """What R is given of a sample: a line of ``jobs.csv``, and its lines of ``values.csv``."""

    kind: str
    """Which function of ``recompute.R`` answers."""
    count: int | str = ""
    size: int
    conf_level: float | str = ""
    option: str = ""
    upper_bound: int = 0
    median_rule: str = ""
    landmarks: str = ""
    start: int | str = ""
    values: tuple[tuple[Fraction, int | str, int | str], ...] = ()
    """Value, event and group."""


@dataclass(frozen=True)
class Sample(ABC):
    """What a method is given, read from the records again, with its statistics by the second route.

    The module of a method (``analysis/recompute/<method>.py``) has a subclass of it and a function ``samples`` of a
    `Cohort` and a step, which yields one sample for each group of statistics. Nothing of `analysis.steps` and
    `analysis.methods`, and no library of statistics, may be imported there: a test holds it.

    Attributes
    ----------
    place : Place
        Where its statistics stand in the results.
    """

    place: Place

    @abstractmethod
    def promises(self) -> Iterator[Promise]:
        """Yield every statistic that the plan promises of it, by the second route."""

    def for_r(self) -> RJob | None:
        """Return what R is asked of it; None where there is no R call."""
        return None

    def level_by_r(self, level: str) -> str:
        """Return the level of an answer of R, which names none in the words of the plan."""
        return level

    def give(
        self, context: str, values: Mapping[str, Value], route: str, level: str | None = None
    ) -> Iterator[Promise]:
        """Yield statistics of one route by name; of the level of the sample, where none is named."""
        at = self.place.variable_level if level is None else level
        for name, value in values.items():
            yield Promise(self.place, context, at, name, value, route)

    def interval(
        self, context: str, level: str, values: tuple[Value, Value, Value], routes: tuple[str, str]
    ) -> Iterator[Promise]:
        """Yield an estimate and its limits, by the route of the one and that of the others."""
        estimate, low, high = values
        yield from self.give(context, {"estimate": estimate}, routes[0], level)
        yield from self.give(context, {"conf.low": low, "conf.high": high}, routes[1], level)


@dataclass(frozen=True)
class CountSample(Sample):
    """Subjects of one category among all; `share` says whether their percentage is promised."""

    context: str
    count: int
    size: int
    share: bool = True

    def promises(self) -> Iterator[Promise]:
        """Yield how many they are, of how many, and which share."""
        yield from self.give(self.context, {"n": self.count, "N": self.size}, COUNTED)
        if self.share:
            yield from self.give(self.context, {"p": share(self.count, self.size)}, FRACTIONS)


@dataclass(frozen=True)
class SizeSample(Sample):
    """How many subjects are in a set."""

    context: str
    size: int

    def promises(self) -> Iterator[Promise]:
        """Yield the number."""
        yield from self.give(self.context, {"N": self.size}, COUNTED)


def share(count: int, size: int) -> Fraction | None:
    """Return a share; None of nobody."""
    return Fraction(count, size) if size else None
