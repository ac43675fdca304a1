"""Text that fits a width: words measured as they will be drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FAMILY: Final = "DejaVu Sans"
LEADING: Final = 1.3
"""Height of a line, as a share of the size of its text."""
_ROOF: Final = 0.95
"""Where the baseline stands below the top of a line, as a share of the size."""


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


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is drawn, in points."""
    font = FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def wrapped(paragraph: Paragraph, room: float) -> tuple[str, ...]:
    """Return the lines of a paragraph that fit; a word longer than a line is broken where the line ends."""
    lines = [""]
    for word in _words(paragraph, room - paragraph.indent - paragraph.hanging):
        longer = f"{lines[-1]} {word}".strip()
        if _fits(longer, paragraph, room - (paragraph.hanging if len(lines) > 1 else 0.0)):
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def set_lines(paragraphs: tuple[Paragraph, ...], x: float, y: float, room: float) -> tuple[TextLine, ...]:
    """Return paragraphs as lines below each other, the first below `y`; `room` is what a line may take, in points."""
    lines = []
    for paragraph in paragraphs:
        for i, text in enumerate(wrapped(paragraph, room)):
            base, left = y + _ROOF * paragraph.size, x + paragraph.indent + (paragraph.hanging if i else 0.0)
            lines.append(TextLine(text, left, base, paragraph.size, paragraph.bold))
            y += LEADING * paragraph.size
    return tuple(lines)


def height(paragraphs: tuple[Paragraph, ...], room: float) -> float:
    """Return how high paragraphs stand, in points."""
    return sum(LEADING * p.size * len(wrapped(p, room)) for p in paragraphs)


def _fits(text: str, paragraph: Paragraph, room: float) -> bool:
    return width(text, paragraph.size, bold=paragraph.bold) <= room - paragraph.indent


def _words(paragraph: Paragraph, room: float) -> Iterator[str]:
    for word in filter(None, paragraph.text.split(" ")):
        rest = word
        while width(rest, paragraph.size, bold=paragraph.bold) > room and len(rest) > 1:
            cut = next(
                n for n in range(len(rest) - 1, 0, -1)
                if n == 1 or width(rest[:n], paragraph.size, bold=paragraph.bold) <= room
            )  # fmt: skip
            yield rest[:cut]
            rest = rest[cut:]
        yield rest
