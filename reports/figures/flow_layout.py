"""Where the boxes and arrows of a flow of subjects stand: stages below each other, those lost at the right, sets last.

All lengths are points from the top left corner. Stages and sets stand in the middle column, each connected with the one
it comes from; the sets of a stage hang on a line at the left, those of later stages first, so that no two lines cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from reports.figures.flow_text import Paragraph, TextLine, height, set_lines

WIDTH: Final = 418.0
"""Width of the picture: 5.8 inches."""
MARGIN: Final = 5.0
SIDE: Final = 166.0
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

Kind = Literal["stage", "set", "missing"]


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


@dataclass(frozen=True)
class Path:
    """A line through points; with an arrow at its end, or without."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = True


@dataclass
class Layout:
    """Boxes and lines with the height of the picture."""

    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    height: float = 0.0


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
            y = _missing(layout, node, placed[-1], side)
        box = _box("stage", node.words, left, y, wide)
        if placed:
            layout.paths.append(Path(((_axis(box), placed[-1].bottom), (_axis(box), box.y))))
        placed.append(box)
        layout.boxes.append(box)
        y = box.bottom + STEP
    for turn, stage in enumerate(of_stages):
        rail = left - TRUNK * (turn + 1) + TRUNK / 2
        for node in (s for s in sets if s.among == stage):
            y = _set(layout, node, placed[stage], (rail, left, wide, side), y)
    layout.height = max(b.bottom for b in layout.boxes) + MARGIN
    return layout


def _missing(layout: Layout, node: Node, before: Box, side: float) -> float:
    """Place who was lost on the way to a stage; return where the stage begins."""
    if not node.missing:
        return before.bottom + STEP
    box = _box("missing", node.missing, side, before.bottom + NEAR, SIDE)
    layout.boxes.append(box)
    layout.paths.append(Path(((_axis(before), box.middle), (box.x, box.middle))))
    return box.bottom + NEAR


def _set(layout: Layout, node: SetNode, stage: Box, columns: tuple[float, float, float, float], y: float) -> float:
    """Place a set and who is left out of it, half way down beside each other; return where the next one begins."""
    rail, left, wide, side = columns
    own = height(node.words, wide - 2 * PAD) + 2 * PAD
    other = height(node.missing, SIDE - 2 * PAD) + 2 * PAD if node.missing else 0.0
    box = _box("set", node.words, left, y + max(other - own, 0.0) / 2, wide)
    layout.boxes.append(box)
    layout.paths.append(Path(((stage.x, stage.middle), (rail, stage.middle), (rail, box.middle), (left, box.middle))))
    if node.missing:
        missing = _box("missing", node.missing, side, y + max(own - other, 0.0) / 2, SIDE)
        layout.boxes.append(missing)
        layout.paths.append(Path(((left + wide, box.middle), (side, box.middle)), arrow=False))
    return y + max(own, other) + NEAR


def _axis(box: Box) -> float:
    return box.x + box.width / 2


def _box(kind: Kind, words: tuple[Paragraph, ...], x: float, y: float, wide: float) -> Box:
    room = wide - 2 * PAD
    return Box(kind, x, y, wide, height(words, room) + 2 * PAD, set_lines(words, x + PAD, y + PAD, room))
