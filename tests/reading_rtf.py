"""A small reader of RTF: enough to read back what the reports write."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\\u(?P<code>-?\d+)[?*]|\\(?P<word>[a-z]+)(?:-?\d+)? ?|\\(?P<symbol>[^a-z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_SKIPPED = frozenset({"fonttbl", "colortbl", "pict", "fldinst", "stylesheet", "info"})


@dataclass
class Page:
    """A page: paragraphs above and below its table, and the rows of the table."""

    paragraphs: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Rtf:
    header: str = ""
    footer: str = ""
    pages: list[Page] = field(default_factory=lambda: [Page()])
    pictures: int = 0

    @property
    def text(self) -> str:
        parts = [self.header, self.footer]
        for page in self.pages:
            parts += [*page.paragraphs, *(cell for row in page.rows for cell in row)]
        return "\n".join(parts)


def read_rtf(content: str) -> Rtf:
    """Read a file; a byte that is not ASCII, or a group that is left open, is a fault."""
    content.encode("ascii")
    reader = _Reader()
    for match in _TOKEN.finditer(content):
        if match.lastgroup:
            getattr(reader, f"read_{match.lastgroup}")(match[match.lastgroup])
    assert not reader.stack, "a group is open"
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Rtf()
        self.words: list[str] = []
        self.row: list[str] = []
        self.stack: list[tuple[bool, str]] = []
        self.skipped, self.place = False, ""

    def said(self) -> str:
        text = "".join(self.words).encode("utf-16", "surrogatepass").decode("utf-16").strip()
        self.words = []
        return text

    def read_code(self, code: str) -> None:
        self.words += [] if self.skipped else [chr(int(code) % 65536)]

    def read_text(self, text: str) -> None:
        self.words += [] if self.skipped else [text]

    def read_symbol(self, symbol: str) -> None:
        shown = {"_": "-"}.get(symbol, symbol if symbol in "\\{}" else "")  # \_ is a hyphen that does not break
        self.words += [shown] if shown and not self.skipped else []

    def read_brace(self, brace: str) -> None:
        if brace == "{":
            self.stack.append((self.skipped, self.place))
            return
        before = self.place
        self.skipped, self.place = self.stack.pop()
        if before != self.place:
            setattr(self.found, before, self.said())

    def read_word(self, word: str) -> None:
        self.found.pictures += word == "pict"
        self.skipped = self.skipped or word in _SKIPPED
        if not self.skipped:
            getattr(self, f"_{word}", lambda: None)()

    def _header(self) -> None:
        self.place = "header"

    def _footer(self) -> None:
        self.place = "footer"

    def _line(self) -> None:
        self.words.append("\n")

    def _chpgn(self) -> None:
        self.words.append("#")

    def _cell(self) -> None:
        self.row.append(self.said())

    def _row(self) -> None:
        self.found.pages[-1].rows.append(self.row)
        self.row = []

    def _par(self) -> None:
        if not self.place:
            said = self.said()
            self.found.pages[-1].paragraphs += [said] if said else []

    def _page(self) -> None:
        self.found.pages.append(Page())
