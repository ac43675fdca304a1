"""Figures of the plan: results to a picture and the sentence that says what it shows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.results.ard import Row
from reports.figures.flow import draw_flow
from reports.figures.kaplan_meier import draw_kaplan_meier
from reports.figures.mark import LAYOUT, VIEW, mark
from reports.figures.peaks import draw_dots
from reports.figures.posterior import draw_posterior
from reports.figures.profile import draw_profiles
from reports.figures.proportions import draw_proportions
from reports.figures.scatter import draw_scatter
from reports.figures.states import draw_states
from reports.figures.swimmer import draw_swimmers
from reports.figures.timeline.timeline import draw_timelines
from reports.layout.lookup import Lookup
from reports.outputs.figure_numbers import Recording
from sap.plan.plan import Output, Plan

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
    """Draw a figure of the plan."""
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
