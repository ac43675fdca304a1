"""Methods of a time to event."""

from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.part import DatasetName, Level, Reference, Text
from sap.model.step import FIRST_TREATMENT, OneStep, VariableRef, variables_of


def _days_in_order(days: tuple[int, ...], name: str) -> None:
    if list(days) != sorted(set(days)) or any(d < 0 for d in days):
        msg = f"{name} must be days since the start in increasing order, none negative"
        raise ValueError(msg)


_SPANS: Final = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650)
"""Days between two counts of the subjects at risk, where a plan names none."""
_MOST_SPANS: Final = 7


def days_counted(asked: tuple[int, ...], first: int, last: float) -> tuple[int, ...]:
    """Return the days on which subjects at risk are counted, which are those of the axis of a figure.

    Parameters
    ----------
    asked : tuple of int
        Those of the plan; they are taken as they are.
    first : int
        The day of the start, in the count of the times.
    last : float
        The longest time observed in the analysis.

    Returns
    -------
    tuple of int
        Where the plan asks for none: the start, and every so many days, the fewest that give at most seven spans.
    """
    if asked:
        return asked
    span = next((s for s in _SPANS if last <= s * _MOST_SPANS), _SPANS[-1])
    return (first, *(day for day in range(span, int(last) + 1, span) if 2 * (day - first) >= span))


class KaplanMeier(OneStep):
    """Time to event by Kaplan and Meier, with follow-up."""

    on_follow_up: ClassVar[str] = (
        "Follow-up is described by the reverse Kaplan–Meier median and by the plain median of observed times. "
    )
    """The part of the sentence that a step without follow-up leaves out."""
    sentence: ClassVar[str] = (
        "The survival function is estimated by Kaplan and Meier with pointwise two-sided intervals, on the scale the "
        "plan names, from Greenwood's variance; the median and its interval come from the same curve and band "
        f"(Brookmeyer–Crowley). {on_follow_up}Survival past the last observed time is not estimated."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"at_risk", "data", "landmarks"})

    method: Literal["kaplan_meier"]
    data: DatasetName
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain", "logit", "arcsine"] = "log-log"
    """The scale on which the intervals are made; software packages differ in their default."""
    median_rule: Literal["midpoint", "table", "left", "right", "sas"] = "midpoint"
    """What the median is where the curve is flat at one half."""
    follow_up: bool = True
    """Whether times censored are follow-up: not so when censoring is an event such as transplantation."""
    landmarks: tuple[int, ...] = ()
    """Days since the start at which survival is given."""
    at_risk: tuple[int, ...] = ()
    """Days since the start at which the subjects still at risk are counted; regular ones when left out."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, and whether it is censored."""
        return variables_of(self.data, ("AVAL", "CNSR"))

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The time."""
        return self.references[:1]

    @property
    def named_days(self) -> tuple[int, ...]:
        """Where survival is given, and where subjects are counted."""
        return (*self.landmarks, *self.at_risk)

    @property
    def in_words(self) -> str:
        """The sentence; times that are not follow-up are not described as such."""
        return self.sentence if self.follow_up else self.sentence.replace(self.on_follow_up, "")

    @model_validator(mode="after")
    def _times_in_order(self) -> "KaplanMeier":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            _days_in_order(times, name)
        return self


class CompetingRisks(OneStep):
    """Cumulative incidence of each of several causes by Aalen and Johansen."""

    sentence: ClassVar[str] = (
        "The cumulative incidence of each cause is estimated by Aalen and Johansen, the other causes being competing "
        "events and not censored, with pointwise two-sided intervals on the scale the plan names, from Greenwood's "
        "variance for several causes. One minus the Kaplan–Meier estimate of one cause is not used: it exceeds the "
        "probability of that cause. Incidence past the last observed time is not estimated."
    )
    applied_to: ClassVar[frozenset[str]] = frozenset({"causes", "data", "landmarks"})

    method: Literal["competing_risks"]
    data: DatasetName
    causes: tuple[Text, ...] = Field(min_length=2)
    """What may end the time, as EVNTDESC has it: every event the parameter names."""
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    """The scale on which the intervals are made."""
    landmarks: tuple[int, ...] = Field(min_length=1)
    """Days since the start at which incidence is given."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, whether it is censored, and what ended it."""
        return variables_of(self.data, ("AVAL", "CNSR", "EVNTDESC"))

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The time."""
        return self.references[:1]

    @property
    def named_days(self) -> tuple[int, ...]:
        """Where incidence is given."""
        return self.landmarks

    @model_validator(mode="after")
    def _causes_and_times(self) -> "CompetingRisks":
        _days_in_order(self.landmarks, "landmarks")
        if len(set(self.causes)) < len(self.causes):
            msg = "a cause stands twice"
            raise ValueError(msg)
        return self


class TimeDependent(OneStep):
    """Time to event by a state that subjects enter during follow-up, as transplantation."""

    on_landmark: ClassVar[str] = (
        "A landmark analysis groups the subjects by their state on one day and follows from it those still observed; "
        "who enters the state later stays in the group of that day. "
    )
    """The part of the sentence that a step without a landmark leaves out."""
    sentence: ClassVar[str] = (
        "A state that subjects enter during follow-up is analysed by the time spent in it, so that nobody is credited "
        "with the time survived until entering it (immortal-time bias): a subject counts as unexposed up to and "
        "including the day of entry, and as exposed after it. The curves are those of Simon and Makuch, with pointwise "
        "two-sided intervals, on the scale the plan names, from Greenwood's variance; they are not curves of fixed "
        "groups. The states are compared by the test of Mantel and Byar, a log-rank test in which each subject is in "
        "the state of the moment; its p-value rests on an asymptotic chi-square distribution. "
        f"{on_landmark}No hazard ratio is estimated: with few events it is unstable, it is infinite where a state has "
        "none, and the states are not made by chance."
    )

    applied_to: ClassVar[frozenset[str]] = frozenset(
        {"at_risk", "data", "exposed", "exposure", "landmarks", "unexposed"}
    )
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)

    method: Literal["time_dependent"]
    data: DatasetName
    exposure: VariableRef
    """The day on which a subject enters the state; never where it is missing. A derived day is one since first
    treatment; a variable of the data counts its days as the time does."""
    exposed: Text
    """What subjects are called after they entered the state."""
    unexposed: Text
    """What subjects are called until then."""
    conf_level: Level = 0.95
    conf_type: Literal["log-log", "log", "plain", "logit", "arcsine"] = "log-log"
    """The scale on which the intervals are made."""
    start: int = Field(default=0, ge=0)
    """The day from which the curves run; what happens up to a day above 0 is left out of them."""
    landmarks: tuple[int, ...] = Field(min_length=1)
    """Days since the start of the time at which survival is given."""
    at_risk: tuple[int, ...] = ()
    """Days since the start of the time at which the subjects in each state are counted; regular ones when left out."""
    landmark: int | None = Field(default=None, ge=1)
    """The day of the landmark analysis."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The time, whether it is censored, and when the state is entered."""
        return (*variables_of(self.data, ("AVAL", "CNSR")), self.exposure)

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The time."""
        return self.references[:1]

    @property
    def named_days(self) -> tuple[int, ...]:
        """Where survival is given, and where subjects are counted."""
        return (*self.landmarks, *self.at_risk)

    @property
    def in_words(self) -> str:
        """The sentence; without a landmark none is described."""
        return self.sentence if self.landmark is not None else self.sentence.replace(self.on_landmark, "")

    @model_validator(mode="after")
    def _states_and_times(self) -> "TimeDependent":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            _days_in_order(times, name)
            if times and times[0] < self.start:
                msg = f"{name} has day {times[0]}, before the curves start on day {self.start}"
                raise ValueError(msg)
        if self.exposed == self.unexposed:
            msg = "both states are called the same"
            raise ValueError(msg)
        if self.by is not None:
            msg = "the states are the groups: leave out by, or make an analysis of each group"
            raise ValueError(msg)
        return self
