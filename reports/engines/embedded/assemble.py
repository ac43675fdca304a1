"""Turns an executed page into the Markdown pandoc reads, and keeps where each piece came from."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import Output, Ran
from reports.engines.embedded.options import CellOptions
from reports.engines.embedded.qmd import Cell, Inline, Markdown
from reports.words.markdown import raw_html

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~^$@\"'])")
_IMAGES = ("image/svg+xml", "image/png", "image/jpeg")


@dataclass(frozen=True)
class Piece:
    """A stretch of Markdown and the line it comes from.

    When `own` is true the text is the author's and its lines are the file's lines from `line` on;
    otherwise a cell wrote it, and the whole of it comes from `line`.
    """

    text: str
    line: int
    own: bool


def assemble(parts: Sequence[Markdown | Ran], file: Path) -> tuple[Piece, ...]:
    """Markdown of a page, in order; the pieces' texts joined are what pandoc reads."""
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, Markdown):
            pieces.append(Piece(part.text, part.line, own=True))
        elif isinstance(part.part, Inline):
            pieces.append(Piece(_inline(part.part, part.outputs, file), part.part.line, own=False))
        else:
            shown = "\n\n".join(_cell(part.part, part.options, part.outputs, file))
            pieces.append(Piece(f"\n{shown}\n\n" if shown else "\n", part.part.line, own=False))
    return tuple(pieces)


def plain(text: str) -> str:
    """Escape `text` so that pandoc's Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def line_of(pieces: Sequence[Piece], needle: str) -> int | None:
    """Line of the page's source where `needle` first stands, or the line of the cell that wrote it."""
    for piece in pieces:
        at = piece.text.find(needle)
        if at >= 0:
            return piece.line + (piece.text.count("\n", 0, at) if piece.own else 0)
    return None


def line_at(pieces: Sequence[Piece], row: int) -> int | None:
    """Line of the page's source for a one-based `row` of the joined Markdown."""
    before = 0
    for piece in pieces:
        rows = piece.text.count("\n")
        if row <= before + rows:
            return piece.line + (row - 1 - before if piece.own else 0)
        before += rows
    return None


def _inline(inline: Inline, outputs: Sequence[Output], file: Path) -> str:
    """Return the value of an expression: Markdown objects as they are, anything else as plain text."""
    data = next((output["data"] for output in outputs if output["output_type"] == "execute_result"), None)
    if data is None:
        message = f"the inline expression “{inline.expression}” has no value to show (it is None)"
        raise RenderError(file, inline.line, message)
    if "text/markdown" in data:
        return str(data["text/markdown"])
    if "text/html" in data:
        return f"`{data['text/html']}`{{=html}}"
    return plain(_unquoted(data["text/plain"]))


def _unquoted(plain: str) -> str:
    """Undo the quotes Python puts around the display of a str."""
    try:
        value = ast.literal_eval(plain)
    except (ValueError, SyntaxError):
        return plain
    return value if isinstance(value, str) else plain


def _cell(cell: Cell, options: CellOptions, outputs: Sequence[Output], file: Path) -> Iterator[str]:
    if not options.include:
        return
    if options.echo:
        yield from _code(cell, options)
    if options.output is False:
        return
    shown = [
        text
        for output in outputs
        if (options.warning or output.get("name") != "stderr") and (text := _output(output, options, cell.line, file))
    ]
    caption = options.fig_cap or options.tbl_cap
    if shown and options.label.startswith(("fig-", "tbl-")):
        shown = [f"::: {{#{options.label}}}", *shown, *([caption] if caption else []), ":::"]
    yield from shown


def _code(cell: Cell, options: CellOptions) -> Iterator[str]:
    block = _fenced(cell.code, ".python .cell-code")
    if options.code_fold is False:
        yield block
        return
    state = " open" if options.code_fold == "show" else ""
    yield raw_html(f'<details class="code-fold"{state}><summary>{escape(options.code_summary)}</summary>')
    yield block
    yield raw_html("</details>")


def _output(output: Output, options: CellOptions, line: int, file: Path) -> str:
    kind = output["output_type"]
    if kind == "stream":
        if options.output == "asis" and output["name"] == "stdout":
            return str(output["text"]).strip("\n")
        return _fenced(output["text"], f".cell-output .{output['name']}")
    if kind == "error":
        return _fenced(f"{output['ename']}: {output['evalue']}", ".cell-output .error")
    data = output["data"]
    if "text/markdown" in data:
        return str(data["text/markdown"])
    for mime in _IMAGES:
        if mime in data:
            return _image(mime, data[mime], options)
    if "text/html" in data:
        return raw_html(data["text/html"])
    if "text/plain" in data:
        return _fenced(data["text/plain"], ".cell-output")
    message = f"this cell displays {', '.join(sorted(data))}, which the embedded engine cannot show"
    raise RenderError(file, line, message)


def _image(mime: str, content: str, options: CellOptions) -> str:
    """Embed a displayed picture where it stands; SVG arrives as text, the others in base64."""
    encoded = base64.b64encode(content.encode()).decode() if mime == "image/svg+xml" else content
    alt = options.fig_alt.replace("\\", "\\\\").replace('"', '\\"')
    attributes = f'{{fig-alt="{alt}"}}' if alt else ""
    return f"![](data:{mime};base64,{''.join(encoded.split())}){attributes}"


def _fenced(text: str, attributes: str) -> str:
    ticks = "`" * (max([2, *(len(run) for run in re.findall(r"`+", text))]) + 1)
    return f"{ticks} {{{attributes}}}\n{text.rstrip()}\n{ticks}"
