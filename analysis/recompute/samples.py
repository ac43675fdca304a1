"""What the plan promises, as samples: the numbers a method is given, and where its results belong."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.recompute.trial.records import Cell
from sap.methods.binomial import Binomial
from sap.methods.competing_risks import CompetingRisks
from sap.methods.correlation import Correlation
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.rank_comparison import RankComparison
from sap.methods.records import Records
from sap.methods.time_dependent import TimeDependent


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


@dataclass(frozen=True)
class SizeSample:
    """How many subjects are in a set."""

    place: Place
    context: str
    size: int


@dataclass(frozen=True)
class CountSample:
    """Subjects of one category among all; `share` says whether their percentage is promised."""

    place: Place
    context: str
    count: int
    size: int
    share: bool = True


@dataclass(frozen=True)
class EventsSample:
    """Who of a set had an event of a kind: subject by subject the grades seen, and whether one was called related.

    `ungraded` says whether those without any grade are counted for themselves.
    """

    place: Place
    grades: tuple[tuple[Fraction, ...], ...]
    related: tuple[bool, ...]
    size: int
    severe: int
    ungraded: bool


@dataclass(frozen=True)
class BinomialSample:
    """Subjects with an event among all, and the interval that was planned."""

    place: Place
    count: int
    size: int
    step: Binomial


@dataclass(frozen=True)
class PosteriorSample:
    """Who had an event, in the order of evaluation, and what is asked of the posterior of its proportion."""

    place: Place
    events: tuple[bool, ...]
    prior: tuple[Fraction, Fraction]
    threshold: Fraction
    probability: Fraction | None
    looks: tuple[int, ...]
    conf_level: float


@dataclass(frozen=True)
class TimesSample:
    """Times in days, each with whether it ended in the event, and the days on which those at risk are counted."""

    place: Place
    times: tuple[Fraction, ...]
    events: tuple[bool, ...]
    step: KaplanMeier
    at_risk: tuple[int, ...] = ()


@dataclass(frozen=True)
class CausesSample:
    """Times in days, each with the cause that ended it; None where it was censored."""

    place: Place
    times: tuple[Fraction, ...]
    causes: tuple[str | None, ...]
    step: CompetingRisks


@dataclass(frozen=True)
class StatesSample:
    """Times in days, each with whether it ended in the event, and the day a state was entered; None for never.

    An entry of 0 is one by the start, which itself is day `first_day`.
    """

    place: Place
    times: tuple[Fraction, ...]
    events: tuple[bool, ...]
    entered: tuple[Fraction | None, ...]
    step: TimeDependent
    first_day: int = 0
    at_risk: tuple[int, ...] = ()


@dataclass(frozen=True)
class ValuesSample:
    """Values of a quantity, and how many subjects have none."""

    place: Place
    values: tuple[Fraction, ...]
    n_missing: int


@dataclass(frozen=True)
class PairSample:
    """Values of two groups."""

    place: Place
    first: tuple[Fraction, ...]
    second: tuple[Fraction, ...]
    step: RankComparison


@dataclass(frozen=True)
class AssociationSample:
    """Values of two quantities, subject by subject: those who have both."""

    place: Place
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    step: Correlation


@dataclass(frozen=True)
class CourseSample:
    """What was measured of one parameter: subject by subject the days since first treatment with the values of each."""

    place: Place
    courses: Mapping[str, Mapping[int, tuple[Fraction, ...]]]
    limits: tuple[Fraction, ...] | None


@dataclass(frozen=True)
class Dated:
    """One record: its days since first treatment, None where there is none, and what it says."""

    start: int | None
    end: int | None
    value: Cell
    name: Cell


@dataclass(frozen=True)
class RecordsSample:
    """The records that count, subject by subject, each in its order."""

    place: Place
    subjects: Mapping[str, tuple[Dated, ...]]
    endless: int
    size: int
    step: Records


@dataclass(frozen=True)
class ListedSample:
    """One value of one subject."""

    place: Place
    value: Cell


Sample = (
    SizeSample
    | CountSample
    | EventsSample
    | BinomialSample
    | PosteriorSample
    | TimesSample
    | CausesSample
    | StatesSample
    | ValuesSample
    | PairSample
    | AssociationSample
    | CourseSample
    | RecordsSample
    | ListedSample
)


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
        return standing(self.place, self.variable_level, self.context, self.stat_name)


def standing(p: Place, level: str, context: str, stat_name: str) -> tuple[str, ...]:
    """Return where a statistic stands in the results."""
    return (p.analysis_id, p.group1, p.group1_level, p.variable, level, context, stat_name, p.step, p.dataset)
