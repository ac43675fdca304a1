"""Figures of the plan: results to a picture and the sentence that says what it shows."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.results.ard import Row
from reports.figures import draw
from reports.figures.frame import LAYOUT, VIEW, Drawing, write_across
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


def figure(plan: Plan, lookup: Lookup, output: Output, folder: Path) -> Picture:
    """Draw a figure of the plan."""
    path = folder / f"{output.id.lower()}.svg"
    looked_up = Recording(lookup.results if lookup.drawn is None else lookup.drawn)
    alt = draw(Drawing(plan, looked_up, output, path))
    words = next((r.stamp for r in lookup.results), "") if lookup.drawn is None else LAYOUT
    write_across(path, words)
    told = alt if lookup.drawn is None else _NUMBER.sub("xx", alt)
    return Picture(path, f"{words}. {told}" if words else told, _printed(lookup, looked_up))


def _printed(lookup: Lookup, looked_up: Recording) -> tuple[Row, ...]:
    """Return what was looked up as it is printed."""
    if lookup.drawn is None:
        return tuple(looked_up.taken)
    printed = {r.identity: r for r in lookup.results}
    return tuple(printed[r.identity] for r in looked_up.taken if r.identity in printed)
