"""Runs the cells and inline expressions of one page, in one kernel, and puts what they print in their place.

What comes of it is the Markdown that pandoc reads, in pieces that know where they come from.
"""

from __future__ import annotations

import ast
import base64
import math
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any, Final

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.options import CellOptions, PageOptions, cell_options
from reports.engines.embedded.qmd import Cell, Document, Inline, Markdown
from reports.engines.isolation import isolated, python
from reports.words.markdown import raw_html

Output = Mapping[str, Any]

LIMIT: Final = "SAP_PAGE_SECONDS"
"""Environment variable: how many seconds the cells of one page may take."""
_USUAL_LIMIT: Final = 600.0
TOO_LONG: Final = f"{LIMIT} sets another limit (a clock that is not the true one can keep a page from ending)"

# nbformat's constructors carry no types.
_node: Callable[..., Any] = NotebookNode

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_LINE = re.compile(r"(?:Cell In\[\d+\], line|<ipython-input[^>]*>, line|, line) (\d+)")
# A traceback or warning names a temporary file of the kernel, another one at each run.
_KERNEL_FILE = re.compile(r"\S*ipykernel_\d+\S*\.py")
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


class _ThisInterpreter(KernelSpecManager):
    """Kernels are the interpreter that renders, whatever kernels the machine has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        module = "reports.engines.embedded.kernel" if isolated() else "ipykernel_launcher"
        argv = python("-m", module, "-f", "{connection_file}", "--log-level=CRITICAL")
        # What cells print may be patients' data: others on the machine must not be able to listen.
        metadata = {"supported_encryption": ["curve"]}
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", metadata=metadata)


def execute(document: Document, defaults: CellOptions, cwd: Path, env: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return the Markdown of a page, in order; the pieces' texts joined are what pandoc reads."""
    seconds = page_seconds(env)
    settled = [(part, _options(part, defaults)) for part in document.parts]
    if all(isinstance(part, Markdown) or not options.eval for part, options in settled):
        return tuple(_piece(part, options, (), document.file) for part, options in settled)
    notebook = _node(nbformat=4, nbformat_minor=5, metadata={}, cells=[])
    manager = AsyncKernelManager(kernel_spec_manager=_ThisInterpreter())
    manager.transport_encryption = "auto"
    client = NotebookClient(notebook, km=manager, timeout=None, shutdown_kernel="immediate")
    ran: list[Sequence[Output]] = []
    try:
        with tempfile.TemporaryDirectory(prefix="kernel-") as profile:
            # A private profile: nobody's startup files run, and nothing is written to the home directory.
            own = {**env, "IPYTHONDIR": profile}
            manager.connection_file = str(Path(profile) / "connection.json")
            until = time.monotonic() + seconds
            try:
                with client.setup_kernel(cwd=str(cwd), env=own, cleanup_kc=True):
                    for part, options in settled:
                        if isinstance(part, Markdown) or not options.eval:
                            ran.append(())
                            continue
                        client.timeout = max(1, math.ceil(until - time.monotonic()))
                        ran.append(_run(client, part, options, document.file, seconds))
            finally:
                if manager.has_kernel:  # the command was stopped while it was starting
                    run_sync(manager.shutdown_kernel)(now=True)
    except RuntimeError as error:
        message = "the Python kernel could not start; is ipykernel installed for this Python?"
        raise RenderError(document.file, None, message, f"{sys.executable}: {error}") from error
    return tuple(_piece(part, options, out, document.file) for (part, options), out in zip(settled, ran, strict=True))


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


def _run(client: NotebookClient, part: Cell | Inline, options: CellOptions, file: Path, seconds: float) -> list[Output]:
    tags = ["raises-exception"] if options.error else []
    cell = _node(
        cell_type="code",
        id=f"part-{len(client.nb.cells)}",
        source=part.source if isinstance(part, Cell) else part.expression,
        metadata=_node(tags=tags),
        execution_count=None,
        outputs=[],
    )
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    except CellExecutionError as error:
        raise _cell_error(part, file, error) from error
    except CellTimeoutError as error:
        message = f"this page did not end within {seconds:g} seconds, and was stopped in this cell"
        raise RenderError(file, part.line, f"{message}; {TOO_LONG}") from error
    except DeadKernelError as error:
        message = "the Python kernel died while running this cell (out of memory, or it ended itself)"
        raise RenderError(file, part.line, message) from error
    return [_settled_output(output) for output in cell.outputs]


def _settled_output(output: Output) -> Output:
    """Remove what differs from run to run: the names of the kernel's temporary files."""
    if output["output_type"] == "stream":
        return {**output, "text": _KERNEL_FILE.sub("<cell>", output["text"])}
    return output


def _cell_error(part: Cell | Inline, file: Path, error: CellExecutionError) -> RenderError:
    trace = _KERNEL_FILE.sub("<cell>", _ANSI.sub("", error.traceback))
    line = part.line
    if isinstance(part, Cell):
        within = _CELL_LINE.search(trace)
        # The first line of the source is the one below the cell's opening fence.
        line = part.line + int(within[1]) if within else part.line
    what = "this cell" if isinstance(part, Cell) else f"the inline expression “{part.expression}”"
    value = _ANSI.sub("", error.evalue)
    return RenderError(file, line, f"{what} raised {error.ename}: {value}", trace.strip())


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
