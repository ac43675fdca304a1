"""Time to event by a state that subjects enter during follow-up."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from sap.model.derivations import SINCE_TREATMENT, TimeToEvent
from sap.model.figures import FigureName
from sap.model.names import NUMBERS, Names
from sap.model.part import DatasetName, Level, Reference, Text, VariableRef
from sap.model.step import FIRST_TREATMENT, OneStep, variables_of
from sap.model.times import in_order
from sap.model.variables import Origin
from sap.text.problems import Fault, Place

_FIRST_TREATMENT: Final = Origin(dataset="ADSL", variable="TRTSDT")


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
    if_missing: ClassVar[str] = "A subject without a time is left out."

    applied_to: ClassVar[frozenset[str]] = frozenset(
        {"at_risk", "data", "exposed", "exposure", "landmarks", "unexposed"}
    )
    adds_lines: ClassVar[frozenset[str]] = frozenset({"at_risk", "landmarks"})
    of_time: ClassVar[bool] = True
    figures: ClassVar[frozenset[FigureName]] = frozenset({"time_dependent_figure"})
    reads: ClassVar[tuple[Reference, ...]] = (FIRST_TREATMENT,)
    option_words: ClassVar[Mapping[str, str]] = {
        "exposed": "after it subjects are called",
        "exposure": "the state is entered on day",
        "landmark": "day of the landmark analysis",
        "start": "curves run from day",
        "unexposed": "until it subjects are called",
    }
    also_called: ClassVar[str] = "simon_makuch mantel_byar landmark"

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
    def named_days(self) -> tuple[int, ...]:
        """Where survival is given, and where subjects are counted."""
        return (*self.landmarks, *self.at_risk)

    @property
    def own_words(self) -> str:
        """The sentence; without a landmark none is described."""
        return self.sentence if self.landmark is not None else self.sentence.replace(self.on_landmark, "")

    @model_validator(mode="after")
    def _states_and_times(self) -> "TimeDependent":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            in_order(times, name)
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

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive, and a day of entry that leads nowhere."""
        yield from names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))
        here = (*path, "exposure")
        unknown = list(names.variable(self.exposure, here))
        yield from unknown or self._wrong_exposure(names, here)

    def _wrong_exposure(self, names: Names, here: Place) -> Iterator[Fault]:
        """Yield a day of entry that is none, or that is counted from another start than the time is."""
        exposure = self.exposure
        derived = {d.id: d for d in names.plan.derivations}
        if not names.may_be(exposure, NUMBERS):
            yield Fault(here, f"{exposure} is not a number of days.", "Name the DAY of a derivation of kind day.")
        elif exposure.dataset in derived and exposure.variable not in SINCE_TREATMENT:
            what = f"{exposure} is not the day on which something began."
            fix = "Name the DAY of a derivation of kind day: missing where a subject never entered."
            yield Fault(here, what, fix)
        elif exposure.dataset in derived and isinstance(time := derived.get(self.data), TimeToEvent):
            parameter = names.parameter(time.dataset, time.parameter)
            if parameter is not None and parameter.origin not in {None, _FIRST_TREATMENT}:
                starts = f"{time.dataset} {time.parameter} starts at another day."
                what = f"{exposure} counts days since first treatment, and {starts}"
                yield Fault(here, what, "Analyse a time that starts at the first treatment.")
