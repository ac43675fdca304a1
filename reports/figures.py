"""Figures of the plan: results to a picture and the sentence that says what it shows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.results import Row
from reports.figure_flow import draw_flow
from reports.figure_kaplan_meier import draw_kaplan_meier
from reports.figure_mark import LAYOUT, VIEW, mark
from reports.figure_numbers import Recording
from reports.figure_peaks import draw_dots
from reports.figure_posterior import draw_posterior
from reports.figure_profile import draw_profiles
from reports.figure_proportions import draw_proportions
from reports.figure_scatter import draw_scatter
from reports.figure_states import draw_states
from reports.figure_swimmer import draw_swimmers
from reports.figure_timeline import draw_timelines
from reports.lookup import Lookup
from sap.plan import Output, Plan

TALL: Final = 2.5
"""Heights for a width beyond which a picture goes on over several sheets."""


@dataclass(frozen=True)
class Picture:
    """A figure that was written, what it says to those who do not see it, and the results it shows."""

    path: Path
    alt: str
    rows: tuple[Row, ...]

    @property
    def classes(self) -> str:
        """What the pages must know of its shape, as the beginning of attributes."""
        found = VIEW.search(self.path.read_text(encoding="utf-8"))
        return ".tall " if found and float(found["height"]) > TALL * float(found["width"]) else ""


_NUMBER: Final = re.compile(r"\d[\d.,]*\d|\d")
"""A number in words about a layout: what was drawn there is not a result."""

Draw = Callable[[Plan, Lookup, Output, Path], str]

KINDS: Mapping[str, Draw] = {
    "dot_figure": draw_dots,
    "flow_figure": draw_flow,
    "kaplan_meier_figure": draw_kaplan_meier,
    "posterior_figure": draw_posterior,
    "profile_figure": draw_profiles,
    "proportion_figure": draw_proportions,
    "scatter_figure": draw_scatter,
    "swimmer_figure": draw_swimmers,
    "timeline_figure": draw_timelines,
    "time_dependent_figure": draw_states,
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
        The file, its alternative text, and every row that was looked up for it.
    """
    path = folder / f"{output.id.lower()}.svg"
    looked_up = Recording(lookup.results if lookup.drawn is None else lookup.drawn)
    alt = KINDS[output.kind](plan, looked_up, output, path)
    words = next((r.stamp for r in lookup.results), "") if lookup.drawn is None else LAYOUT
    mark(path, words)
    told = alt if lookup.drawn is None else _NUMBER.sub("xx", alt)
    return Picture(path, f"{words}. {told}" if words else told, _printed(lookup, looked_up))


def _printed(lookup: Lookup, looked_up: Recording) -> tuple[Row, ...]:
    """Return what was looked up as it is printed."""
    if lookup.drawn is None:
        return tuple(looked_up.taken)
    printed = {r.identity: r for r in lookup.results}
    return tuple(printed[r.identity] for r in looked_up.taken if r.identity in printed)
