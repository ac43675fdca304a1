"""Time to event by Kaplan and Meier."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import model_validator

from sap.model.derivations import TimeToEvent
from sap.model.figures import FigureName
from sap.model.names import Names
from sap.model.part import DatasetName, Level, Reference
from sap.model.step import OneStep, variables_of
from sap.model.times import in_order
from sap.text.problems import Fault, Place


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
    if_missing: ClassVar[str] = "A subject without a time is left out."
    applied_to: ClassVar[frozenset[str]] = frozenset({"at_risk", "data", "landmarks"})
    adds_lines: ClassVar[frozenset[str]] = frozenset({"at_risk", "landmarks"})
    of_time: ClassVar[bool] = True
    figures: ClassVar[frozenset[FigureName]] = frozenset({"kaplan_meier_figure"})
    option_words: ClassVar[Mapping[str, str]] = {
        "follow_up": "follow-up described",
        "median_rule": "median where the curve is flat at one half",
    }
    also_called: ClassVar[str] = "survival product_limit"

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
    def named_days(self) -> tuple[int, ...]:
        """Where survival is given, and where subjects are counted."""
        return (*self.landmarks, *self.at_risk)

    @property
    def own_words(self) -> str:
        """The sentence; times that are not follow-up are not described as such."""
        return self.sentence if self.follow_up else self.sentence.replace(self.on_follow_up, "")

    @model_validator(mode="after")
    def _times_in_order(self) -> "KaplanMeier":
        for name, times in (("landmarks", self.landmarks), ("at_risk", self.at_risk)):
            in_order(times, name)
        return self

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield a time to event that the plan does not derive."""
        return names.derivation("time-to-event derivation", TimeToEvent, self.data, (*path, "data"))
