"""The course of each subject on one axis: events with their grades, responses, a measurement, and how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.results.ard import number_text
from reports.figures.frame import COLOURS, GRID, INK, MUTED, PAPER, SMALL, Drawing, canvas
from reports.figures.profile import Course, lowest_median, measured
from reports.figures.swimmer import MARK, Swimmers, apart
from reports.figures.timeline_bands import (
    BAR,
    COUNTS,
    LANE,
    RISE,
    PlacedBand,
    Scale,
    Timeline,
    Track,
    ValueAxis,
    days_shown,
    placed,
    timeline,
)
from reports.words.labels import since_treatment_axis
from reports.words.numbers import MINUS, shown
from sap.methods.profile import Profile
from sap.methods.records import Records

MANY: Final = 6
"""From how many subjects the days are also above."""
AGAIN: Final = 10
"""After how many bands the days are written again."""
LONGEST_NAME: Final = 27
"""Characters of the name of a lane."""
INNER: Final = 0.86
"""Share of the height of a strip that its line may take."""

EVEN: Final = "#f5f7f8"
OBSERVED: Final = "#c3ccd3"
BEYOND: Final = ">"
_EDGED: Final[Mapping[str, Any]] = {"markeredgecolor": INK, "markeredgewidth": 0.6, "linestyle": "none"}


def draw(drawing: Drawing) -> str:
    """Draw a band a subject, longest observed first, on one linear axis of days since first treatment.

    In a band, from the top: each measurement as a line, values on a day as text over the bar of observation, which
    carries what happened and how it ended, and a lane for each name of a record that lasts, with its grade.
    """
    output = drawing.output
    found = timeline(drawing)
    window = output.window
    scale = days_shown(found, *((None, None) if window is None else (window.start, window.end)))
    places = placed(found, scale)
    height = max(places[-1].bottom if places else 0.0, 0.8)
    with canvas(drawing.path, height + 1.5) as (figure, axes):
        axes.set_xlim(scale.first, scale.last)
        axes.set_ylim(height, 0)
        for row, place in enumerate(places):
            _band(axes, place, scale, shade=EVEN if row % 2 else "none")
            _observed(axes, place, scale, found.swimmers)
            _values(axes, place, scale)
            for _, lane in place.lanes:
                for track in lane:
                    _lane(axes, track, scale, found)
        for at, axis in enumerate(found.measured):
            for place in places:
                _strip(axes, place.strips[at], axis, scale, output.reference)
        _frame(axes, places)
        axes.set_xlabel(since_treatment_axis(drawing.plan, output))
        _draw_key(figure, found, output.reference)
    return " ".join(_words(drawing, found, scale))


def _band(axes: Axes, place: PlacedBand, scale: Scale, *, shade: str) -> None:
    axes.axhspan(place.top, place.bottom, color=shade, lw=0, zorder=0)
    axes.axhline(place.bottom, color=GRID, lw=0.6, zorder=1)
    if scale.first <= 0 <= scale.last:
        axes.plot([0, 0], [place.top, place.bottom], color=INK, lw=0.8, ls="--", zorder=1)


def _observed(axes: Axes, place: PlacedBand, scale: Scale, found: Swimmers) -> None:
    """Draw how long a subject was observed, what happened, and how it ended."""
    swimmer = place.band.swimmer
    axes.barh(place.bar, min(swimmer.end, scale.last), height=BAR * 0.5, color=OBSERVED, lw=0, zorder=2)
    marks = apart([*(day for _, day in swimmer.days), swimmer.end], MARK * scale.inch)
    *heights, end = (place.bar + RISE * rise for rise in marks)
    for (text, day), at in zip(swimmer.days, heights, strict=True):
        if scale.inside(day, day):
            marker, colour = found.look(text)
            axes.plot(day, at, marker, color=colour, ms=5, zorder=5, **_EDGED)
    if swimmer.end > scale.last:
        axes.plot(scale.last, place.bar, BEYOND, color=PAPER, clip_on=False, ms=5, zorder=5, **_EDGED)
        how = found.ends[0 if swimmer.ended else 1].partition(" ")[0].lower()
        _at_right(axes, place.bar, f"{how}, day {number_text(swimmer.end)}", 5, fontsize=SMALL, color=INK)
    elif swimmer.ended:
        axes.plot(swimmer.end, end, "x", color=INK, ms=5, mew=1.6, zorder=6)
    else:
        axes.plot(swimmer.end, end, ">", color=INK, ms=5, zorder=6)


def _at_right(axes: Axes, at: float, text: str, away: float, **look: Any) -> None:
    axes.annotate(
        text, (1, at), xycoords=axes.get_yaxis_transform(), xytext=(away, 0), textcoords="offset points", va="center",
        annotation_clip=False, **look,
    )  # fmt: skip


def _values(axes: Axes, place: PlacedBand, scale: Scale) -> None:
    """Write values on their day, with a line down to the bar of observation."""
    for track in place.values:
        for span in (s for s in track.spans if scale.inside(s.start, s.start)):
            axes.plot([span.start] * 2, [track.at + LANE * 0.42, place.bar], color=INK, lw=0.7, zorder=3)
            axes.text(
                span.start, track.at, span.text, fontsize=SMALL, fontweight="bold", ha="center", va="center", zorder=6,
                clip_on=True,
            )  # fmt: skip


def _lane(axes: Axes, track: Track, scale: Scale, found: Timeline) -> None:
    """Draw records as bars with their grade in them, or at their left where there is no room."""
    for span in (s for s in track.spans if scale.inside(*s.edges)):
        start, end = scale.cut(span)
        fill, ink = found.shade(span)
        axes.barh(track.at, end - start, left=start, height=LANE * 0.82, color=fill, edgecolor=INK, lw=0.4, zorder=3)
        if scale.fits(span):
            axes.text(
                (start + end) / 2, track.at, span.text, fontsize=SMALL, color=ink, ha="center", va="center_baseline",
                zorder=5, clip_on=True,
            )  # fmt: skip
        else:
            axes.annotate(
                span.text, (start, track.at), xytext=(-1.2, 0), textcoords="offset points", fontsize=SMALL, ha="right",
                va="center_baseline", color=INK, zorder=5,
            )  # fmt: skip
        # A record that goes on beyond the days shown, or when observation ends.
        if span.edges[1] > scale.last:
            axes.plot(scale.last, track.at, BEYOND, color=PAPER, mec=INK, mew=0.6, ms=4, clip_on=False, zorder=6)
        elif span.ongoing:
            axes.plot(span.edges[1], track.at, ">", color=INK, ms=3.6, zorder=6)


def _frame(axes: Axes, places: Sequence[PlacedBand]) -> None:
    """Name the bands and their lanes at the left, and the days below, and above where there are many."""
    names: list[tuple[float, str, bool]] = []
    for place in places:
        names.append((place.top + 0.1, place.band.swimmer.name, True))
        names += [
            (lane[0].at, name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…", False)
            for name, lane in place.lanes
            if lane
        ]
    axes.set_yticks([at for at, _, _ in names], [text for _, text, _ in names])
    for label, (_, _, bold) in zip(axes.get_yticklabels(), names, strict=True):
        label.set(
            fontsize="medium" if bold else SMALL, fontweight="bold" if bold else "normal", color=INK if bold else MUTED
        )
    axes.tick_params(axis="y", length=0)
    above = len(places) > MANY
    axes.tick_params(axis="x", top=above, labeltop=above)
    axes.grid(axis="x", color=GRID, lw=0.7)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_xlim()
    for place in places[AGAIN::AGAIN]:
        for day in (d for d in axes.get_xticks() if low <= d <= high):
            text = number_text(float(day)).replace("-", MINUS)
            axes.text(day, place.top, text, fontsize=SMALL, color=MUTED, ha="center", va="center", zorder=7)


def _strip(axes: Axes, strip: tuple[float, Course], axis: ValueAxis, scale: Scale, reference: float | None) -> None:
    """Draw one measurement of one subject: every value a point, and the line the plan asks for."""
    top, course = strip
    bottom = top + COUNTS * 0.95

    def y(value: float) -> float:
        return bottom - COUNTS * INNER * axis.share(value)

    axes.plot([scale.first, scale.last], [bottom, bottom], color=GRID, lw=0.6, zorder=1)
    for value, dotted in ((axis.top, False), (reference, True)):
        if value is None or not axis.low <= value <= axis.high:
            continue
        colour, line = (MUTED, ":") if dotted else (GRID, "-")
        axes.plot([scale.first, scale.last], [y(value)] * 2, color=colour, lw=0.6, ls=line, zorder=2)
        _at_right(axes, y(value), number_text(value), 3, fontsize=SMALL, color=MUTED)
    if course:
        days, values = zip(*course, strict=True)
        axes.plot(days, [y(v) for v in values], "o-", color=COLOURS[0], lw=0.9, ms=1.8, zorder=4)


def _draw_key(figure: Figure, found: Timeline, reference: float | None) -> None:
    """Draw what a reader needs to read the bands, in their order from the top."""
    handles: list[Any] = list(_key(found, reference))
    labels = [str(h.get_label()) for h in handles]
    if colours := found.shades:
        handles.append(tuple(Patch(facecolor=fill, edgecolor=INK, lw=0.4) for fill, _ in colours.values()))
        labels.append(f"{found.grading} {', '.join(map(number_text, colours))}")
    figure.legend(
        handles, labels, loc="outside lower center", ncols=2, handlelength=3,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.1)},
    )  # fmt: skip


def _key(found: Timeline, reference: float | None) -> Iterator[Patch | Line2D]:
    line = f"; dotted, {number_text(reference)}" if reference is not None else ""
    for axis in found.measured:
        yield Line2D([], [], color=COLOURS[0], lw=1, marker="o", ms=2, label=f"{axis.label}, {axis.kind} axis{line}")
    yield Patch(facecolor=OBSERVED, label="Observed")
    if found.valued:
        yield Line2D([], [], marker="|", color=INK, ms=7, linestyle="none", label=f"{found.valued}, written at its day")
    for text in found.swimmers.happened:
        marker, colour = found.swimmers.look(text)
        yield Line2D([], [], marker=marker, color=colour, label=text, ms=5.5, **_EDGED)
    yield Line2D([], [], marker="x", color=INK, mew=1.6, linestyle="none", ms=5.5, label=found.swimmers.ends[0])
    yield Line2D([], [], marker=">", color=INK, linestyle="none", ms=5, label=f"{found.swimmers.ends[1]}, or ongoing")
    yield Line2D([], [], marker=BEYOND, color=PAPER, label="Goes on beyond the days shown", ms=5.5, **_EDGED)


def _words(drawing: Drawing, found: Timeline, scale: Scale) -> Iterator[str]:
    """Yield the subjects, what happened, the records, the measurements, and what is not shown."""
    first, last = (number_text(round(d)).replace("-", MINUS) for d in (scale.first, scale.last))
    yield f"One band a subject on one axis of days {first} to {last}, longest observed first."
    if not found.bands:
        yield "No subjects."
        return
    yield f"{'; '.join([found.swimmers.ends_in_words, *found.swimmers.happened_in_words])}."
    for records in drawing.steps(Records):
        rows = {name: shown(row) for name, row in records.by_stat(context="records").items()}
        if rows:
            open_ended = f", {rows['n.ongoing']} of them ongoing" if "n.ongoing" in rows else ""
            title = records.step.label or drawing.plan.analysis(records.analysis.id).title
            yield f"{title}: {rows['n.records']} records of {rows['n']} of {rows['N']} subjects{open_ended}."
    if found.names:
        # What is known of the records of each lane, the results say of all together.
        yield f"Lanes of records: {'; '.join(found.names)}."
    reference = drawing.output.reference
    line = f", line at {number_text(reference)}" if reference is not None else ""
    for profile in drawing.steps(Profile):
        yield f"{measured(profile)}: {lowest_median(profile)}{line}."
    longer = sum(b.swimmer.end > scale.last for b in found.bands)
    hidden = sum(not scale.inside(*s.edges) for b in found.bands for s in b.spans)
    hidden += sum(not scale.inside(day, day) for b in found.bands for day in b.days)
    if longer or hidden:
        counted = f"{longer} subject{'' if longer == 1 else 's'}"
        yield f"Observed beyond the days shown: {counted}; records and values not shown: {hidden}."
