"""The kinds of figure a plan may promise; a method names those that draw its results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

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
    several: bool = False
    """Whether one figure may draw several analyses."""
    options: tuple[str, ...] = ()
    """What its output may state that most kinds have not."""
    follows: bool = False
    """Whether it draws each subject's follow-up, for which a time to event must be listed by subject."""
    one: str = ""
    """What it draws only one of, where an analysis may have several steps that it could draw."""
    ungrouped: str = ""
    """What it draws of all subjects together, and not by group."""
    also_called: str = ""
    """What else the field says for it, with blanks between."""


FIGURES: Final[Mapping[FigureName, FigureKind]] = {
    "dot_figure": FigureKind("one point a subject, by group", one="comparison", also_called="strip box boxplot"),
    "flow_figure": FigureKind(
        "subjects from stage to stage and into the analysis sets, with the reasons of those missing",
        ungrouped="disposition",
        also_called="consort attrition",
    ),
    "kaplan_meier_figure": FigureKind(
        "Kaplan–Meier curve with its band", options=("curve",), also_called="survival survival_curve"
    ),
    "posterior_figure": FigureKind(
        "prior and posterior of a rate, and events by number evaluated with the stopping line"
    ),
    "profile_figure": FigureKind(
        "the course of each subject, mean ± SD and median by day",
        several=True,
        also_called="spaghetti line kinetics pk",
    ),
    "proportion_figure": FigureKind("proportions with their intervals", several=True, also_called="forest bar"),
    "scatter_figure": FigureKind(
        "one point a subject, two quantities against each other, with their rank correlation", options=("marks",)
    ),
    "swimmer_figure": FigureKind(
        "one bar a subject as long as follow-up, with what happened on it", several=True, follows=True
    ),
    "time_dependent_figure": FigureKind(
        "Simon–Makuch curves with their bands and the numbers in each state",
        options=("curve",),
        also_called="simon_makuch",
    ),
    "timeline_figure": FigureKind(
        "events, responses, counts and the end of follow-up of each subject on one axis of days",
        several=True,
        options=("reference", "window"),
        follows=True,
    ),
}
"""By the plan's name of the kind; a test holds this list to the names."""
