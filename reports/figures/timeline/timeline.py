"""The course of each subject on one axis: events with their grades, responses, a measurement, and how it ended."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes

from analysis.results.ard import number_text
from reports.figures.courses import Swimmers
from reports.figures.style import GRID, INK, MUTED, canvas, save_svg
from reports.figures.timeline.key import BEYOND, OBSERVED, RESPONSE_TICK, Shades, draw_key, shades
from reports.figures.timeline.lanes import Span, timeline
from reports.figures.timeline.places import (
    BAR,
    LANE,
    WIDTH,
    Placed,
    Scale,
    Track,
    apart,
    days_shown,
    edges,
    fits,
    placed,
)
from reports.figures.timeline.strip import across, draw_strip
from reports.figures.timeline.words import in_words
from reports.layout.lookup import Lookup
from reports.words.numbers import MINUS
from sap.plan.plan import Output, Plan

SMALL: Final = 6.3
"""Points, of what is printed within a band."""
EVEN: Final = "#f5f7f8"
_EDGED: Final[Mapping[str, Any]] = {
    "markeredgecolor": INK, "markeredgewidth": 0.6, "linestyle": "none", "ms": 5, "zorder": 5,
}  # fmt: skip
MANY: Final = 6
"""From how many subjects the days are also above."""
AGAIN: Final = 10
"""After how many bands the days are written again."""


def draw_timelines(plan: Plan, lookup: Lookup, output: Output, path: Path) -> str:
    """Draw a band a subject, longest observed first, on one linear axis of days since first treatment.

    In a band, from the top: each measurement as a line, values on a day as text over the bar of observation, which
    carries what happened and how it ended, and a lane for each name of a record that lasts, with its grade.
    """
    found = timeline(plan, lookup, output)
    window = output.window
    scale = days_shown(found, *((None, None) if window is None else (window.start, window.end)))
    places = placed(found, scale)
    colours = shades(found)
    height = max(places[-1].bottom if places else 0.0, 0.8)
    with canvas(WIDTH, height + 1.4) as (figure, axes):
        axes.set_xlim(scale.first, scale.last)
        axes.set_ylim(height, 0)
        for row, place in enumerate(places):
            _band(axes, place, scale, shade=EVEN if row % 2 else "white")
            _observed(axes, place, scale, found.swimmers)
            _values(axes, place, scale)
            for _, lane in place.lanes:
                for track in lane:
                    _lane(axes, track, scale, colours)
        for at in range(len(found.measured)):
            axis = across(found, at)
            for place in places:
                draw_strip(axes, place, axis, scale, output.reference)
        _frame(axes, places)
        axes.set_xlabel(_axis(plan, output), fontsize=9)
        draw_key(figure, found, colours, output.reference)
        save_svg(figure, path)
    return in_words(plan, lookup, output, found, scale)


def _band(axes: Axes, place: Placed, scale: Scale, *, shade: str) -> None:
    axes.axhspan(place.top, place.bottom, color=shade, lw=0, zorder=0)
    axes.axhline(place.bottom, color=GRID, lw=0.6, zorder=1)
    if scale.first <= 0 <= scale.last:
        axes.plot([0, 0], [place.top, place.bottom], color=INK, lw=0.8, ls="--", zorder=1)


def _observed(axes: Axes, place: Placed, scale: Scale, found: Swimmers) -> None:
    """Draw how long a subject was observed, what happened, and how it ended."""
    swimmer = place.band.swimmer
    axes.barh(place.bar, min(swimmer.end, scale.last), height=BAR * 0.5, color=OBSERVED, lw=0, zorder=2)
    *heights, end = (place.bar + rise for rise in apart([*(day for _, day in swimmer.days), swimmer.end], scale))
    for (text, day), at in zip(swimmer.days, heights, strict=True):
        if scale.inside(day, day):
            marker, colour = found.look(text)
            axes.plot(day, at, marker, color=colour, **_EDGED)
    if swimmer.end > scale.last:
        axes.plot(scale.last, place.bar, BEYOND, color="white", clip_on=False, **_EDGED)
        how = found.ends[0 if swimmer.ended else 1].partition(" ")[0].lower()
        _beside(axes, place.bar, f"{how}, day {number_text(swimmer.end)}")
    elif swimmer.ended:
        axes.plot(swimmer.end, end, "x", color=INK, ms=5, mew=1.6, zorder=6)
    else:
        axes.plot(swimmer.end, end, ">", color=INK, ms=5, zorder=6)


def _beside(axes: Axes, at: float, text: str) -> None:
    axes.annotate(
        text, (1, at), xycoords=axes.get_yaxis_transform(), xytext=(5, 0), textcoords="offset points", va="center",
        fontsize=SMALL, color=INK, annotation_clip=False,
    )  # fmt: skip


def _values(axes: Axes, place: Placed, scale: Scale) -> None:
    """Write values on their day, with a line down to the bar of observation."""
    for track in place.values:
        for span in (s for s in track.spans if scale.inside(s.start, s.start)):
            axes.plot([span.start] * 2, [track.at + LANE * 0.42, place.bar], color=RESPONSE_TICK, lw=0.7, zorder=3)
            axes.text(
                span.start, track.at, span.text, fontsize=SMALL, fontweight="bold", ha="center", va="center", zorder=6,
                clip_on=True,
            )  # fmt: skip


def _lane(axes: Axes, track: Track, scale: Scale, colours: Shades) -> None:
    """Draw records as bars with their grade in them, or at their left where there is no room."""
    for span in (s for s in track.spans if scale.inside(*edges(s))):
        start, end = edges(span)
        start, end = max(start, scale.first), min(end, scale.last)
        fill, ink = colours.of(span)
        axes.barh(track.at, end - start, left=start, height=LANE * 0.82, color=fill, edgecolor=INK, lw=0.4, zorder=3)
        if fits(span, scale):
            axes.text(
                (start + end) / 2, track.at, span.text, fontsize=SMALL, color=ink, ha="center", va="center_baseline",
                zorder=5, clip_on=True,
            )  # fmt: skip
        else:
            axes.annotate(
                span.text, (start, track.at), xytext=(-1.2, 0), textcoords="offset points", fontsize=SMALL, ha="right",
                va="center_baseline", color=INK, zorder=5,
            )  # fmt: skip
        _open_end(axes, track.at, span, scale)


def _open_end(axes: Axes, at: float, span: Span, scale: Scale) -> None:
    """Mark a record that goes on when observation ends, or beyond the days shown."""
    if edges(span)[1] > scale.last:
        axes.plot(scale.last, at, BEYOND, color="white", mec=INK, mew=0.6, ms=4, clip_on=False, zorder=6)
    elif span.ongoing:
        axes.plot(edges(span)[1], at, ">", color=INK, ms=3.6, zorder=6)


def _axis(plan: Plan, output: Output) -> str:
    """Return the title of the axis; where times to event count from day 1, that this one counts from 0."""
    title = output.axis or "Days since first treatment"
    return f"{title} (day 0 = first treatment)" if plan.conventions.origin_day else title


def _frame(axes: Axes, places: tuple[Placed, ...]) -> None:
    """Name the bands and their lanes at the left, and the days below, and above where there are many."""
    names: list[tuple[float, str, bool]] = []
    for place in places:
        names.append((place.top + 0.1, place.band.swimmer.name, True))
        names += [(lane[0].at, _shortened(name), False) for name, lane in place.lanes if lane]
    axes.set_yticks([at for at, _, _ in names], [text for _, text, _ in names])
    for label, (_, _, bold) in zip(axes.get_yticklabels(), names, strict=True):
        label.set(fontsize=8 if bold else SMALL, fontweight="bold" if bold else "normal", color=INK if bold else MUTED)
    axes.tick_params(axis="y", length=0)
    above = len(places) > MANY
    axes.tick_params(axis="x", labelsize=8, top=above, labeltop=above)
    axes.grid(axis="x", color=GRID, lw=0.7)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_xlim()
    for place in places[AGAIN::AGAIN]:
        for day in (d for d in axes.get_xticks() if low <= d <= high):
            text = number_text(float(day)).replace("-", MINUS)
            axes.text(day, place.top, text, fontsize=SMALL, color=MUTED, ha="center", va="center", zorder=7)


def _shortened(name: str) -> str:
    longest = 27
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
