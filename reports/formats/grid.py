"""A table as a page shows it, read back from its HTML: what a file beside the page shows is what the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

SUPERSCRIPT: Final = "sup"
DIGIT: Final = "\u2007"
"""Room for a digit."""
_TABLE_PARTS: Final = frozenset({"thead", "tbody", "tfoot"})
_UNSEEN: Final = frozenset({"style", "script", "button", "input", "select", "label"})
_SET_IN: Final = re.compile(r"below(?:-(?P<levels>\d))?|digits-(?P<digits>\d)")
_BELOW: Final = 2
"""Digits a line is set in for each level it stands below its heading."""
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True)
class Mark:
    """A stretch of text; `raised` when it is a superscript."""

    text: str
    raised: bool = False
    bold: bool = False


@dataclass(frozen=True)
class GridCell:
    """A cell: its text in stretches, lines parted by line feeds, and how many columns it takes."""

    marks: tuple[Mark, ...]
    span: int = 1

    @property
    def text(self) -> str:
        """The words, marks of footnotes included."""
        return "".join(mark.text for mark in self.marks)


@dataclass(frozen=True)
class Grid:
    """A table: rows of its head, rows of its body, and the notes below it."""

    heads: tuple[tuple[GridCell, ...], ...]
    rows: tuple[tuple[GridCell, ...], ...]
    notes: tuple[GridCell, ...]

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return max((sum(cell.span for cell in row) for row in (*self.heads, *self.rows)), default=0)


def grid(html: str) -> Grid:
    """Read a table."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    notes = (cell for row in reader.parts["tfoot"] for cell in row)
    return Grid(tuple(reader.parts["thead"]), tuple(reader.parts["tbody"]), (*notes, *reader.notes))


@dataclass
class _Reader(HTMLParser):
    parts: dict[str, list[tuple[GridCell, ...]]] = field(default_factory=lambda: {p: [] for p in _TABLE_PARTS})
    notes: list[GridCell] = field(default_factory=list)
    _part: str = "tbody"
    _row: list[GridCell] | None = None
    _marks: list[Mark] | None = None
    _span: int = 1
    _raised: bool = False
    _bold: bool = False
    _unseen: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a part, a row, a cell, a note."""
        if tag in _TABLE_PARTS:
            self._part = tag
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._marks, self._span = [], int(dict(attrs).get("colspan") or 1)
        elif tag == "p" and self._row is None:
            self._marks, self._span = [], 1
        elif tag == SUPERSCRIPT:
            self._raised = True
        elif tag == "strong":
            self._bold = True
        elif tag == "span" and (inset := _SET_IN.fullmatch(dict(attrs).get("class") or "")):
            self._say(DIGIT * int(inset["digits"] or _BELOW * int(inset["levels"] or 1)))
        elif tag == "br":
            self._say("\n")
        elif tag in _UNSEEN and tag != "input":
            self._unseen += 1

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in {"td", "th"} and self._row is not None and self._marks is not None:
            self._row.append(GridCell(_tidy(self._marks), self._span))
            self._marks = None
        elif tag == "tr" and self._row is not None:
            if self._row:
                self.parts[self._part].append(tuple(self._row))
            self._row = None
        elif tag == "p" and self._row is None and self._marks is not None:
            self.notes.append(GridCell(_tidy(self._marks)))
            self._marks = None
        elif tag == SUPERSCRIPT:
            self._raised = False
        elif tag == "strong":
            self._bold = False
        elif tag in _UNSEEN and tag != "input":
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        """Collect the words of a cell or a note."""
        if not self._unseen:
            self._say(_BLANKS.sub(" ", data))

    def _say(self, text: str) -> None:
        if self._marks is not None:
            self._marks.append(Mark(text, self._raised, self._bold))


def _tidy(marks: list[Mark]) -> tuple[Mark, ...]:
    """Join neighbours of one kind, and take blanks away where a line begins or ends."""
    joined: list[Mark] = []
    for mark in marks:
        if joined and (joined[-1].raised, joined[-1].bold) == (mark.raised, mark.bold):
            joined[-1] = replace(joined[-1], text=joined[-1].text + mark.text)
        else:
            joined.append(mark)
    cut = [replace(mark, text=re.sub(r" *\n *", "\n", mark.text)) for mark in joined]
    if cut:
        cut[0] = replace(cut[0], text=cut[0].text.lstrip(" \n"))
        cut[-1] = replace(cut[-1], text=cut[-1].text.rstrip(" \n"))
    return tuple(mark for mark in cut if mark.text)
