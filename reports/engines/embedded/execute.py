"""Runs the cells and inline expressions of one page, in document order, in one kernel."""

from __future__ import annotations

import math
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.options import CellOptions, cell_options
from reports.engines.embedded.qmd import Cell, Document, Inline, Markdown
from reports.engines.isolation import isolated, python

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


@dataclass(frozen=True)
class Ran:
    """One executed part of a page with what it printed, displayed or returned."""

    part: Cell | Inline
    options: CellOptions
    outputs: tuple[Output, ...]


class _ThisInterpreter(KernelSpecManager):
    """Kernels are the interpreter that renders, whatever kernels the machine has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        module = "reports.engines.embedded.kernel" if isolated() else "ipykernel_launcher"
        argv = python("-m", module, "-f", "{connection_file}", "--log-level=CRITICAL")
        # What cells print may be patients' data: others on the machine must not be able to listen.
        metadata = {"supported_encryption": ["curve"]}
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", metadata=metadata)


def run(
    document: Document,
    defaults: CellOptions,
    cwd: Path,
    env: Mapping[str, str],
) -> list[Markdown | Ran]:
    """Execute a document."""
    seconds = page_seconds(env)
    settled = [_settle(part, defaults) for part in document.parts]
    if not any(isinstance(part, Ran) and part.options.eval for part in settled):
        return settled
    notebook = _node(nbformat=4, nbformat_minor=5, metadata={}, cells=[])
    manager = AsyncKernelManager(kernel_spec_manager=_ThisInterpreter())
    manager.transport_encryption = "auto"
    client = NotebookClient(notebook, km=manager, timeout=None, shutdown_kernel="immediate")
    done: list[Markdown | Ran] = []
    try:
        with tempfile.TemporaryDirectory(prefix="kernel-") as profile:
            # A private profile: nobody's startup files run, and nothing is written to the home directory.
            own = {**env, "IPYTHONDIR": profile}
            manager.connection_file = str(Path(profile) / "connection.json")
            until = time.monotonic() + seconds
            try:
                with client.setup_kernel(cwd=str(cwd), env=own, cleanup_kc=True):
                    for part in settled:
                        if isinstance(part, Markdown) or not part.options.eval:
                            done.append(part)
                            continue
                        client.timeout = max(1, math.ceil(until - time.monotonic()))
                        done.append(_execute(client, part, document.file, seconds))
            finally:
                if manager.has_kernel:  # the command was stopped while it was starting
                    run_sync(manager.shutdown_kernel)(now=True)
    except RuntimeError as error:
        message = "the Python kernel could not start; is ipykernel installed for this Python?"
        raise RenderError(document.file, None, message, f"{sys.executable}: {error}") from error
    return done


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


def _settle(part: Markdown | Cell | Inline, defaults: CellOptions) -> Markdown | Ran:
    if isinstance(part, Markdown):
        return part
    options = cell_options(defaults, part.options) if isinstance(part, Cell) else CellOptions()
    return Ran(part, options, ())


def _execute(client: NotebookClient, ran: Ran, file: Path, seconds: float) -> Ran:
    part = ran.part
    tags = ["raises-exception"] if ran.options.error else []
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
    return Ran(part, ran.options, tuple(_settled_output(output) for output in cell.outputs))


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
