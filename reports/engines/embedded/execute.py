"""Runs the cells and inline expressions of one page, and puts what they print in their place.

What comes of it is the Markdown that pandoc reads, in pieces that know where they come from.
"""

from __future__ import annotations

import ast
import base64
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any, Final

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.options import CellOptions, PageOptions, cell_options
from reports.engines.embedded.qmd import Cell, Document, Inline, Markdown
from reports.engines.embedded.shell import CellError, Cells, Files, Output
from reports.engines.workers import At
from reports.words.markdown import raw_html

LIMIT: Final = "SAP_PAGE_SECONDS"
"""Environment variable: how many seconds the cells of one page may take."""
_USUAL_LIMIT: Final = 600.0
TOO_LONG: Final = f"{LIMIT} sets another limit (a clock that is not the true one can keep a page from ending)"

_CELL_LINE = re.compile(r"(?:Cell In\[\d+\], line|<ipython-input[^>]*>, line|, line) (\d+)")
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
    own: bool = False


@dataclass(frozen=True)
class Executed:
    """A page whose cells were run, before it has a format."""

    page: PurePosixPath
    """The .qmd, relative to the project."""
    pieces: tuple[Piece, ...]
    """Its Markdown, with what the cells printed."""
    metadata: Mapping[str, Any]
    """Its title block and its neighbours, as the template of pages wants them."""
    options: PageOptions
    """Layout and bibliography."""
    folder: Path
    """Folder its pictures are relative to."""

    @property
    def file(self) -> Path:
        """The .qmd, named in errors."""
        return Path(self.page)


def execute(
    document: Document, defaults: CellOptions, cwd: Path, env: Mapping[str, str], at: At
) -> tuple[tuple[Piece, ...], Files]:
    """Return the Markdown of a page, in order, and the files its cells read and wrote.

    The pieces' texts joined are what pandoc reads. The cells run in this process, which is the page's own from then on.
    """
    settled = [(part, _options(part, defaults)) for part in document.parts]
    if all(isinstance(part, Markdown) or not options.eval for part, options in settled):
        return tuple(_piece(part, options, (), document.file) for part, options in settled), Files()
    cells = Cells(cwd, env)
    try:
        pieces = tuple(_piece(p, o, _ran(cells, p, o, document.file, at), document.file) for p, o in settled)
        seen = replace(cells.files, read=set(cells.files.read), written=set(cells.files.written))  # by the cells alone
    finally:
        cells.close()
    return pieces, seen


def page_seconds(env: Mapping[str, str]) -> float:
    """Return how long the cells of one page may take."""
    told = env.get(LIMIT) or _USUAL_LIMIT
    try:
        seconds = float(told)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RenderError(
            None, None, f"{LIMIT}={told} is not a number of seconds; write it as {LIMIT}={_USUAL_LIMIT:.0f}"
        )
    return seconds


def _options(part: Markdown | Cell | Inline, defaults: CellOptions) -> CellOptions:
    return cell_options(defaults, part.options) if isinstance(part, Cell) else CellOptions()


def _ran(cells: Cells, part: Markdown | Cell | Inline, options: CellOptions, file: Path, at: At) -> Sequence[Output]:
    """Run one cell or expression; what it raises is an error unless the page expects one."""
    if isinstance(part, Markdown) or not options.eval:
        return ()
    at(part.line)
    ran = cells.run(part.source if isinstance(part, Cell) else part.expression)
    if ran.error is not None and not options.error:
        raise _cell_error(part, file, ran.error)
    return ran.outputs


def _cell_error(part: Cell | Inline, file: Path, error: CellError) -> RenderError:
    line = part.line
    if isinstance(part, Cell):
        within = _CELL_LINE.search(error.trace)
        # The first line of the source is the one below the cell's opening fence.
        line = part.line + int(within[1]) if within else part.line
    what = "this cell" if isinstance(part, Cell) else f"the inline expression “{part.expression}”"
    return RenderError(file, line, f"{what} raised {error.name}: {error.value}", error.trace.strip())


def too_late(file: Path, seconds: float, line: int | None) -> RenderError:
    """Return what is said of a page whose cells took too long."""
    message = f"this page did not end within {seconds:g} seconds, and was stopped in this cell"
    return RenderError(file, line, f"{message}; {TOO_LONG}")


def died(file: Path, line: int | None) -> RenderError:
    """Return what is said of a page whose process is no more."""
    if line is None:
        return RenderError(file, None, "the Python kernel of this page could not start, or was ended from outside")
    message = "the Python kernel died while running this cell (out of memory, or it ended itself)"
    return RenderError(file, line, message)


def _piece(part: Markdown | Cell | Inline, options: CellOptions, outputs: Sequence[Output], file: Path) -> Piece:
    match part:
        case Markdown():
            return Piece(part.text, part.line, own=True)
        case Inline():
            return Piece(_inline(part, outputs, file), part.line)
        case Cell():
            shown = "\n\n".join(_cell(part, options, outputs, file))
            return Piece(f"\n{shown}\n\n" if shown else "\n", part.line)


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
