"""Figures of the plan: results to a picture and the sentence that says what it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.figure_kaplan_meier import draw_kaplan_meier
from reports.figure_peaks import draw_dots
from reports.figure_proportions import draw_proportions
from reports.lookup import Lookup
from sap.plan import Output, Plan


@dataclass(frozen=True)
class Picture:
    """A figure that was written, and what it says to those who do not see it."""

    path: Path
    alt: str


Draw = Callable[[Plan, Lookup, Output, Path], str]

KINDS: Mapping[str, Draw] = {
    "dot_figure": draw_dots,
    "kaplan_meier_figure": draw_kaplan_meier,
    "proportion_figure": draw_proportions,
}
"""How each kind of figure of the plan is drawn; a test holds this list to the plan's."""


def figure(plan: Plan, lookup: Lookup, output: Output, folder: Path) -> Picture:
    """Draw a figure of the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    lookup : Lookup
        The results.
    output : Output
        The figure's entry in the plan.
    folder : Path
        Where to write it.

    Returns
    -------
    Picture
        The file, and its alternative text.
    """
    path = folder / f"{output.id.lower()}.svg"
    return Picture(path, KINDS[output.kind](plan, lookup, output, path))
