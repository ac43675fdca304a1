"""The colours of a timeline, and its key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.results.ard import number_text
from reports.figures.style import INK
from reports.figures.timeline.lanes import Span, Timeline
from reports.figures.timeline.strip import COURSE, across

OBSERVED: Final = "#c3ccd3"
RESPONSE_TICK: Final = INK
BEYOND: Final = ">"
RAMP: Final = (("#fdeadb", INK), ("#f9c795", INK), ("#ee9352", INK), ("#b2500b", "white"), ("#4c1d05", "white"))
"""From light to dark, so that grades keep their order in grey, each with the colour of the text on it."""
PLAIN: Final = ("#e8edf0", INK)


@dataclass(frozen=True)
class Shades:
    """The shade of each grade there is: grades 1 to 5 have their own, others stand in their order."""

    grades: Mapping[float, tuple[str, str]]

    def of(self, span: Span) -> tuple[str, str]:
        """Return fill and text colour of a span; one without a grade is plain."""
        return PLAIN if span.grade is None else self.grades.get(span.grade, PLAIN)


def shades(found: Timeline) -> Shades:
    """Return the shades of the grades of a timeline."""
    grades = sorted({s.grade for _, _, s in found.spans if s.grade is not None})
    if all(g in range(1, 6) for g in grades):
        return Shades({g: RAMP[int(g) - 1] for g in grades})
    last = len(RAMP) - 1
    return Shades({g: RAMP[round(at * last / max(len(grades) - 1, 1))] for at, g in enumerate(grades)})


def draw_key(figure: Figure, found: Timeline, colours: Shades, reference: float | None) -> None:
    """Draw what a reader needs to read the bands, in their order from the top."""
    handles = list(_key(found, reference))
    labels = [str(h.get_label()) for h in handles]
    grades: list[Patch | Line2D | tuple[Patch, ...]] = [*handles]
    if colours.grades:
        grades.append(tuple(Patch(facecolor=fill, edgecolor=INK, lw=0.4) for fill, _ in colours.grades.values()))
        labels.append(f"{found.grading} {', '.join(map(number_text, colours.grades))}")
    options: dict[str, Any] = {
        "handles": grades, "labels": labels, "ncols": 2, "frameon": False, "fontsize": 7.5, "handlelength": 3,
        "handler_map": {tuple: HandlerTuple(ndivide=None, pad=0.1)},
    }  # fmt: skip
    figure.legend(loc="outside lower center", **options)


def _key(found: Timeline, reference: float | None) -> Iterator[Patch | Line2D]:
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "markeredgewidth": 0.6, "ms": 5.5}
    for at, measured in enumerate(found.measured):
        line = f"; dotted, {number_text(reference)}" if reference is not None else ""
        label = f"{measured.label}, {across(found, at).kind} axis{line}"
        yield Line2D([], [], color=COURSE, lw=1, marker="o", ms=2, label=label)
    yield Patch(facecolor=OBSERVED, label="Observed")
    if found.valued:
        yield Line2D([], [], marker="|", color=INK, ms=7, linestyle="none", label=f"{found.valued}, written at its day")
    for text in found.swimmers.happened:
        marker, colour = found.swimmers.look(text)
        yield Line2D([], [], marker=marker, color=colour, label=text, **look)
    yield Line2D([], [], marker="x", color=INK, mew=1.6, linestyle="none", ms=5.5, label=found.swimmers.ends[0])
    yield Line2D([], [], marker=">", color=INK, linestyle="none", ms=5, label=f"{found.swimmers.ends[1]}, or ongoing")
    yield Line2D([], [], marker=BEYOND, color="white", label="Goes on beyond the days shown", **look)
