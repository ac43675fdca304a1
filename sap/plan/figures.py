"""The kinds of figure a plan may promise: what each shows, and of which methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sap.methods.binomial import Binomial
from sap.methods.by_subject import BySubject
from sap.methods.correlation import Correlation
from sap.methods.disposition import Disposition
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.methods.rank_comparison import RankComparison
from sap.methods.records import Records
from sap.methods.time_dependent import TimeDependent
from sap.model.step import OneStep

FigureName = Literal[
    "kaplan_meier_figure",
    "posterior_figure",
    "proportion_figure",
    "dot_figure",
    "flow_figure",
    "profile_figure",
    "scatter_figure",
    "swimmer_figure",
    "timeline_figure",
    "time_dependent_figure",
]


@dataclass(frozen=True)
class FigureKind:
    """A kind of figure."""

    shows: str
    """What is seen on it, in words."""
    draws: tuple[type[OneStep], ...]
    """The method, or methods, whose results it draws."""
    several: bool = False
    """Whether one figure may draw several analyses."""


FIGURES: Final[Mapping[FigureName, FigureKind]] = {
    "dot_figure": FigureKind("one point a subject, by group", (RankComparison,)),
    "flow_figure": FigureKind(
        "subjects from stage to stage and into the analysis sets, with the reasons of those missing", (Disposition,)
    ),
    "kaplan_meier_figure": FigureKind("Kaplan–Meier curve with its band", (KaplanMeier,)),
    "posterior_figure": FigureKind(
        "prior and posterior of a rate, and events by number evaluated with the stopping line", (Posterior,)
    ),
    "profile_figure": FigureKind("the course of each subject, mean ± SD and median by day", (Profile,), several=True),
    "proportion_figure": FigureKind("proportions with their intervals", (Binomial,), several=True),
    "scatter_figure": FigureKind(
        "one point a subject, two quantities against each other, with their rank correlation", (Correlation,)
    ),
    "swimmer_figure": FigureKind(
        "one bar a subject as long as follow-up, with what happened on it", (BySubject, Records), several=True
    ),
    "time_dependent_figure": FigureKind(
        "Simon–Makuch curves with their bands and the numbers in each state", (TimeDependent,)
    ),
    "timeline_figure": FigureKind(
        "events, responses, counts and the end of follow-up of each subject on one axis of days",
        (BySubject, Profile, Records),
        several=True,
    ),
}
"""By the plan's name of the kind; a test holds this list to the names."""
