"""The flow of subjects: who reached each stage, who was lost and why, what became of them, and who is analysed.

All lengths are points from the top left corner. Stages and sets stand in the middle column, each connected with the one
it comes from, those lost at its right; the sets of a stage hang on a line at the left, those of later stages first, so
that no two lines cross.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from analysis.results.ard import Row
from analysis.steps.disposition import left_out, lost
from reports.figures.frame import INK, MUTED, PAPER, Drawing, StepResults, canvas
from reports.figures.frame import WIDTH as INCHES
from reports.words.numbers import shown
from sap.methods.disposition import CountedSet, Disposition, reason_labels

POINTS: Final = 72.0
"""In an inch."""
WIDTH: Final = INCHES * POINTS
MARGIN: Final = 5.0
SIDE: Final = 190.0
"""Width of the column at the right."""
BETWEEN: Final = 20.0
"""Between the columns."""
TRUNK: Final = 16.0
"""Between two lines at the left."""
PAD: Final = 5.0
"""Between a box and its text."""
STEP: Final = 18.0
"""Between boxes of the middle column, at least."""
NEAR: Final = 8.0
"""Between a box at the right and its neighbours in the middle column, up and down, at least."""

FAMILY: Final = "DejaVu Sans"
JOINED: Final = "\u00a0"
"""A space at which no line is broken."""
LEADING: Final = 1.3
"""Height of a line, as a share of the size of its text."""
ROOF: Final = 0.95
"""Where the baseline stands below the top of a line, as a share of the size."""
_SIZE, _INDENT = 8.5, 7.0

Kind = Literal["stage", "set", "missing"]
LOOKS: Final[dict[Kind, dict[str, Any]]] = {
    "stage": {"facecolor": PAPER, "edgecolor": INK, "linewidth": 1.2},
    "set": {"facecolor": "#e8f1f8", "edgecolor": INK, "linewidth": 1.2},
    "missing": {"facecolor": "#f5f5f3", "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (3, 2))},
}


@dataclass(frozen=True)
class Paragraph:
    """Words that begin on a line of their own, lines after the first `hanging` further in; lengths in points.

    Words joined by a no-break space stay on one line.
    """

    text: str
    size: float
    bold: bool = False
    indent: float = 0.0
    hanging: float = 0.0

    def lines(self, room: float) -> tuple[str, ...]:
        """Return the lines that fit; a word longer than a line is broken where the line ends."""
        lines = [""]
        for word in self._words(room - self.indent - self.hanging):
            longer = f"{lines[-1]} {word}".strip()
            if self._width(longer) <= room - (self.hanging if len(lines) > 1 else 0.0) - self.indent:
                lines[-1] = longer
            else:
                lines.append(word)
        return tuple(lines)

    def _words(self, room: float) -> Iterator[str]:
        for word in filter(None, self.text.split(" ")):
            rest = word
            while self._width(rest) > room and len(rest) > 1:
                cut = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or self._width(rest[:n]) <= room)
                yield rest[:cut]
                rest = rest[cut:]
            yield rest

    def _width(self, text: str) -> float:
        return width(text, self.size, bold=self.bold)


@dataclass(frozen=True)
class TextLine:
    """A line as it is drawn: place of its left end on the baseline, from the top left, in points."""

    text: str
    x: float
    y: float
    size: float
    bold: bool

    @property
    def width(self) -> float:
        """How wide it is drawn, in points."""
        return width(self.text, self.size, bold=self.bold)


@dataclass(frozen=True)
class Node:
    """What stands in a box of the middle column, and at its right: who is missing there."""

    words: tuple[Paragraph, ...]
    missing: tuple[Paragraph, ...] = ()


@dataclass(frozen=True)
class SetNode(Node):
    """An analysis set, and the position of the stage among which it is counted."""

    among: int = 0


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner, with its lines."""

    kind: Kind
    x: float
    y: float
    width: float
    height: float
    lines: tuple[TextLine, ...]

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2

    @property
    def axis(self) -> float:
        """Half way across."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Line:
    """A line through points; with an arrow at its end, or without."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = True


@dataclass
class Layout:
    """Boxes and lines with the height of the picture."""

    boxes: list[Box] = field(default_factory=list)
    paths: list[Line] = field(default_factory=list)
    height: float = 0.0

    def box(self, kind: Kind, words: tuple[Paragraph, ...], x: float, y: float, wide: float) -> Box:
        """Place a box as high as its paragraphs, with their lines below each other."""
        room, top = wide - 2 * PAD, y + PAD
        lines = []
        for paragraph in words:
            for i, text in enumerate(paragraph.lines(room)):
                left = x + PAD + paragraph.indent + (paragraph.hanging if i else 0.0)
                lines.append(TextLine(text, left, top + ROOF * paragraph.size, paragraph.size, paragraph.bold))
                top += LEADING * paragraph.size
        self.boxes.append(Box(kind, x, y, wide, _height(words, room) + 2 * PAD, tuple(lines)))
        return self.boxes[-1]


def draw(drawing: Drawing) -> str:
    """Draw the first disposition of an analysis that counts all subjects together."""
    found = next(f for f in drawing.steps(Disposition) if f.step.by is None)
    flow = _Flow(found)
    stages = flow.stages(drawing.plan.set_of(found.analysis.analysis_set).title)
    layout = laid_out(stages, flow.sets(shift=len(stages) - len(found.step.stages)))
    with canvas(drawing.path, layout.height / POINTS) as (_, axes):
        axes.set_position((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(layout.height, 0)
        axes.axis("off")
        _draw(axes, layout)
    return flow.words()


def _draw(axes: Axes, layout: Layout) -> None:
    for line in layout.paths:
        xs, ys = zip(*line.points, strict=True)
        axes.plot(xs, ys, color=INK, lw=1.0, zorder=1, solid_joinstyle="miter")
        if line.arrow:
            look = {"arrowstyle": "-|>", "color": INK, "lw": 1.0, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
            axes.annotate("", xy=line.points[-1], xytext=line.points[-2], arrowprops=look, zorder=1)
    for box in layout.boxes:
        axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, zorder=2, **LOOKS[box.kind]))
        for text in box.lines:
            axes.text(
                text.x, text.y, text.text, fontsize=text.size, fontweight="bold" if text.bold else "normal",
                fontfamily=FAMILY, color=INK, va="baseline", ha="left", zorder=3, parse_math=False,
            )  # fmt: skip


@dataclass(frozen=True)
class _Count:
    """Subjects counted under one name."""

    name: str
    n: Row
    p: Row

    @property
    def text(self) -> str:
        return f"{shown(self.n)} ({shown(self.p)})" if not self.p.error else shown(self.n)

    @property
    def head(self) -> tuple[Paragraph, ...]:
        return Paragraph(self.name, _SIZE, bold=True), Paragraph(_n(self.text), _SIZE)


@dataclass(frozen=True)
class _Flow:
    """The counts of a disposition, as boxes and in words."""

    found: StepResults[Disposition]

    def _counts(self, *wanted: tuple[str, str, str]) -> list[_Count]:
        """Return the counts there are of names, contexts and levels."""
        rows = [(name, self.found.by_stat(context=c, level=level, grouping="")) for name, c, level in wanted]
        return [_Count(name, of["n"], of["p"]) for name, of in rows if {"n", "p"} <= of.keys()]

    def _count(self, name: str, context: str, level: str) -> _Count:
        for count in self._counts((name, context, level)):
            return count
        msg = "the results have no such part of the disposition: run the plan again"
        raise ValueError(msg)

    def _stage(self, position: int) -> _Count:
        label = self.found.step.stages[position].label
        return self._count(label, "stage", label)

    def _lost(self, position: int) -> list[_Count]:
        """Return those lost before a stage, then by reason."""
        stage = self.found.step.stages[position]
        reasons = ((r, "lost_by_reason", lost(stage.label, r)) for r in reason_labels(stage.lost))
        return self._counts(("Lost", "lost", lost(stage.label)), *reasons)

    def _outcomes(self) -> list[_Count]:
        return self._counts(*((name, "outcome", name) for name in reason_labels(self.found.step.outcomes)))

    def _set(self, counted: CountedSet) -> tuple[_Count, list[_Count]]:
        """Return those in a set, and those left out of it with their reasons."""
        name = counted.analysis_set
        reasons = ((r, "left_out_by_reason", left_out(name, r)) for r in reason_labels(counted.left_out))
        missing = self._counts(("Not in the set", "left_out", left_out(name)), *reasons)
        return self._count(f"{self.found.plan.set_of(name).title} ({name})", "in_set", name), missing

    def stages(self, everyone: str) -> list[Node]:
        """Return the boxes of the stages; before a first stage that not all reached, that of the analysis set."""
        last = len(self.found.step.stages) - 1
        nodes = [
            Node((*self._stage(i).head, *(_items(self._outcomes()) if i == last else ())), _missing(self._lost(i)))
            for i in range(last + 1)
        ]
        if nodes[0].missing:
            total = self.found.lookup.row("SETS", "N", context="analysis", level=self.found.analysis.id)
            nodes.insert(0, Node((Paragraph(everyone, _SIZE, bold=True), Paragraph(_n(shown(total)), _SIZE))))
        return nodes

    def sets(self, shift: int) -> list[SetNode]:
        """Return the boxes of the sets; the stage of each is counted with the boxes before the first stage."""
        among = [self.found.step.among(counted) + shift for counted in self.found.step.sets]
        found = [self._set(counted) for counted in self.found.step.sets]
        return [SetNode(own.head, _missing(missing), at) for (own, missing), at in zip(found, among, strict=True)]

    def words(self) -> str:
        """Return the flow in sentences; reasons that fit nobody are left out."""
        told = []
        for i in range(len(self.found.step.stages)):
            stage = self._stage(i)
            told += [_told(f"Before “{stage.name}”, lost", self._lost(i)), f"{stage.name}: {stage.text}."]
        ended = [f"{c.name} {c.text}" for c in self._outcomes()]
        told += [f"Of these, {'; '.join(ended)}."] if ended else []
        for counted in self.found.step.sets:
            inside, missing = self._set(counted)
            told += [f"{inside.name}: {inside.text}.", _told("Left out", missing)]
        return f"Boxes joined by arrows. {' '.join(t for t in told if t)}"


def _items(counts: list[_Count]) -> tuple[Paragraph, ...]:
    return tuple(_item(f"{c.name}:{JOINED}{c.text.replace(' ', JOINED)}") for c in counts)


def _missing(counts: list[_Count]) -> tuple[Paragraph, ...]:
    if not counts:
        return ()
    total, *reasons = counts
    head = Paragraph(f"{total.name}: {_n(total.text)}", _SIZE, bold=True)
    return head, *(_item(f"{c.name}:{JOINED}{shown(c.n)}") for c in reasons)


def _item(text: str) -> Paragraph:
    return Paragraph(text, _SIZE, indent=_INDENT, hanging=_INDENT)


def _n(text: str) -> str:
    return f"n{JOINED}={JOINED}{text}"


def _told(what: str, counts: list[_Count]) -> str:
    """Return those missing in a sentence, with the reasons that fit somebody."""
    if not counts:
        return ""
    total, *reasons = counts
    why = "; ".join(f"{c.name} {shown(c.n)}" for c in reasons if c.n.stat != 0)
    return f"{what}: {shown(total.n)}{f' ({why})' if why else ''}."


def laid_out(stages: Sequence[Node], sets: Sequence[SetNode]) -> Layout:
    """Return where everything stands."""
    of_stages = sorted({s.among for s in sets}, reverse=True)
    left = MARGIN + TRUNK * len(of_stages)
    side = WIDTH - MARGIN - SIDE
    wide = side - BETWEEN - left
    layout = Layout()
    placed: list[Box] = []
    y = MARGIN
    for node in stages:
        if placed:
            y = _place_missing(layout, node, placed[-1], side)
        box = layout.box("stage", node.words, left, y, wide)
        if placed:
            layout.paths.append(Line(((box.axis, placed[-1].bottom), (box.axis, box.y))))
        placed.append(box)
        y = box.bottom + STEP
    for turn, stage in enumerate(of_stages):
        rail = left - TRUNK * (turn + 1) + TRUNK / 2
        for node in (s for s in sets if s.among == stage):
            y = _place_set(layout, node, placed[stage], (rail, left, wide, side), y)
    layout.height = max(b.bottom for b in layout.boxes) + MARGIN
    return layout


def _place_missing(layout: Layout, node: Node, before: Box, side: float) -> float:
    """Place who was lost on the way to a stage; return where the stage begins."""
    if not node.missing:
        return before.bottom + STEP
    box = layout.box("missing", node.missing, side, before.bottom + NEAR, SIDE)
    layout.paths.append(Line(((before.axis, box.middle), (box.x, box.middle))))
    return box.bottom + NEAR


def _place_set(
    layout: Layout, node: SetNode, stage: Box, columns: tuple[float, float, float, float], y: float
) -> float:
    """Place a set and who is left out of it, half way down beside each other; return where the next one begins."""
    rail, left, wide, side = columns
    own = _height(node.words, wide - 2 * PAD) + 2 * PAD
    other = _height(node.missing, SIDE - 2 * PAD) + 2 * PAD if node.missing else 0.0
    box = layout.box("set", node.words, left, y + max(other - own, 0.0) / 2, wide)
    layout.paths.append(Line(((stage.x, stage.middle), (rail, stage.middle), (rail, box.middle), (left, box.middle))))
    if node.missing:
        layout.box("missing", node.missing, side, y + max(own - other, 0.0) / 2, SIDE)
        layout.paths.append(Line(((left + wide, box.middle), (side, box.middle)), arrow=False))
    return y + max(own, other) + NEAR


def _height(paragraphs: Sequence[Paragraph], room: float) -> float:
    return sum(LEADING * p.size * len(p.lines(room)) for p in paragraphs)


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is drawn, in points."""
    font = FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])
