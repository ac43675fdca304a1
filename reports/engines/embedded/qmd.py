"""Reads one .qmd file into its parts: front matter, Markdown, code cells, inline expressions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.yamltext import Yaml, read_yaml

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_EXECUTABLE = re.compile(r"^\{(?P<language>[A-Za-z]\w*)(?P<rest>[^}]*)\}\s*$")
_OPTION = re.compile(r"^#\s*\| ?(?P<yaml>.*)$")
_CODE_SPAN = re.compile(r"(?<![\\`])(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_INLINE = re.compile(r"^\{(?P<language>[A-Za-z]\w*)\}[ \t]+(?P<expression>.+)$", re.DOTALL)
_BLANK_LINES = re.compile(r"(\n[ \t]*\n)")


@dataclass(frozen=True)
class Markdown:
    """Text that goes to pandoc as it is; `line` is the line of its first character."""

    text: str
    line: int


@dataclass(frozen=True)
class Inline:
    """An expression written in a sentence as `` `{python} expression` ``."""

    expression: str
    line: int


@dataclass(frozen=True)
class Cell:
    """A ``{python}`` cell: the whole source with its option lines, which Python reads as comments."""

    source: str
    line: int
    options: Yaml

    @property
    def code(self) -> str:
        """The source without its option lines, as a reader is shown it."""
        rows = self.source.split("\n")
        while rows and _OPTION.match(rows[0]):
            rows.pop(0)
        return "\n".join(rows).strip("\n")


Part = Markdown | Inline | Cell


@dataclass(frozen=True)
class Document:
    """A parsed .qmd file; `file` is its path relative to the project."""

    file: Path
    front: Yaml
    parts: tuple[Part, ...]


def parse(text: str, file: Path) -> Document:
    """Parse the text of a .qmd file."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    front, start = _front_matter(rows, file)
    return Document(file, front, tuple(_parts(rows, start, file)))


def _front_matter(rows: list[str], file: Path) -> tuple[Yaml, int]:
    if rows[0].rstrip() != "---":
        return Yaml(file, 1, {}, {}), 0
    for end in range(1, len(rows)):
        if rows[end].rstrip() in {"---", "..."}:
            for offset, row in enumerate(rows[1:end], start=2):
                if "`{python}" in row:
                    message = "the embedded engine does not know inline code in the front matter: move it into the text"
                    raise RenderError(file, offset, message)
            return read_yaml("\n".join(rows[1:end]), file, first_line=2), end + 1
    raise RenderError(file, 1, "the front matter opened here by --- is never closed")


def _parts(rows: list[str], start: int, file: Path) -> Iterator[Part]:
    """Cut the rows from `start` into Markdown, cells and inline expressions, in order."""
    plain: list[str] = []
    plain_from = start
    index = start
    while index < len(rows):
        fence = _FENCE.match(rows[index])
        if fence is None or ("`" in fence["fence"] and "`" in fence["info"]):
            plain.append(rows[index])
            index += 1
            continue
        end = _closing(rows, index, fence["fence"])
        cell = _executable(fence["info"].strip(), fence["indent"], file, index + 1)
        yield from _inlines("\n".join([*plain, ""]) if plain else "", plain_from + 1, file)
        if cell:
            if end is None:
                raise RenderError(file, index + 1, "the code cell opened here is never closed")
            yield _cell(rows[index + 1 : end], index + 1, file)
        else:
            last = len(rows) if end is None else end + 1
            yield Markdown("\n".join(rows[index:last]) + "\n", index + 1)
        index = len(rows) if end is None else end + 1
        plain, plain_from = [], index
    yield from _inlines("\n".join(plain), plain_from + 1, file)


def _closing(rows: list[str], opening: int, fence: str) -> int | None:
    """Index of the row that closes the fence opened at `opening`, or None."""
    closing = re.compile(rf"^[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    return next((i for i in range(opening + 1, len(rows)) if closing.match(rows[i])), None)


def _executable(info: str, indent: str, file: Path, line: int) -> bool:
    """Whether a fence opens a Python cell; refuse what would run elsewhere but not here."""
    if info.startswith("{{"):
        raise RenderError(file, line, "the embedded engine does not know escaped cells ({{…}}); remove it")
    match = _EXECUTABLE.match(info)
    if match is None:
        return False
    if match["language"] != "python":
        message = f"the embedded engine runs Python cells only, not {{{match['language']}}}"
        raise RenderError(file, line, f"{message}; remove it or render with Quarto")
    if match["rest"].strip():
        raise RenderError(file, line, "write cell options as “#| name: value” lines inside the cell")
    if indent:
        raise RenderError(file, line, "an indented code cell is not known here: begin it at the margin")
    return True


def _cell(source: list[str], line: int, file: Path) -> Cell:
    options: list[str] = []
    for row in source:
        match = _OPTION.match(row)
        if match is None:
            break
        options.append(match["yaml"])
    return Cell("\n".join(source), line, read_yaml("\n".join(options), file, first_line=line + 1))


def _inlines(text: str, line: int, file: Path) -> Iterator[Markdown | Inline]:
    """Cut prose at its inline expressions; other code spans are prose."""
    pending, pending_line = "", line
    for paragraph in _BLANK_LINES.split(text):
        done = 0
        for span in _CODE_SPAN.finditer(paragraph):
            match = _INLINE.match(span["code"]) if len(span["ticks"]) == 1 else None
            if match is None:
                continue
            here = line + paragraph.count("\n", 0, span.start())
            pending += paragraph[done : span.start()]
            if pending:
                yield Markdown(pending, pending_line)
            yield _inline(match, file, here)
            done = span.end()
            pending, pending_line = "", line + paragraph.count("\n", 0, done)
        pending += paragraph[done:]
        line += paragraph.count("\n")
    if pending:
        yield Markdown(pending, pending_line)


def _inline(match: re.Match[str], file: Path, line: int) -> Inline:
    if match["language"] != "python":
        message = f"the embedded engine runs inline Python only, not {{{match['language']}}}"
        raise RenderError(file, line, f"{message}; remove it or render with Quarto")
    expression = " ".join(match["expression"].split("\n")).strip()
    try:
        ast.parse(expression, mode="eval")
    except SyntaxError as error:
        message = f"“{expression}” is not a Python expression: {error.msg}"
        raise RenderError(file, line, message) from error
    return Inline(expression, line)
